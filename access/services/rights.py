"""Every write of one right. Each changed row appends exactly one event, in the same transaction. They tell nobody: the
services that give or take something as a whole send one mail for it.
"""

from datetime import UTC, datetime, timedelta
from typing import Any

from django.db import transaction

from access.models import (
    OPENING,
    AccessAction,
    AccessEvent,
    AccessStatus,
    AccessType,
    BundlePurchase,
    Cohort,
    CourseAccess,
    LearningPath,
)
from accounts.models import User
from catalog.models import Course, DurationType

LIVE = [AccessStatus.PENDING, AccessStatus.UNLOCKED, AccessStatus.LOCKED, AccessStatus.EXPIRED]


class AccessRefused(Exception):
    """The right cannot be changed like this; the message says why in words for people."""


class ReasonMissing(Exception):
    """Taking a right away needs a reason  [002]."""


def lock_student(user_id: int) -> User:
    """Hold a student's row to the end of the transaction: of two who change what hangs on it, the second waits here and
    then sees what the first did. Rows that refer to the student can be written meanwhile.
    """
    return User.objects.select_for_update(of=("self",), no_key=True).get(pk=user_id)


def expiry_for(course: Course, start: datetime) -> datetime | None:
    """When a right that starts now ends by the course's rules; None is lifetime. Later edits change no sold right."""
    if course.access_duration_type == DurationType.FIXED_DAYS:
        return _days_after(start, course.access_duration_days or 0)
    if course.access_duration_type == DurationType.UNTIL_DATE:
        return course.access_until
    return None


def _days_after(moment: datetime, days: int) -> datetime:
    """Days of 24 hours. Added in a zone whose clocks change meanwhile, one would have 23 or 25."""
    return moment.astimezone(UTC) + timedelta(days=days)


@transaction.atomic
def grant_access(
    *,
    user: User,
    course: Course | None = None,
    tier_level: int | None = None,
    access_type: AccessType,
    source_key: str,
    now: datetime,
    cohort: Cohort | None = None,
    bundle_purchase: BundlePurchase | None = None,
    path: LearningPath | None = None,
    is_pending: bool = False,
    starts_at: datetime | None = None,
    expires_at: datetime | None = None,
    is_lifetime: bool = False,
    must_join: bool = False,
    actor: User | None = None,
    reason: str = "",
    cause: str = "",
) -> CourseAccess:
    """Give a right; the same source twice returns the row that exists, untouched.

    A start in the future makes a pending right that opens by itself; `is_pending` one that waits for `activate_access`.
    `expires_at` or `is_lifetime` is the product's rule; without one the course's own rule is copied.

    :raises AccessRefused: if the right would end before it starts
    """
    live = CourseAccess.objects.filter(status__in=LIVE)
    source = {"course": course, "tier_level": tier_level, "access_type": access_type, "source_key": source_key}
    if existing := live.filter(user=user, **source).first():
        return existing
    ruled_by = None if is_lifetime else course
    times = times_of(ruled_by, now, is_pending=is_pending, starts_at=starts_at or now, expires_at=expires_at)
    given = {"must_join": must_join, "granted_by": actor, "granted_at": now}
    links = {"cohort": cohort, "bundle_purchase": bundle_purchase, "path": path}
    access, is_new = live.get_or_create(user=user, **source, defaults=times | given | links)
    if is_new:
        _record(access, AccessAction.GRANTED, now=now, actor=actor, reason=reason, cause=cause or source_key)
    return access


def times_of(
    course: Course | None, now: datetime, *, is_pending: bool, starts_at: datetime, expires_at: datetime | None
) -> dict[str, Any]:
    """Status, start and end of a new right. One that waits keeps its days, to count them from its start.

    :raises AccessRefused: if it would end before it starts
    """
    ends = expires_at or (expiry_for(course, starts_at) if course else None)
    if ends and ends <= starts_at:
        raise AccessRefused(f"Access would have ended on {ends:%d %B %Y}.")
    if not is_pending:
        status = AccessStatus.PENDING if starts_at > now else AccessStatus.UNLOCKED
        return {"status": status, "starts_at": starts_at, "expires_at": ends}
    if course and not expires_at and course.access_duration_type == DurationType.FIXED_DAYS:
        return {"status": AccessStatus.PENDING, "duration_days": course.access_duration_days}
    return {"status": AccessStatus.PENDING, "expires_at": ends}


@transaction.atomic
def activate_access(
    *, access: CourseAccess, now: datetime, actor: User | None = None, reason: str = "", cause: str = ""
) -> None:
    """Open a pending right now; an open one stays as it is.

    :raises AccessRefused: if the right has ended meanwhile, or is neither pending nor open
    """
    row = CourseAccess.objects.select_for_update(of=("self",)).get(pk=access.pk)  # more days may come just now
    if row.status == AccessStatus.PENDING and row.expires_at and row.expires_at <= now:
        raise AccessRefused("This access has ended meanwhile.")
    changes: dict[str, Any] = {"status": AccessStatus.UNLOCKED, "starts_at": now}
    if row.duration_days:
        changes["expires_at"] = _days_after(now, row.duration_days)
    said: dict[str, Any] = {"now": now, "actor": actor, "reason": reason, "cause": cause}
    change_access(access, [AccessStatus.PENDING], AccessAction.ACTIVATED, changes, **said)


