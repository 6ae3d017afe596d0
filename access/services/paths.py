"""Learning paths: joining gives every course of the path, the first open and the later ones waiting for those before.

A course that a student holds from somewhere else keeps its own row: a path never locks it.

Two completions of one student, or a completion beside joining, must not miss each other. So each of them locks the
student's row before it looks, and whoever comes second sees what the first has committed.
"""

from datetime import datetime

from django.db import transaction
from django.db.models import Exists, Q, QuerySet

from access.decisions import Code, Standing, decide_course
from access.emails import announce_grants
from access.models import (
    AccessStatus,
    AccessType,
    CourseAccess,
    LearningPath,
    PathMembership,
    PathStep,
    Suspension,
)
from access.offers import required_steps, steps_for
from access.services.rights import LIVE, AccessRefused, activate_access, grant_access, lock_student, revoke_access
from access.standings import standings_in
from accounts.models import User
from catalog.models import CourseStatus
from common.locks import hold_against_deletion


class PathClosed(Exception):
    """The student cannot start this path by themselves; the message says why."""


@transaction.atomic
def start_path(*, user: User, path: LearningPath, now: datetime) -> PathMembership:
    """Put a student on a free path because they asked for it, so no mail says it; who is on it stays on it.

    :raises PathClosed: if the path is not on offer or not free, the student is suspended from a course of it or staff
        took it away, or one of them takes no new students
    """
    if mine := PathMembership.objects.filter(user=user, path=path, left_at=None).first():
        return mine
    if not (path.is_active and path.is_free):
        raise PathClosed("This path cannot be started here.")
    if Suspension.objects.filter(user=user, lifted_at=None, course__path_steps__path=path).exists():
        raise PathClosed("Your access to a course of this path is suspended.")
    if path.courses.filter(status__in=[CourseStatus.LOCKED, CourseStatus.ARCHIVED]).exists():
        raise PathClosed("A course of this path takes no new students.")
    if any(_was_taken_by_staff(standing, now) for standing in standings_in(user, path.courses.order_by("pk"))):
        raise PathClosed("Your access to a course of this path was withdrawn.")
    return _join(user, path, now)[0]


def _was_taken_by_staff(standing: Standing, now: datetime) -> bool:
    """What staff took away is not got back by oneself; what one gave up, or was paid back, is as on offer as ever."""
    decision = decide_course(standing, now)
    taken_by = decision.access and decision.access.revoked_by_id
    return decision.code == Code.REVOKED and taken_by not in {None, standing.user.pk}


@transaction.atomic
def join_path(
    *, user: User, path: LearningPath, now: datetime, actor: User | None = None, reason: str = "", cause: str = ""
) -> PathMembership:
    """Put a student on a path and give its courses; once more writes only what is missing. One mail tells of it."""
    membership, changed = _join(user, path, now, actor=actor, reason=reason, cause=cause)
    announce_grants(user=user, accesses=changed, now=now)
    return membership


def _join(
    user: User, path: LearningPath, now: datetime, *, actor: User | None = None, reason: str = "", cause: str = ""
) -> tuple[PathMembership, list[CourseAccess]]:
    lock_student(user.pk)
    if not hold_against_deletion(path):
        raise PathClosed("This path is no longer there.")  # staff deleted it a moment ago
    membership, _ = PathMembership.objects.get_or_create(
        user=user, path=path, left_at=None, defaults={"joined_at": now}
    )
    changed = _give_missing(membership, now=now, actor=actor, reason=reason, cause=cause)
    return membership, changed + _open_reached(membership, now=now, actor=actor)


def advance_paths(*, user_id: int, course_id: int, now: datetime) -> None:
    """Open the courses that wait for the one just completed. To be called in the transaction that completed it.

    One query when no path asks for the course, two when the student is on none of those that do.
    """
    asked_for = required_steps(course_id)
    waiting = User.objects.filter(Exists(asked_for), pk=user_id)
    if not waiting.select_for_update(of=("self",), no_key=True).values_list("pk"):
        return
    memberships = PathMembership.objects.filter(user=user_id, left_at=None, path__in=asked_for.values("path"))
    changed = []
    for membership in memberships.select_related("user").order_by("pk"):
        changed += _open_reached(membership, now=now, cause=f"course:{course_id}")
    if changed:
        announce_grants(user=membership.user, accesses=changed, now=now)


