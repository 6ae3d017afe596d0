"""A reset beside a heartbeat and beside a completion: nothing comes back, and the counter equals a recount."""

import pytest
from django.db.models import F

from progress import resetting
from progress.models import CourseProgress, LessonProgress
from progress.resetting import reset_progress
from tests.factories import LessonProgressFactory, StaffFactory
from tests.races.conftest import at_once
from tests.races.test_progress import LATER, counter, course, heartbeat, lessons, mark, recounted, user  # noqa: F401

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]


def reset(user, course):  # noqa: F811
    staff = StaffFactory()
    return lambda: reset_progress(user=user, course=course, actor=staff, reason="Anew", now=LATER)


def watched_before(user, lesson):  # noqa: F811
    facts = {"watched_ranges": [[0, 600]], "watch_percentage": 60, "last_accessed": LATER}
    LessonProgressFactory(user=user, lesson=lesson, course=lesson.course, **facts)
    CourseProgress.objects.get_or_create(user=user, course=lesson.course, defaults={"last_active_at": LATER})


def beside_a_heartbeat(user, course, lesson, meet):  # noqa: F811
    """What is watched after a reset and a heartbeat that read the row before it, at once."""
    watched_before(user, lesson)
    beat = heartbeat(user, lesson, 600, 602)
    reset(user, course)()
    beat()
    return LessonProgress.objects.get().watched_ranges


def test_a_heartbeat_that_read_before_the_reset_brings_nothing_back(user, course, lessons, meet):  # noqa: F811
    assert [0, 600] not in beside_a_heartbeat(user, course, lessons[0], meet)


def test_twin_without_the_revision_brings_everything_back(user, course, lessons, meet, monkeypatch):  # noqa: F811
    monkeypatch.setattr(resetting, "F", lambda name: F(name) - 1)

    assert beside_a_heartbeat(user, course, lessons[0], meet)[0][:1] == [0]


def beside_a_completion(user, course, lessons, linger):  # noqa: F811
    """The counter and a recount, after a reset during which the student completes another lesson."""
    watched_before(user, lessons[0])
    linger("progress.resetting.count_completed")
    at_once(reset(user, course), mark(user, lessons[1]))
    return counter(), recounted(user, course)


def test_a_completion_beside_a_reset_is_counted(user, course, lessons, linger):  # noqa: F811
    assert beside_a_completion(user, course, lessons, linger) == (1, 1)


def test_twin_that_counts_without_looking_is_wrong(user, course, lessons, linger, monkeypatch):  # noqa: F811
    def to_nothing(*args, **options):
        CourseProgress.objects.update(completed_lessons=0)

    monkeypatch.setattr(resetting, "count_completed", to_nothing)

    assert beside_a_completion(user, course, lessons, linger) == (0, 1)
