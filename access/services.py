"""Every write of a right. Each changed row appends exactly one event, in the same transaction."""

from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from access.decisions import Code
from access.models import (
    AccessAction,
    AccessEvent,
    AccessStatus,
    AccessType,
    CourseAccess,
    CourseEnrollment,
    Suspension,
)
from access.selectors import course_decision
from accounts.models import User
from catalog.models import Course, CourseStatus, DurationType

LIVE = [AccessStatus.PENDING, AccessStatus.UNLOCKED, AccessStatus.LOCKED, AccessStatus.EXPIRED]


class AccessRefused(Exception):
    """The right cannot be changed like this; the message says why in words for people."""


class EnrollmentClosed(Exception):
    """The course does not take this student; the message says how to get in."""


class ReasonMissing(Exception):
    """Taking a right away needs a reason  [002]."""


def expiry_for(course: Course, now: datetime) -> datetime | None:
    """When a right granted now ends by the course's rules; None is lifetime. Later edits change no sold right."""
    if course.access_duration_type == DurationType.FIXED_DAYS:
        return now + timedelta(days=course.access_duration_days or 0)
    if course.access_duration_type == DurationType.UNTIL_DATE:
        return course.access_until
    return None


@transaction.atomic
def grant_access(
    *,
    user: User,
    course: Course | None = None,
    tier_level: int | None = None,
    access_type: AccessType,
    source_key: str,
    now: datetime,
    status: AccessStatus = AccessStatus.UNLOCKED,
    starts_at: datetime | None = None,
    expires_at: datetime | None = None,
    must_join: bool = False,
    actor: User | None = None,
    reason: str = "",
    cause: str = "",
) -> CourseAccess:
    """Give a right; the same source twice returns the row that exists, untouched.

    `expires_at` is the product's rule; without one the course's own rule is copied.

    :raises AccessRefused: if the right would end before it starts
    """
    live = CourseAccess.objects.filter(status__in=LIVE)
    source = {"course": course, "tier_level": tier_level, "access_type": access_type, "source_key": source_key}
    if existing := live.filter(user=user, **source).first():
        return existing
    ends = expires_at or (expiry_for(course, now) if course else None)
    begins = starts_at or now
    if ends and ends <= begins:
        raise AccessRefused(f"Access would have ended on {ends:%d %B %Y}.")
    access, is_new = live.get_or_create(
        user=user,
        **source,
        defaults={
            "status": status,
            "must_join": must_join,
            "granted_by": actor,
            "granted_at": now,
            "starts_at": begins,
            "expires_at": ends,
        },
    )
    if is_new:
        _record(access, AccessAction.GRANTED, now=now, actor=actor, reason=reason, cause=cause or source_key)
    return access


def activate_access(*, access: CourseAccess, now: datetime, cause: str = "") -> None:
    """Open a pending right; an open one stays as it is.

    :raises AccessRefused: if the right has ended meanwhile, or is neither pending nor open
    """
    if access.status == AccessStatus.PENDING and access.expires_at and access.expires_at <= now:
        raise AccessRefused("This access has ended meanwhile.")
    changes = {"status": AccessStatus.UNLOCKED, "starts_at": now}
    _change(access, [AccessStatus.PENDING], AccessAction.ACTIVATED, changes, now=now, cause=cause)


def lock_access(
    *, access: CourseAccess, now: datetime, reason: str, actor: User | None = None, cause: str = ""
) -> None:
    """Pause a right that may come back: failed instalment, open dispute, staff."""
    changes = {"status": AccessStatus.LOCKED}
    _change(
        access, [AccessStatus.UNLOCKED], AccessAction.LOCKED, changes, now=now, actor=actor, reason=reason, cause=cause
    )


def unlock_access(
    *, access: CourseAccess, now: datetime, actor: User | None = None, reason: str = "", cause: str = ""
) -> None:
    """End the pause of a locked right."""
    changes = {"status": AccessStatus.UNLOCKED}
    _change(
        access, [AccessStatus.LOCKED], AccessAction.UNLOCKED, changes, now=now, actor=actor, reason=reason, cause=cause
    )


@transaction.atomic
def extend_access(
    *, access: CourseAccess, days: int, now: datetime, actor: User | None = None, reason: str = "", cause: str = ""
) -> None:
    """Renew a right: from its end while it runs, from now once it ended. Lifetime rights stay lifetime  [002].

    :raises AccessRefused: if the right is revoked, or `days` is not positive
    """
    if days < 1:
        raise AccessRefused("Extend by at least one day.")
    row = CourseAccess.objects.select_for_update(of=("self",)).get(pk=access.pk)
    if row.status == AccessStatus.REVOKED:
        raise AccessRefused("This access is revoked.")
    if row.expires_at is None:
        return
    changes: dict[str, Any] = {"expires_at": max(row.expires_at, now) + timedelta(days=days)}
    if row.status == AccessStatus.EXPIRED:
        changes["status"] = AccessStatus.UNLOCKED
    _change(access, LIVE, AccessAction.EXTENDED, changes, now=now, actor=actor, reason=reason, cause=cause)


