"""What the database refuses of progress by itself, each named constraint once."""

import pytest
from django.db import IntegrityError, transaction

from progress.models import CourseProgress, LessonProgress
from tests import factories as make
from tests.factories import NOW

pytestmark = pytest.mark.django_db


def refused(build):
    with pytest.raises(IntegrityError) as error, transaction.atomic():
        build()
    return str(error.value)


@pytest.mark.parametrize(
    ("constraint", "fields"),
    [
        ("progress_watch_is_a_percentage", {"watch_percentage": -0.1}),
        ("progress_watch_is_a_percentage", {"watch_percentage": 100.1}),
        ("progress_watch_is_a_percentage", {"watch_percentage": float("inf")}),
        ("progress_position_is_not_negative", {"last_position_seconds": -1}),
        ("progress_completed_says_when", {"status": "completed"}),
        ("progress_completed_says_when", {"completed_at": NOW}),
    ],
)
def test_progress_is_refused(constraint, fields):
    assert constraint in refused(lambda: make.LessonProgressFactory(**fields))


def test_two_rows_for_one_lesson_are_refused():
    row = make.LessonProgressFactory()

    refused(lambda: make.LessonProgressFactory(user=row.user, lesson=row.lesson))

    assert LessonProgress.objects.count() == 1


def test_two_counters_for_one_course_are_refused():
    row = make.CourseProgressFactory()

    refused(lambda: make.CourseProgressFactory(user=row.user, course=row.course))

    assert CourseProgress.objects.count() == 1


@pytest.mark.parametrize("name", ["user", "lesson", "course"])
def test_what_has_progress_cannot_be_deleted(name):
    row = make.LessonProgressFactory()

    with pytest.raises(IntegrityError):
        getattr(row, name).delete()
