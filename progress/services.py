"""Writes of progress: watching, completing, un-marking, and the counters that always equal a recount."""

from dataclasses import dataclass
from datetime import datetime

from django.db import IntegrityError, transaction
from django.db.models import Count, F, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce

from access.decisions import Code, Decision
from access.models import CourseEnrollment
from accounts.models import User
from catalog.models import Lesson
from progress import watching
from progress.models import CourseProgress, LessonProgress, LessonStatus
from progress.signals import course_completed

RETRIES = 5
LONGEST_VIDEO_SECONDS = 24 * 3600


class ProgressRefused(Exception):
    """The report makes no sense for this lesson; the message says why."""


class Conflict(Exception):
    """Too many reports for one lesson at the same moment; the player sends this one again."""


@dataclass(frozen=True)
class WatchReport:
    """What a player says: where it is, which seconds it played, when.

    `claimed_percentage` is the older form of the call, without ranges  [001]. `opened_at` is when the lesson
    page was served, signed by us; `at` is the player's own time of the position.
    """

    position_seconds: float | None = None
    ranges: tuple[tuple[int, int], ...] = ()
    claimed_percentage: float | None = None
    duration_seconds: float | None = None
    at: datetime | None = None
    opened_at: datetime | None = None


def record_watching(
    *,
    user: User,
    lesson: Lesson,
    mine: LessonProgress | None,
    decision: Decision,
    report: WatchReport,
    now: datetime,
) -> LessonProgress:
    """Merge one report into the student's row and complete the lesson at its threshold  [PRODUCT 4].

    Reading and writing are tied by the row's revision, so two reports at once both count.
    `mine` is the row as just read, to save a query; it is read again after a lost race.

    :raises ProgressRefused: if the position lies beyond the end of the video
    :raises Conflict: after five lost races
    """
    for _ in range(RETRIES):
        row = mine or _new_row(user, lesson, report, now)
        merged = _merge_report(row, lesson, report, now)
        merged.user = user  # known already: saves a query
        if _write(row, merged, decision, now):
            return _complete_if_watched(merged, lesson, decision, now)
        mine = LessonProgress.objects.filter(user=user, lesson=lesson).first()
    raise Conflict("Too many reports at once.")


def _new_row(user: User, lesson: Lesson, report: WatchReport, now: datetime) -> LessonProgress:
    opened_at = min(report.opened_at or now, now)
    return LessonProgress(
        user=user, lesson=lesson, course_id=lesson.course_id, started_at=opened_at, last_accessed=opened_at
    )


def _merge_report(row: LessonProgress, lesson: Lesson, report: WatchReport, now: datetime) -> LessonProgress:
    """The row as it will be; nothing is saved. Percentages only rise, the newest position wins."""
    duration = _duration(row, lesson, report)
    position = report.position_seconds
    if position is not None and position > (duration or LONGEST_VIDEO_SECONDS) + 1:
        raise ProgressRefused("The position lies beyond the end of the video.")
    wall = (now - row.last_accessed).total_seconds()
    ranges = _clip(report.ranges, duration) or _claimed(row, report, duration)
    merged = LessonProgress(
        pk=row.pk,
        user_id=row.user_id,
        lesson_id=row.lesson_id,
        course_id=row.course_id,
        status=row.status,
        started_at=row.started_at,
        completed_at=row.completed_at,
        watched_ranges=watching.credit(row.watched_ranges, ranges, wall_seconds=wall),
        last_position_seconds=row.last_position_seconds,
        position_at=row.position_at,
        duration_seconds=duration,
        last_accessed=now,
        revision=row.revision,
    )
    share = watching.percentage(merged.watched_ranges, duration)
    merged.watch_percentage = max(row.watch_percentage, share)
    moment = min(report.at or now, now)
    if position is not None and (row.position_at is None or moment >= row.position_at):
        merged.last_position_seconds, merged.position_at = position, moment
    return merged


def _duration(row: LessonProgress, lesson: Lesson, report: WatchReport) -> int | None:
    """The lesson's own length; else the longest any report named, so that a short lie never shrinks it."""
    if lesson.video_duration_seconds:
        return lesson.video_duration_seconds
    return max(row.duration_seconds or 0, round(report.duration_seconds or 0)) or None


def _clip(ranges: tuple[tuple[int, int], ...], duration: int | None) -> list[list[int]]:
    end = duration or LONGEST_VIDEO_SECONDS
    return [[start, min(last, end)] for start, last in ranges if start < end]


def _claimed(row: LessonProgress, report: WatchReport, duration: int | None) -> list[list[int]]:
    """A bare percentage as the seconds just before the position; the clock bounds it like any other  [001]."""
    if report.claimed_percentage is None or not duration:
        return []
    missing = round(report.claimed_percentage / 100 * duration) - watching.seconds_in(row.watched_ranges)
    end = round(report.position_seconds or row.last_position_seconds)
    return [[max(0, end - missing), end]] if missing > 0 else []