@transaction.atomic
def leave_path(
    *, membership: PathMembership, now: datetime, actor: User | None = None, reason: str = "Left the path"
) -> None:
    """Take a student off a path: its rights end, completed lessons and other rights stay. Twice changes nothing."""
    lock_student(membership.user_id)
    if PathMembership.objects.filter(pk=membership.pk, left_at=None).update(left_at=now):
        for access in _rows_of(membership).filter(status__in=LIVE).order_by("pk"):
            revoke_access(access=access, now=now, actor=actor, reason=reason)
    membership.refresh_from_db()


@transaction.atomic
def catch_up_walker(
    *, user: User, path: LearningPath, now: datetime, actor: User | None = None, reason: str = ""
) -> int:
    """After its steps changed, give who is on a path what they miss and open what is reached; returns how many rows."""
    lock_student(user.pk)
    changed: list[CourseAccess] = []
    for membership in PathMembership.objects.filter(user=user, path=path, left_at=None):
        changed += _give_missing(membership, now=now, actor=actor, reason=reason)
        changed += _open_reached(membership, now=now, actor=actor)
    announce_grants(user=user, accesses=changed, now=now)
    return len(changed)


def _give_missing(
    membership: PathMembership, *, now: datetime, actor: User | None = None, reason: str = "", cause: str = ""
) -> list[CourseAccess]:
    """Write the rights of steps that have none; one that staff took from a member does not come back."""
    kept = Q(status__in=LIVE) | Q(revoked_at__gt=membership.joined_at)
    held = set(_rows_of(membership).filter(kept).values_list("course_id", flat=True))
    given = []
    for step, is_reached in _steps_for(membership):
        if step.course_id in held:
            continue
        try:
            access = grant_access(
                user=membership.user,
                course=step.course,
                access_type=AccessType.PATH,
                source_key=_source(membership),
                path=membership.path,
                is_pending=not is_reached,
                now=now,
                actor=actor,
                reason=reason,
                cause=cause,
            )
        except AccessRefused:  # the course's last day has passed; the rest of the path is theirs all the same
            continue
        given.append(access)
    return given


def _open_reached(
    membership: PathMembership, *, now: datetime, actor: User | None = None, cause: str = ""
) -> list[CourseAccess]:
    """Activate the waiting rights of steps whose turn has come."""
    reached = [step.course_id for step, is_reached in _steps_for(membership) if is_reached]
    rows = _rows_of(membership).filter(course__in=reached, status=AccessStatus.PENDING, starts_at=None)
    opened = []
    for access in rows.order_by("pk"):
        try:
            activate_access(access=access, now=now, actor=actor, cause=cause or _source(membership))
        except AccessRefused:  # its last day passed while it waited; completing a lesson must not fail for that
            continue
        opened.append(access)
    return opened


def _steps_for(membership: PathMembership) -> list[tuple[PathStep, bool]]:
    """The steps in order, each with whether its turn has come: every required one before it is complete."""
    steps = steps_for(membership.path.steps.all(), membership.user).select_related("course")
    found: list[tuple[PathStep, bool]] = []
    is_reached = True
    for step in steps:
        found.append((step, is_reached))
        is_reached = is_reached and (step.is_done or not step.is_required)  # type: ignore[attr-defined] # by steps_for
    return found


def _rows_of(membership: PathMembership) -> QuerySet[CourseAccess]:
    return CourseAccess.objects.filter(
        user=membership.user_id, access_type=AccessType.PATH, source_key=_source(membership)
    )


def _source(membership: PathMembership) -> str:
    return f"path:{membership.path_id}"
