"""Memberships staff give for a time, beside whatever the student pays for  [T-49, X-47]."""

from datetime import datetime

from django.db import transaction

from access.emails import announce_grants
from access.models import AccessType, CourseAccess
from access.models.tiers import OVERRIDE
from access.services.rights import LIVE, ReasonMissing, grant_access, lock_student, revoke_access
from accounts.models import User


@transaction.atomic
def override_tier(
    *, user: User, level: int, until: datetime, actor: User, reason: str, now: datetime, cause: str = ""
) -> CourseAccess:
    """Give a student a membership until a moment; that moment itself is too late. It only ever raises: the highest
    membership counts. One given before is revoked first, and stays in the history.

    :raises ReasonMissing: without a reason
    :raises AccessRefused: if `until` is not in the future
    """
    if not reason.strip():
        raise ReasonMissing("Say why this membership is given.")
    lock_student(user.pk)
    for former in _overrides(user):
        revoke_access(access=former, now=now, reason="Replaced by another override", actor=actor, cause=OVERRIDE)
    access = grant_access(
        user=user,
        tier_level=level,
        access_type=AccessType.MANUAL,
        source_key=OVERRIDE,
        now=now,
        expires_at=until,
        actor=actor,
        reason=reason.strip(),
        cause=cause,
    )
    announce_grants(user=user, accesses=[access], now=now)
    return access


def _overrides(user: User) -> list[CourseAccess]:
    """Those not revoked, one at most."""
    return list(CourseAccess.objects.filter(user=user, source_key=OVERRIDE, status__in=LIVE).order_by("pk"))
