"""How staff take back what they just did to a student's rights: the grant, the extension, the removal from a cohort."""

from datetime import datetime
from typing import Any

from access.services import AccessRefused, CohortFull
from access.services.undoing import ChangedSince, undo_extension, undo_grant, undo_removal
from accounts.models import User
from dashboard.gates import may_change_access
from dashboard.undoing import CannotUndo, undoes


@undoes("grant", may_change_access)
def take_grant_back(facts: dict[str, Any], *, actor: User, now: datetime) -> str:
    try:
        access = undo_grant(event_id=facts["event"], actor=actor, now=now)
    except ChangedSince as refusal:
        raise CannotUndo(str(refusal)) from None
    return f"The access to {access.course} is taken back. Every other right stays."


@undoes("extend", may_change_access)
def take_extension_back(facts: dict[str, Any], *, actor: User, now: datetime) -> str:
    try:
        undo_extension(event_id=facts["event"], days=facts["days"], actor=actor, now=now)
    except ChangedSince as refusal:
        raise CannotUndo(str(refusal)) from None
    return "The extension is taken back. The access ends when it did before."


@undoes("remove_from_cohort", may_change_access)
def take_removal_back(facts: dict[str, Any], *, actor: User, now: datetime) -> str:
    try:
        cohort = undo_removal(membership_id=facts["left"], actor=actor, now=now)
    except (ChangedSince, CohortFull, AccessRefused) as refusal:
        raise CannotUndo(str(refusal)) from None
    return f"They are in {cohort} again, with the access it gave."
