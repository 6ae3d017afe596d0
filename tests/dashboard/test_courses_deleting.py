"""On the way to the trash: what stays is said, a name is typed where students would lose something, Undo is at hand."""

import pytest

from catalog.models import Course
from catalog.trash import trash_course
from tests import factories as make
from tests.dashboard.undo import press_undo, told
from tests.factories import NOW

pytestmark = pytest.mark.django_db
DELETE = "/dashboard/courses/bread/delete/"


@pytest.fixture
def course():
    return make.CourseFactory(title="Bread", slug="bread")


def test_a_course_without_students_needs_one_press(owner_client, course):
    page = owner_client.get(DELETE)
    answer = owner_client.post(DELETE)

    assert ("No student takes it." in page.text, page.context["form"]) == (True, None)
    assert (answer.url, Course.objects.get().trashed_at is None) == ("/dashboard/courses/", False)


def test_undo_brings_it_back(owner_client, course):
    owner_client.post(DELETE)

    press_undo(owner_client)

    assert (Course.objects.get().status, told(owner_client)) == ("active", ["Bread is back."])


def test_undo_says_that_it_is_gone_for_good(owner_client, course):
    owner_client.post(DELETE)
    Course.objects.all().delete()

    press_undo(owner_client)

    assert told(owner_client) == ["It was deleted for good."]


def test_a_course_with_students_says_what_stays(owner_client, course):
    make.CourseEnrollmentFactory(course=course)
    make.CourseEnrollmentFactory(course=course, completed_at=NOW)
    make.PrerequisiteFactory(required=course, course__title="Camera")
    make.BundleCourseFactory(course=course, bundle__name="Starter")
    make.PathStepFactory(course=course, path__title="On air")
    make.CohortFactory(name="March").courses.add(course)

    text = owner_client.get(DELETE).text

    assert "2 students take it; 1 completed it." in text
    assert "“Camera” asks for it first" in text
    groups = ["the bundle “Starter”", "the learning path “On air”", "the cohort “March”"]
    assert [name for name in groups if f"It is part of {name}" in text] == groups


def test_who_holds_access_counts_too(owner_client, course):
    make.CourseAccessFactory(course=course)

    assert "1 student holds access to it." in owner_client.get(DELETE).text


@pytest.mark.parametrize("typed", ["", "Bred", "Bread and more", "a\0", "x" * 10_000])
def test_a_course_with_students_needs_its_name_typed(owner_client, course, typed):
    make.CourseEnrollmentFactory(course=course)

    answer = owner_client.post(DELETE, {"typed": typed})

    assert (answer.status_code, list(answer.context["form"].errors)) == (422, ["typed"])
    assert Course.objects.get().trashed_at is None


def test_a_name_is_text_and_no_markup(owner_client, course):
    Course.objects.update(title="<b>Bread</b>")
    make.CourseEnrollmentFactory(course=course)

    answers = [owner_client.get(DELETE), owner_client.post(DELETE, {"typed": "<b>x"})]

    assert ["<b>Bread" in answer.text for answer in answers] == [False, False]


@pytest.mark.parametrize("typed", ["Bread", " bread "])
def test_a_name_that_was_typed_will_do(owner_client, course, typed):
    make.CourseEnrollmentFactory(course=course)

    owner_client.post(DELETE, {"typed": typed})

    assert Course.objects.get().trashed_at is not None


def test_a_course_that_is_in_the_trash_cannot_go_there_again(owner_client, staff, course):
    trash_course(course=course, actor=staff, now=NOW)

    assert owner_client.get(DELETE).status_code == 404