def revoke_access(
    *, access: CourseAccess, now: datetime, reason: str, actor: User | None = None, cause: str = ""
) -> None:
    """Take one right away, and no other; revoking twice changes nothing.

    :raises ReasonMissing: without a reason
    """
    if not reason.strip():
        raise ReasonMissing("Say why this access is taken away.")
    changes = {
        "status": AccessStatus.REVOKED,
        "revoked_at": now,
        "revoked_by": actor,
        "revocation_reason": reason.strip(),
    }
    _change(access, LIVE, AccessAction.REVOKED, changes, now=now, actor=actor, reason=reason.strip(), cause=cause)


@transaction.atomic
def _change(
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
    AccessEvent.objects.create(
        access=access,
        user_id=access.user_id,
        course_id=access.course_id,
        action=action,
        actor=actor,
        at=now,
        reason=reason,
        cause=cause,
        starts_at=access.starts_at,
        expires_at=access.expires_at,
    )


def enroll(*, user: User, course: Course, now: datetime) -> CourseEnrollment:
    """Note that the student takes part; a second call returns the same row. It opens nothing by itself."""
    enrollment, _ = CourseEnrollment.objects.get_or_create(user=user, course=course, defaults={"enrolled_at": now})
    return enrollment


@transaction.atomic
def enroll_free(*, user: User, course: Course, now: datetime) -> CourseEnrollment:
    """Give a student a free course and enroll them; a second call returns the same enrollment  [002, 004].

    :raises EnrollmentClosed: if the course is not free, not open, or closed to this student
    """
    code = course_decision(user, course, now).code
    if code not in {Code.FREE, Code.ACTIVE, Code.NOT_JOINED, Code.STAFF}:
        raise EnrollmentClosed(REFUSALS[code])
    if code in {Code.FREE, Code.STAFF}:
        if not course.is_free or course.status != CourseStatus.ACTIVE:
            raise EnrollmentClosed(REFUSALS[Code.CLOSED])
        _grant_free(user, course, now)
    return enroll(user=user, course=course, now=now)


def _grant_free(user: User, course: Course, now: datetime) -> None:
    try:
        grant_access(user=user, course=course, access_type=AccessType.FREE, source_key="free", now=now)
    except AccessRefused as refusal:
        raise EnrollmentClosed(str(refusal)) from None


def join_course(*, user: User, course: Course, now: datetime) -> CourseEnrollment:
    """Enroll a student who already holds an open right  [002, X-4].

    :raises EnrollmentClosed: without an open right
    """
    decision = course_decision(user, course, now)
    if decision.code not in {Code.NOT_JOINED, Code.ACTIVE}:
        raise EnrollmentClosed(REFUSALS.get(decision.code, "This course is not open to you."))
    return enroll(user=user, course=course, now=now)


REFUSALS = {
    Code.SUSPENDED: "Your access to this course is suspended.",
    Code.SIGN_IN: "Log in to take this course.",
    Code.COMING_SOON: "This course has not opened yet.",
    Code.PENDING: "Your access to this course has not started yet.",
    Code.PAYMENT_REQUIRED: "Your access is paused until the open payment arrives.",
    Code.EXPIRED: "Your access to this course has ended.",
    Code.REVOKED: "Your access to this course was withdrawn.",
    Code.FREE: "Enroll in this course first.",
    Code.PURCHASE: "This course has to be bought first.",
    Code.SUBSCRIPTION: "This course is part of a membership.",
    Code.INVITE_ONLY: "This course is by invitation.",
    Code.COHORT_ONLY: "This course is taken in a group that starts on a date.",
    Code.CLOSED: "This course takes no new students.",
    Code.NOT_FOUND: "There is no such course.",
}


@transaction.atomic
def suspend(
    *, user: User, course: Course, actor: User, reason: str, now: datetime, public_note: str = ""
) -> Suspension:
    """Close a course to a student until staff lift it; a second call returns the open suspension  [002, X-6].

    :raises ReasonMissing: without a reason
    """
    if not reason.strip():
        raise ReasonMissing("Say why the student is suspended.")
    suspension, is_new = Suspension.objects.get_or_create(
        user=user,
        course=course,
        lifted_at=None,
        defaults={
            "reason": reason.strip(),
            "public_note": public_note,
            "suspended_by": actor,
            "suspended_at": now,
        },
    )
    if is_new:
        _record_suspension(suspension, AccessAction.SUSPENDED, actor=actor, reason=reason.strip(), now=now)
    return suspension


@transaction.atomic
def reinstate(*, suspension: Suspension, actor: User, now: datetime, reason: str = "") -> None:
    """Lift a suspension; the rights beneath it speak again. Lifting twice changes nothing."""
    still_open = Suspension.objects.filter(pk=suspension.pk, lifted_at=None)
    if still_open.update(lifted_at=now, lifted_by=actor):
        _record_suspension(suspension, AccessAction.REINSTATED, actor=actor, reason=reason, now=now)
    suspension.refresh_from_db()


def _record_suspension(
    suspension: Suspension, action: AccessAction, *, actor: User, reason: str, now: datetime
) -> None:
    AccessEvent.objects.create(
        user_id=suspension.user_id,
        course_id=suspension.course_id,
        action=action,
        actor=actor,
        at=now,
        reason=reason,
        cause=f"suspension:{suspension.pk}",
    )
