"""The page that resets a student's progress in one course."""

import pytest

from progress.models import LessonProgress
from tests import factories as make
from tests.dashboard.posting import address, errors, told
from tests.factories import NOW

pytestmark = pytest.mark.django_db


@pytest.fixture
def lesson(student):
    lesson = make.LessonFactory(course__title="Camera", course__slug="camera", is_published=True)
    make.CourseEnrollmentFactory(user=student, course=lesson.course)
    return lesson


@pytest.fixture
def progress(student, lesson):
    make.CourseProgressFactory(user=student, course=lesson.course, completed_lessons=1)
    return make.LessonProgressFactory(
        user=student, lesson=lesson, course=lesson.course, status="completed", completed_at=NOW
    )


def test_the_page_says_what_goes_and_what_stays(owner_client, student, progress):
    page = owner_client.get(address(student, "reset-progress", course="camera"))

    assert ["Goes: 1 of" in page.text, "Stays: their rights" in page.text] == [True, True]


def test_with_a_reason_it_is_reset(owner_client, student, progress):
    owner_client.post(address(student, "reset-progress", course="camera"), {"reason": "Wants to"})

    assert told(owner_client, student) == ["Sam Student begins Camera anew: 1 lesson reset."]
    assert LessonProgress.objects.get().status == "not_started"


def test_several_lessons_are_counted(owner_client, student, progress, lesson):
    other = make.LessonFactory(course=lesson.course, is_published=True)
    make.LessonProgressFactory(user=student, lesson=other, course=lesson.course)

    owner_client.post(address(student, "reset-progress", course="camera"), {"reason": "Wants to"})

    assert told(owner_client, student) == ["Sam Student begins Camera anew: 2 lessons reset."]


def test_sent_twice_there_is_nothing_more_to_reset(owner_client, student, progress):
    for _ in range(2):
        owner_client.post(address(student, "reset-progress", course="camera"), {"reason": "Wants to"})

    assert told(owner_client, student)[-1] == "Sam Student has no progress in Camera to reset."


@pytest.mark.parametrize("reason", ["", "x" * 301, "a\0b"])
def test_a_reason_is_needed(owner_client, student, progress, reason):
    answer = owner_client.post(address(student, "reset-progress", course="camera"), {"reason": reason})

    assert (answer.status_code, list(errors(answer))) == (422, ["reason"])
    assert LessonProgress.objects.get().status == "completed"


@pytest.mark.parametrize("course", ["none", "", "a%00b"])
def test_without_a_course_there_is_nothing(owner_client, student, course):
    assert owner_client.get(address(student, "reset-progress", course=course)).status_code == 404


def test_who_only_looks_resets_nothing(staff_client, student, progress):
    answer = staff_client.post(address(student, "reset-progress", course="camera"), {"reason": "x"})

    assert (answer.status_code, LessonProgress.objects.get().status) == (403, "completed")


@pytest.mark.parametrize("begun", [True, False])
def test_the_button_is_there_once_something_was_begun(owner_client, student, lesson, request, begun):
    if begun:
        request.getfixturevalue("progress")

    page = owner_client.get(f"/dashboard/students/{student.pk}/")

    assert ("reset-progress/?course=camera" in page.text) is begun
