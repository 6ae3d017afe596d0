"""Writes of progress: watching, completing, un-marking, and the counters that always equal a recount."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Count, Exists, F, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce

from access.decisions import Code, Decision
from access.models import CourseEnrollment
from access.offers import required_steps
from access.services import advance_paths
from accounts.models import User
from catalog.models import Lesson
from progress import watching
from progress.models import CourseProgress, LessonProgress, LessonStatus
from progress.signals import course_completed

RETRIES = 5
# Unspent time that a report leaves to the next: enough for a second tab at the same moment, not for a whole film.
UNSPENT = timedelta(seconds=60)
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
        if _write(row, merged, lesson, decision, now):
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
    clock = max(row.clock_started_at or row.last_accessed, row.last_accessed - UNSPENT)
    ranges = _clip(report.ranges, duration) or _claimed(row, report, duration)
    watched = watching.credit(row.watched_ranges, ranges, wall_seconds=(now - clock).total_seconds())
    credited = watching.seconds_in(watched) - watching.seconds_in(row.watched_ranges)
    merged = LessonProgress(
        pk=row.pk,
        user_id=row.user_id,
        lesson_id=row.lesson_id,
        course_id=row.course_id,
        status=row.status,
        started_at=row.started_at,
        completed_at=row.completed_at,
        was_completed=row.was_completed,
        watched_ranges=watched,
        clock_started_at=clock + timedelta(seconds=credited / watching.MAX_RATE),
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


def _write(row: LessonProgress, merged: LessonProgress, lesson: Lesson, decision: Decision, now: datetime) -> bool:
    """Save the merged row if nobody wrote since it was read; the first report also enrolls."""
    if row._state.adding:
        return _insert(merged, lesson, decision, now)
    changed = LessonProgress.objects.filter(pk=row.pk, revision=row.revision).update(
        watched_ranges=merged.watched_ranges,
        watch_percentage=merged.watch_percentage,
        last_position_seconds=merged.last_position_seconds,
        position_at=merged.position_at,
        duration_seconds=merged.duration_seconds,
        last_accessed=now,
        clock_started_at=merged.clock_started_at,
        revision=F("revision") + 1,
    )
    merged.revision += 1
    return bool(changed)


def _insert(merged: LessonProgress, lesson: Lesson, decision: Decision, now: datetime) -> bool:
    try:
        with transaction.atomic():
            merged.save(force_insert=True)
            _start_counting(merged.user, lesson, now)
            _take_part(merged.user, lesson, decision, now)
    except IntegrityError:
        if LessonProgress.objects.filter(user_id=merged.user_id, lesson_id=merged.lesson_id).exists():
            return False
        raise
    return True


def _complete_if_watched(merged: LessonProgress, lesson: Lesson, decision: Decision, now: datetime) -> LessonProgress:
    share = watching.percentage(merged.watched_ranges, merged.duration_seconds)
    if merged.is_completed or share < lesson.completion_threshold:
        return merged
    return set_completed(user=merged.user, lesson=lesson, mine=merged, decision=decision, is_completed=True, now=now)


def _start_counting(user: User, lesson: Lesson, now: datetime) -> None:
    if getattr(lesson, "has_counters", False):  # `lesson` was found for this student
        return
    counters = CourseProgress(user=user, course_id=lesson.course_id, last_active_at=now)
    CourseProgress.objects.bulk_create([counters], ignore_conflicts=True)


def _take_part(user: User, lesson: Lesson, decision: Decision, now: datetime) -> None:
    """The first activity enrolls a student who holds a right  [X-4, T-36]."""
    if decision.code == Code.ACTIVE and not decision.is_enrolled:
        enrollment = CourseEnrollment(user=user, course_id=lesson.course_id, enrolled_at=now)
        CourseEnrollment.objects.bulk_create([enrollment], ignore_conflicts=True)


@transaction.atomic
def set_completed(
    *,
    user: User,
    lesson: Lesson,
    decision: Decision,
    is_completed: bool,
    now: datetime,
    mine: LessonProgress | None = None,
) -> LessonProgress:
    """Mark a lesson done or not done; the wanted state twice changes nothing, the first `completed_at` stays.

    Un-marking forgets the watched ranges (not the percentage), so that only new watching completes again  [X-17].
    `mine` is the row as just read, to save a query.
    """
    # Locks in one order everywhere, or two calls at once wait for each other: lesson, counters, enrollment.
    row, has_changed = _mark(user, lesson, mine, is_completed, now)
    is_awaited = has_changed and count_completed(user, lesson.course_id, now)
    _take_part(user, lesson, decision, now)
    if has_changed and is_completed:
        finish_course(user_id=user.pk, course_id=lesson.course_id, now=now, is_awaited=is_awaited)
    return row


def _mark(
    user: User, lesson: Lesson, mine: LessonProgress | None, is_completed: bool, now: datetime
) -> tuple[LessonProgress, bool]:
    """The row in the wanted state, and whether that is new. Whoever loses a race goes on with the row locked."""
    status = LessonStatus.COMPLETED if is_completed else LessonStatus.IN_PROGRESS
    marks: dict[str, Any] = {"status": status, "completed_at": now if is_completed else None, "last_accessed": now}
    if is_completed:
        marks["was_completed"] = True
    if mine is None:
        row = LessonProgress(user=user, lesson=lesson, course_id=lesson.course_id, started_at=now, **marks)
        return (row, True) if _is_inserted(row) else _mark(user, lesson, _locked(user, lesson), is_completed, now)
    if mine.is_completed == is_completed:
        return mine, False
    if not is_completed:
        marks |= {"watched_ranges": [], "clock_started_at": now}
    unchanged = LessonProgress.objects.filter(pk=mine.pk, revision=mine.revision)
    if not unchanged.update(**marks, revision=F("revision") + 1):
        return _mark(user, lesson, _locked(user, lesson), is_completed, now)
    for name, value in {**marks, "revision": mine.revision + 1}.items():
        setattr(mine, name, value)
    return mine, True


def _is_inserted(row: LessonProgress) -> bool:
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError:
        return False
    return True


def _locked(user: User, lesson: Lesson) -> LessonProgress:
    return LessonProgress.objects.select_for_update(of=("self",)).get(user=user, lesson=lesson)


def count_completed(user: User, course_id: int, now: datetime, *, is_activity: bool = True) -> bool:
    """Recount one student's counter. All changes of it wait for one lock, and count only after they have it.

    What staff do is no activity of the student, whose last one stays. Returns whether a learning path may wait for the
    course, which costs no query here.
    """
    done = LessonProgress.objects.filter(
        user=user, course_id=course_id, status=LessonStatus.COMPLETED, lesson__is_published=True
    )
    counted = Coalesce(Subquery(done.order_by().values("user").annotate(n=Count("pk")).values("n")), 0)
    recount: dict[str, Any] = {"completed_lessons": counted}
    activity = {"last_active_at": now}
    found = CourseProgress.objects.annotate(is_awaited=Exists(required_steps(OuterRef("course"))))
    counters, is_new = found.select_for_update(of=("self",)).get_or_create(
        user=user, course_id=course_id, defaults=recount | activity
    )
    if not is_new:
        CourseProgress.objects.filter(pk=counters.pk).update(**recount, **(activity if is_activity else {}))
    return is_new or counters.is_awaited


def finish_course(*, user_id: int, course_id: int, now: datetime, is_awaited: bool = True) -> None:
    """Complete the course of a student whose counter has reached its lessons, once, and announce it  [001].

    `is_awaited` is False where the caller knows that no learning path waits for the course.
    """
    done = CourseProgress.objects.filter(user=user_id, course=course_id).values("completed_lessons")
    finished = CourseEnrollment.objects.filter(
        user_id=user_id,
        course_id=course_id,
        completed_at=None,
        course__lesson_count__gte=1,
        course__lesson_count__lte=Subquery(done),
    )
    if finished.update(completed_at=now):
        if is_awaited:
            advance_paths(user_id=user_id, course_id=course_id, now=now)
        course_completed.send(sender=CourseEnrollment, user_id=user_id, course_id=course_id, now=now)


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
    ).order_by("user")  # who is on a path is locked in turn: in one order, whatever course is counted
    for row in now_complete:
        finish_course(user_id=row.user_id, course_id=course_id, now=now)