def _write(row: LessonProgress, merged: LessonProgress, decision: Decision, now: datetime) -> bool:
    """Save the merged row if nobody wrote since it was read; the first report also enrolls."""
    if row._state.adding:
        return _insert(merged, decision, now)
    changed = LessonProgress.objects.filter(pk=row.pk, revision=row.revision).update(
        watched_ranges=merged.watched_ranges,
        watch_percentage=merged.watch_percentage,
        last_position_seconds=merged.last_position_seconds,
        position_at=merged.position_at,
        duration_seconds=merged.duration_seconds,
        last_accessed=now,
        revision=F("revision") + 1,
    )
    return bool(changed)


def _insert(merged: LessonProgress, decision: Decision, now: datetime) -> bool:
    try:
        with transaction.atomic():
            merged.save(force_insert=True)
            start_course(user=merged.user, course_id=merged.course_id, decision=decision, now=now)
    except IntegrityError:
        if LessonProgress.objects.filter(user_id=merged.user_id, lesson_id=merged.lesson_id).exists():
            return False
        raise
    return True


def _complete_if_watched(merged: LessonProgress, lesson: Lesson, decision: Decision, now: datetime) -> LessonProgress:
    share = watching.percentage(merged.watched_ranges, merged.duration_seconds)
    if merged.is_completed or share < lesson.completion_threshold:
        return merged
    return set_completed(user=merged.user, lesson=lesson, decision=decision, is_completed=True, now=now)


def start_course(*, user: User, course_id: int, decision: Decision, now: datetime) -> None:
    """Note activity in a course; the first one enrolls a student who holds a right  [X-4, T-36]."""
    CourseProgress.objects.get_or_create(user=user, course_id=course_id, defaults={"last_active_at": now})
    if decision.code == Code.ACTIVE:
        CourseEnrollment.objects.get_or_create(user=user, course_id=course_id, defaults={"enrolled_at": now})


@transaction.atomic
def set_completed(
    *, user: User, lesson: Lesson, decision: Decision, is_completed: bool, now: datetime
) -> LessonProgress:
    """Mark a lesson done or not done; the wanted state twice changes nothing, the first `completed_at` stays.

    Un-marking forgets the watched ranges (not the percentage), so that only new watching completes again  [X-17].
    """
    start_course(user=user, course_id=lesson.course_id, decision=decision, now=now)
    # One lock per student and course: every change of the counter waits here, so it equals a recount.
    counters = CourseProgress.objects.select_for_update(of=("self",)).get(user=user, course_id=lesson.course_id)
    # Locked as well, or writing it back would undo a heartbeat that came in between.
    row, _ = LessonProgress.objects.select_for_update(of=("self",)).get_or_create(
        user=user,
        lesson=lesson,
        defaults={"course_id": lesson.course_id, "started_at": now, "last_accessed": now},
    )
    if row.is_completed != is_completed:
        _mark(row, is_completed, now)
        _count(counters, now)
        finish_course(user_id=user.pk, course_id=lesson.course_id, done=counters.completed_lessons, now=now)
    return row


def _mark(row: LessonProgress, is_completed: bool, now: datetime) -> None:
    row.status = LessonStatus.COMPLETED if is_completed else LessonStatus.IN_PROGRESS
    row.completed_at = now if is_completed else None
    row.last_accessed = now
    if not is_completed:
        row.watched_ranges = []
    row.revision += 1
    row.save(update_fields=["status", "completed_at", "last_accessed", "watched_ranges", "revision"])


def _count(counters: CourseProgress, now: datetime) -> None:
    counters.completed_lessons = LessonProgress.objects.filter(
        user_id=counters.user_id,
        course_id=counters.course_id,
        status=LessonStatus.COMPLETED,
        lesson__is_published=True,
    ).count()
    counters.last_active_at = now
    counters.save(update_fields=["completed_lessons", "last_active_at"])


def finish_course(*, user_id: int, course_id: int, done: int, now: datetime) -> None:
    """Complete the course of a student who has done every lesson, once, and announce it  [001]."""
    finished = CourseEnrollment.objects.filter(
        user_id=user_id,
        course_id=course_id,
        completed_at=None,
        course__lesson_count__gte=1,
        course__lesson_count__lte=done,
    )
    if done and finished.update(completed_at=now):
        enrollment = CourseEnrollment.objects.get(user_id=user_id, course_id=course_id)
        course_completed.send(sender=CourseEnrollment, enrollment=enrollment, now=now)


@transaction.atomic
def recount_course(*, course_id: int, now: datetime) -> None:
    """Make every student's counter of one course equal a recount, after its lessons changed."""
    done = (
        LessonProgress.objects.filter(
            user=OuterRef("user"), course_id=course_id, status=LessonStatus.COMPLETED, lesson__is_published=True
        )
        .order_by()
        .values("user")
        .annotate(n=Count("pk"))
        .values("n")
    )
    counters = CourseProgress.objects.filter(course_id=course_id)
    # Locked first, by a statement of its own: one that waits inside the UPDATE would count with its older view.
    list(counters.select_for_update(of=("self",)).order_by("pk").values_list("pk"))
    counters.update(completed_lessons=Coalesce(Subquery(done), 0))
    now_complete = counters.filter(
        Q(course__lesson_count__gte=1) & Q(completed_lessons__gte=F("course__lesson_count")),
        user__enrollments__course_id=course_id,
        user__enrollments__completed_at=None,
    )
    for row in now_complete:
        finish_course(user_id=row.user_id, course_id=course_id, done=row.completed_lessons, now=now)
