"""A course begun anew: what goes, what stays, and that nothing that was on its way brings it back."""

from datetime import timedelta

import pytest

from access.decisions import Code, Decision
from access.models import CourseEnrollment
from access.services import ReasonMissing, grant_access
from accounts.models import StaffAction
from catalog.services import save_lesson
from progress.models import CourseProgress, LessonProgress
from progress.resetting import reset_progress
from progress.services import WatchReport, record_watching, set_completed
from tests import factories as make
from tests.factories import NOW

pytestmark = pytest.mark.django_db
ACTIVE = Decision(True, Code.ACTIVE)
LATER = NOW + timedelta(hours=1)


@pytest.fixture
def course(student):
    course = make.CourseFactory(title="Camera")
    grant_access(user=student, course=course, access_type="manual", source_key="k", now=NOW)
    return course


@pytest.fixture
def lesson(course):
    return save_lesson(make.LessonFactory.build(course=course, is_published=True, video_duration_seconds=1000))


def watch(student, lesson, *, now, mine=None, end=900):
    report = WatchReport(ranges=((0, end),), position_seconds=float(end), opened_at=NOW - timedelta(hours=1), at=now)
    return record_watching(user=student, lesson=lesson, mine=mine, decision=ACTIVE, report=report, now=now)


def complete(student, lesson):
    return set_completed(user=student, lesson=lesson, decision=ACTIVE, is_completed=True, now=NOW)


def reset(student, course, staff, reason="Wants to begin anew", now=LATER):
    return reset_progress(user=student, course=course, actor=staff, reason=reason, now=now)


def test_what_was_watched_and_completed_goes(student, course, lesson, staff):
    watch(student, lesson, now=NOW)

    assert reset(student, course, staff) == 1
    row = LessonProgress.objects.get()
    assert (row.status, row.completed_at, row.watch_percentage) == ("not_started", None, 0)
    assert (row.watched_ranges, row.last_position_seconds) == ([], 0)


def test_the_counter_equals_a_recount(student, course, lesson, staff):
    other = make.LessonFactory(course=course, is_published=True)
    for each in (lesson, other):
        complete(student, each)

    reset(student, course, staff)

    assert CourseProgress.objects.get().completed_lessons == 0


def test_it_is_no_activity_of_the_student(student, course, lesson, staff):
    complete(student, lesson)

    reset(student, course, staff)

    counters = CourseProgress.objects.get()
    assert (counters.last_active_at, LessonProgress.objects.get().last_accessed) == (NOW, NOW)


def test_the_day_of_completion_the_rights_and_the_open_lessons_stay(student, course, lesson, staff):
    complete(student, lesson)

    reset(student, course, staff)

    assert CourseEnrollment.objects.get().completed_at == NOW
    assert student.accesses.get().status == "unlocked"
    assert LessonProgress.objects.get().was_completed is True


def test_another_course_and_another_student_keep_theirs(student, stranger, course, lesson, staff):
    elsewhere = make.LessonFactory(is_published=True)
    for user, each in ((student, elsewhere), (stranger, lesson), (student, lesson)):
        complete(user, each)

    reset(student, course, staff)

    kept = LessonProgress.objects.filter(status="completed").values_list("user", "lesson")
    assert set(kept) == {(student.pk, elsewhere.pk), (stranger.pk, lesson.pk)}


def test_it_is_in_the_log_of_staff_with_its_reason(student, course, lesson, staff):
    complete(student, lesson)
    reset(student, course, staff)

    action = StaffAction.objects.get()
    expected = (staff, "reset progress", student.pk, "Camera: Wants to begin anew")
    assert (action.actor, action.verb, action.object_id, action.detail) == expected


@pytest.mark.parametrize("times", [1, 2])
def test_without_progress_nothing_happens_and_nothing_is_noted(student, course, lesson, staff, times):
    if times == 2:
        complete(student, lesson)
        reset(student, course, staff)

    assert reset(student, course, staff) == 0
    assert StaffAction.objects.count() == times - 1


@pytest.mark.parametrize("reason", ["", "  "])
def test_a_reason_is_needed(student, course, lesson, staff, reason):
    complete(student, lesson)

    with pytest.raises(ReasonMissing):
        reset(student, course, staff, reason)


def test_a_report_on_its_way_brings_nothing_back(student, course, lesson, staff):
    watch(student, lesson, now=NOW, end=600)
    read_before = LessonProgress.objects.get()
    reset(student, course, staff)

    watch(student, lesson, mine=read_before, now=LATER + timedelta(seconds=2), end=630)

    assert LessonProgress.objects.get().watch_percentage < 1


def test_new_watching_counts_again_and_completes(student, course, lesson, staff):
    watch(student, lesson, now=NOW)
    reset(student, course, staff)

    row = watch(student, lesson, now=LATER + timedelta(minutes=20))

    assert (row.status, CourseProgress.objects.get().completed_lessons) == ("completed", 1)
