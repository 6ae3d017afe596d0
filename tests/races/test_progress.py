"""Two reports, two completions, a completion beside an edit: all count; without the guard one is lost."""

import random
import time
from datetime import timedelta

import pytest
from django.db.models import F

from access.decisions import Code, Decision
from access.models import CourseEnrollment
from catalog.services import save_lesson
from progress.models import CourseProgress, LessonProgress
from progress.services import Conflict, WatchReport, record_watching, recount_course, set_completed
from progress.signals import course_completed
from tests.factories import NOW, CourseFactory, CourseProgressFactory, LessonFactory, LessonProgressFactory, UserFactory
from tests.races.conftest import at_once

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]
ACTIVE = Decision(True, Code.ACTIVE)
LATER = NOW + timedelta(minutes=5)


@pytest.fixture
def user():
    return UserFactory()


@pytest.fixture
def course():
    return CourseFactory()


@pytest.fixture
def lessons(course):
    return [save_lesson(LessonFactory.build(course=course, video_duration_seconds=1000)) for _ in range(3)]


def heartbeat(user, lesson, first, last):
    mine = LessonProgress.objects.filter(user=user, lesson=lesson).first()
    report = WatchReport(ranges=((first, last),), position_seconds=float(last), opened_at=NOW)
    return lambda: record_watching(user=user, lesson=lesson, mine=mine, decision=ACTIVE, report=report, now=LATER)


def mark(user, lesson, wanted=True):
    return lambda: set_completed(user=user, lesson=lesson, decision=ACTIVE, is_completed=wanted, now=LATER)


def recounted(user, course):
    return LessonProgress.objects.filter(
        user=user, course=course, status="completed", lesson__is_published=True
    ).count()


def counter():
    return CourseProgress.objects.get().completed_lessons


@pytest.mark.parametrize("is_started", [True, False])
def test_two_heartbeats_at_once_both_count(user, lessons, meet, is_started):
    if is_started:
        LessonProgressFactory(user=user, lesson=lessons[0])
    meet("progress.services._write", 2)

    at_once(heartbeat(user, lessons[0], 0, 30), heartbeat(user, lessons[0], 100, 130))

    assert LessonProgress.objects.get().watched_ranges == [[0, 30], [100, 130]]
    assert CourseEnrollment.objects.count() == (0 if is_started else 1)  # the first report of a lesson enrolls


def test_twin_without_the_revision_one_heartbeat_is_lost(user, lessons, monkeypatch, meet):
    LessonProgressFactory(user=user, lesson=lessons[0])

    def write(row, merged, lesson, decision, now):
        LessonProgress.objects.filter(pk=row.pk).update(
            watched_ranges=merged.watched_ranges, revision=F("revision") + 1
        )
        return True

    monkeypatch.setattr("progress.services._write", write)
    meet("progress.services._write", 2)

    at_once(heartbeat(user, lessons[0], 0, 30), heartbeat(user, lessons[0], 100, 130))

    assert LessonProgress.objects.get().watched_ranges in ([[0, 30]], [[100, 130]])


def test_four_heartbeats_at_once_all_count(user, lessons):
    calls = [heartbeat(user, lessons[0], start, start + 10) for start in range(0, 80, 20)]

    at_once(*calls)

    assert LessonProgress.objects.get().watched_ranges == [[0, 10], [20, 30], [40, 50], [60, 70]]


def test_two_lessons_completed_at_once_both_count(user, course, lessons, meet, linger):
    CourseProgressFactory(user=user, course=course)
    meet("progress.services.count_completed", 2)
    linger("progress.services.finish_course")

    at_once(mark(user, lessons[0]), mark(user, lessons[1]))

    assert (counter(), recounted(user, course)) == (2, 2)


def test_twin_without_the_lock_one_completion_is_not_counted(*, user, course, lessons, meet, linger, without_row_locks):
    CourseProgressFactory(user=user, course=course)
    meet("progress.services.count_completed", 2)
    linger("progress.services.finish_course")

    at_once(mark(user, lessons[0]), mark(user, lessons[1]))

    assert (counter(), recounted(user, course)) == (1, 2)


def test_the_very_first_two_completions_at_once_both_count(user, course, lessons, meet, linger):
    meet("progress.services.count_completed", 2)
    linger("progress.services.finish_course")

    at_once(mark(user, lessons[0]), mark(user, lessons[1]))

    assert (counter(), recounted(user, course)) == (2, 2)


def test_a_completion_beside_a_recount_counts(user, course, lessons, linger):
    CourseProgressFactory(user=user, course=course)
    linger("progress.services.finish_course")

    at_once(mark(user, lessons[0]), lambda: after(0.2, lambda: recount_course(course_id=course.pk, now=LATER)))

    assert (counter(), recounted(user, course)) == (1, 1)


def test_twin_without_the_lock_a_recount_forgets_the_completion(*, user, course, lessons, linger, without_row_locks):
    CourseProgressFactory(user=user, course=course)
    linger("progress.services.finish_course")

    at_once(mark(user, lessons[0]), lambda: after(0.2, lambda: recount_course(course_id=course.pk, now=LATER)))

    assert (counter(), recounted(user, course)) == (0, 1)


def after(seconds, call):
    time.sleep(seconds)
    return call()


def test_complete_against_un_complete_many_times_leaves_counters_that_equal_a_recount(user, course, lessons):
    dice = random.Random(7)
    calls = [mark(user, dice.choice(lessons), dice.random() < 0.6) for _ in range(60)]
    calls += [heartbeat(user, dice.choice(lessons), 0, 950) for _ in range(10)]

    results = at_once(*calls, may_fail=True)

    # A player that loses five races is told so, and sends again.
    assert {type(result) for result in results} <= {LessonProgress, Conflict}
    assert counter() == recounted(user, course)


def test_the_last_two_lessons_at_once_complete_the_course_once(user, course, lessons):
    announced = []

    def hear(user_id, **_):
        announced.append(user_id)

    mark(user, lessons[0])()
    course_completed.connect(hear)
    at_once(mark(user, lessons[1]), mark(user, lessons[2]))
    course_completed.disconnect(hear)

    assert (announced, CourseEnrollment.objects.get().completed_at) == ([user.pk], LATER)
