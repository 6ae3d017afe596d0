"""The courses to complete first, as the student sees them."""

import pytest
from django.contrib.auth.models import AnonymousUser

from access.standings import standing_of
from catalog.models import Course
from progress.prerequisites import beforehand
from tests import factories as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def link():
    return make.PrerequisiteFactory(required__title="Before", required__lesson_count=4)


def ask_for_80(link, quizzes):
    Course.objects.filter(pk=link.course_id).update(required_quiz_score=80)
    Course.objects.filter(pk=link.required_id).update(required_quiz_count=quizzes)
    link.refresh_from_db()


def seen(user, link):
    return beforehand(standing_of(user, link.course))[0]


def test_a_course_not_begun(student, link):
    line = seen(student, link)

    assert (line.title, line.done, line.total, line.is_met) == ("Before", 0, 4, False)
    assert line.url == link.required.get_absolute_url()


def test_a_course_begun_goes_on_where_one_was(student, link):
    make.CourseProgressFactory(user=student, course=link.required, completed_lessons=3)

    line = seen(student, link)

    assert (line.done, line.url) == (3, f"/courses/{link.required.slug}/continue/")


def test_a_completed_course_is_met(student, link):
    make.CourseEnrollmentFactory(user=student, course=link.required, completed_at=make.NOW)

    assert seen(student, link).is_met


def test_somebody_elses_completion_counts_for_nobody_else(student, stranger, link):
    make.CourseEnrollmentFactory(user=stranger, course=link.required, completed_at=make.NOW)

    assert not seen(student, link).is_met


def test_a_course_without_lessons_is_met(student):
    assert seen(student, make.PrerequisiteFactory()).is_met


@pytest.mark.parametrize(("score", "is_met"), [(None, False), (79, False), (80, True)])
def test_a_score_that_is_asked_for_must_be_reached(student, link, score, is_met):
    ask_for_80(link, quizzes=2)
    make.CourseEnrollmentFactory(user=student, course=link.required, completed_at=make.NOW, lowest_quiz_score=score)

    line = seen(student, link)

    assert (line.is_met, line.score, line.score_needed) == (is_met, score or 0, 80)
    assert standing_of(student, link.course).missing == (0 if is_met else 1)


def test_no_score_is_asked_where_no_quiz_is_required(student, link):
    ask_for_80(link, quizzes=0)
    make.CourseEnrollmentFactory(user=student, course=link.required, completed_at=make.NOW)

    assert (seen(student, link).is_met, standing_of(student, link.course).missing) == (True, 0)


def test_a_course_completed_but_for_its_score_says_so(student, link):
    ask_for_80(link, quizzes=1)
    make.CourseEnrollmentFactory(user=student, course=link.required, completed_at=make.NOW, lowest_quiz_score=50)
    make.CourseProgressFactory(user=student, course=link.required, completed_lessons=4)

    assert seen(student, link).lacks_score


@pytest.mark.parametrize("fields", [{"status": "draft"}, {"visibility": "private"}])
def test_a_course_one_may_not_know_of_keeps_its_name(student, fields):
    link = make.PrerequisiteFactory(required__lesson_count=1, **{f"required__{k}": v for k, v in fields.items()})

    line = seen(student, link)

    assert (line.title, line.url) == ("A course that is not open to you yet", "")


def test_a_visitor_sees_the_names(link):
    line = seen(AnonymousUser(), link)

    assert (line.title, line.done, line.is_met) == ("Before", 0, False)
