"""Staff close a course to a student, and open it again. Nothing else lifts a suspension."""

from datetime import datetime

from django.db import transaction

from access.emails import announce_reinstatement, announce_suspension
from access.models import AccessAction, AccessEvent, Suspension
from access.services.rights import ReasonMissing
from accounts.models import User
from catalog.models import Course


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
        announce_suspension(suspension=suspension)
    return suspension


@transaction.atomic
def reinstate(*, suspension: Suspension, actor: User, now: datetime, reason: str = "") -> None:
    """Lift a suspension; the rights beneath it speak again. Lifting twice changes nothing."""
    still_open = Suspension.objects.filter(pk=suspension.pk, lifted_at=None)
    if still_open.update(lifted_at=now, lifted_by=actor):
        _record_suspension(suspension, AccessAction.REINSTATED, actor=actor, reason=reason, now=now)
        announce_reinstatement(suspension=suspension)
    suspension.refresh_from_db()


def _record_suspension(
    suspension: Suspension, action: AccessAction, *, actor: User, reason: str, now: datetime
) -> None:
    AccessEvent.objects.create(
        suspension=suspension,
        user_id=suspension.user_id,
        course_id=suspension.course_id,
        action=action,
        actor=actor,
        at=now,
        reason=reason,
        cause=f"suspension:{suspension.pk}",
    )