def move_access(
    *,
    access: CourseAccess,
    starts_at: datetime,
    expires_at: datetime | None,
    now: datetime,
    actor: User | None = None,
    reason: str = "",
    cause: str = "",
) -> None:
    """Give a right that has not opened another start, and the end that goes with it; also one that is or was locked.

    :raises AccessRefused: if it would end before it starts, has opened, or is gone
    """
    has_opened = access.status != AccessStatus.PENDING and access.starts_at is not None and access.starts_at <= now
    if has_opened:
        raise AccessRefused(f"This access is {access.get_status_display().lower()}.")
    if expires_at and expires_at <= starts_at:
        raise AccessRefused(f"Access would have ended on {expires_at:%d %B %Y}.")
    changes = {"starts_at": starts_at, "expires_at": expires_at}
    movable = [*OPENING, AccessStatus.LOCKED]
    change_access(access, movable, AccessAction.EXTENDED, changes, now=now, actor=actor, reason=reason, cause=cause)


def lock_access(
    *, access: CourseAccess, now: datetime, reason: str, actor: User | None = None, cause: str = ""
) -> None:
    """Pause a right that may come back: failed instalment, open dispute, staff. Also one that is to open on a day.

    :raises AccessRefused: if it is neither; one that waits without a day is not open anyway
    """
    changes = {"status": AccessStatus.LOCKED}
    allowed = [AccessStatus.UNLOCKED] if access.starts_at is None else list(OPENING)
    change_access(access, allowed, AccessAction.LOCKED, changes, now=now, actor=actor, reason=reason, cause=cause)


def unlock_access(
    *, access: CourseAccess, now: datetime, actor: User | None = None, reason: str = "", cause: str = ""
) -> None:
    """End the pause of a locked right."""
    changes = {"status": AccessStatus.UNLOCKED}
    change_access(
        access, [AccessStatus.LOCKED], AccessAction.UNLOCKED, changes, now=now, actor=actor, reason=reason, cause=cause
    )


@transaction.atomic
def extend_access(
    *, access: CourseAccess, days: int, now: datetime, actor: User | None = None, reason: str = "", cause: str = ""
) -> None:
    """Renew a right: from its end while it runs, from now once it ended  [002].

    :raises AccessRefused: if the right is revoked or has no end, or `days` is not positive
    """
    if days < 1:
        raise AccessRefused("Extend by at least one day.")
    row = CourseAccess.objects.select_for_update(of=("self",)).get(pk=access.pk)
    if row.status == AccessStatus.REVOKED:
        raise AccessRefused("This access is revoked.")
    changes = _longer(row, days, now)
    change_access(access, LIVE, AccessAction.EXTENDED, changes, now=now, actor=actor, reason=reason, cause=cause)


def _longer(row: CourseAccess, days: int, now: datetime) -> dict[str, Any]:
    """What extending changes: the end, or the days of a right that has not started.

    :raises AccessRefused: if it is for life
    """
    if row.starts_at is None and row.duration_days:
        return {"duration_days": row.duration_days + days}
    if row.expires_at is None:
        raise AccessRefused("This access has no end that could be moved.")
    return lengthened(row, _days_after(max(row.expires_at, now), days))


def lengthened(row: CourseAccess, until: datetime) -> dict[str, Any]:
    """What a later end changes in a right: one that has ended opens again, a locked one stays locked."""
    status = AccessStatus.UNLOCKED if row.status == AccessStatus.EXPIRED else row.status
    return {"expires_at": until, "status": status}


def revocation(*, now: datetime, actor: User | None, reason: str) -> dict[str, Any]:
    """What taking a right away writes into its row."""
    return {"status": AccessStatus.REVOKED, "revoked_at": now, "revoked_by": actor, "revocation_reason": reason}


def revoke_access(
    *, access: CourseAccess, now: datetime, reason: str, actor: User | None = None, cause: str = ""
) -> None:
    """Take one right away, and no other; revoking twice changes nothing.

    :raises ReasonMissing: without a reason
    """
    if not reason.strip():
        raise ReasonMissing("Say why this access is taken away.")
    changes = revocation(now=now, actor=actor, reason=reason.strip())
    change_access(access, LIVE, AccessAction.REVOKED, changes, now=now, actor=actor, reason=reason.strip(), cause=cause)


@transaction.atomic
def change_access(
    access: CourseAccess,
    allowed_from: list[AccessStatus],
    action: AccessAction,
    changes: dict[str, Any],
    *,
    now: datetime,
    actor: User | None = None,
    reason: str = "",
    cause: str = "",
) -> None:
    """One conditional UPDATE and its event. A row already in the wanted status is left alone.

    :raises AccessRefused: if the row's status does not allow the change
    """
    changed = CourseAccess.objects.filter(pk=access.pk, status__in=allowed_from).update(**changes)
    access.refresh_from_db()
    if changed:
        _record(access, action, now=now, actor=actor, reason=reason, cause=cause)
    elif access.status != changes.get("status"):
        raise AccessRefused(f"This access is {access.get_status_display().lower()}.")


def _record(
    access: CourseAccess, action: AccessAction, *, now: datetime, actor: User | None, reason: str, cause: str
) -> None:
    event_of(access, action, now=now, actor=actor, reason=reason, cause=cause).save(force_insert=True)


def event_of(
    access: CourseAccess, action: AccessAction, *, now: datetime, actor: User | None, reason: str, cause: str
) -> AccessEvent:
    """The event of a change that was just made to this right, to be written in the same transaction."""
    return AccessEvent(
        access_id=access.pk,
        user_id=access.user_id,
        course_id=access.course_id,
        action=action,
        actor_id=actor.pk if actor else None,
        at=now,
        reason=reason,
        cause=cause,
        starts_at=access.starts_at,
        expires_at=access.expires_at,
    )
