"""Giving and taking a whole course by hand: the student is told, and what staff note is kept with the right."""

from datetime import datetime
from typing import TypedDict, Unpack

from django.db import transaction
from django.utils.crypto import get_random_string

from access.emails import announce_grants
from access.models import AccessType, BundlePurchase, Cohort, CourseAccess, LearningPath
from access.services.rights import LIVE, activate_access, grant_access, revoke_access
from accounts.models import User
from catalog.models import Course

REASON_LENGTH = 300


class Source(TypedDict, total=False):
    """What else than staff may have given a right; at most one."""

    cohort: Cohort | None
    bundle_purchase: BundlePurchase | None
    path: LearningPath | None


@transaction.atomic
def grant_by_hand(
    *,
    user: User,
    course: Course | None,
    now: datetime,
    actor: User | None = None,
    tier_level: int | None = None,
    access_type: AccessType = AccessType.MANUAL,
    source_key: str = "",
    expires_at: datetime | None = None,
    must_join: bool = False,
    notes: str = "",
    **source: Unpack[Source],
) -> CourseAccess:
    """Give a right with a note, and tell the student in a mail, unless they gave it to themselves or it is free.

    Without a `source_key` the key is that of the cohort, bundle or path; by staff each right is one of its own.

    :raises AccessRefused: if the right would end before it starts
    """
    access = grant_access(
        user=user,
        course=course,
        tier_level=tier_level,
        access_type=access_type,
        source_key=source_key or _key(access_type, source),
        expires_at=expires_at,
        must_join=must_join,
        actor=actor,
        reason=notes[:REASON_LENGTH],
        now=now,
        **source,
    )
    if access.granted_at == now:
        _note([access], notes)
    if access_type != AccessType.FREE and actor != user:
        announce_grants(user=user, accesses=[access], now=now)
    return access


@transaction.atomic
def open_by_hand(*, access: CourseAccess, actor: User, reason: str, now: datetime) -> None:
    """Open a right that waits before its time, and tell the student; an open one stays as it is.

    :raises AccessRefused: as `activate_access`
    """
    activate_access(access=access, actor=actor, reason=reason, now=now)
    announce_grants(user=access.user, accesses=[access], now=now)


def _key(access_type: AccessType, source: Source) -> str:
    """The same keys as the services of cohorts, bundles and paths write, so that none of it is given twice."""
    if access_type == AccessType.MANUAL:
        return f"staff:{get_random_string(12)}"
    given = {
        "cohort": source.get("cohort"),
        "bundle_purchase": source.get("bundle_purchase"),
        "path": source.get("path"),
    }
    return next((f"{name}:{each.pk}" for name, each in given.items() if each), str(access_type))


@transaction.atomic
def revoke_course(
    *, user: User, course: Course, actor: User | None, reason: str, now: datetime, notes: str = ""
) -> CourseAccess | None:
    """Take away every right a student holds on this very course, one event each; returns the newest, None without any.

    A membership that reaches the course stays, and keeps it open: it is a right to more than this course.

    :raises ReasonMissing: without a reason
    """
    rows = CourseAccess.objects.filter(user=user, course=course, status__in=LIVE).order_by("pk")
    held = list(rows.select_for_update(of=("self",), no_key=True))
    for access in held:
        revoke_access(access=access, now=now, reason=reason, actor=actor)
    _note(held, notes)
    return max(held, key=lambda access: (access.granted_at, access.pk), default=None)


def _note(rows: list[CourseAccess], notes: str) -> None:
    """Append to what was noted before  [001, V-4]."""
    for access in rows:
        access.notes = f"{access.notes}\n{notes}".strip()
    CourseAccess.objects.bulk_update(rows, ["notes"])
