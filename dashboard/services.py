"""Changes that must happen once however often their form is sent: the ledger remembers the form by its cause."""

from datetime import datetime

from django.db import transaction

from access.models import AccessEvent, CourseAccess
from access.services import extend_access, override_tier
from access.services.rights import lock_student
from accounts.models import User


@transaction.atomic
def extend_once(*, access: CourseAccess, days: int, reason: str, cause: str, actor: User, now: datetime) -> None:
    """Extend a right unless this cause has done so.

    :raises AccessRefused: as `extend_access`
    """
    row = CourseAccess.objects.select_for_update(of=("self",)).get(pk=access.pk)
    if not AccessEvent.objects.filter(access=row, cause=cause).exists():
        extend_access(access=row, days=days, reason=reason, cause=cause, actor=actor, now=now)


@transaction.atomic
def give_tier_once(
    *, user: User, level: int, until: datetime, reason: str, cause: str, actor: User, now: datetime
) -> None:
    """Give a membership for a time unless this cause has done so.

    :raises AccessRefused: as `override_tier`
    :raises ReasonMissing: as `override_tier`
    """
    lock_student(user.pk)
    if not AccessEvent.objects.filter(user=user, cause=cause).exists():
        override_tier(user=user, level=level, until=until, reason=reason, cause=cause, actor=actor, now=now)
