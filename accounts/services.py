"""Writes to an account that carry a rule."""

from django.db.models import F, Model

from accounts.models import StaffAction, User


def end_all_sessions(*, user: User) -> None:
    """Log the user out on every device at once; the caller may keep one session by storing the new hash in it."""
    User.objects.filter(pk=user.pk).update(session_epoch=F("session_epoch") + 1)
    user.refresh_from_db(fields=["session_epoch"])


def note_action(*, actor: User, verb: str, about: Model, detail: str = "") -> None:
    """Write into the log of staff what somebody did, in the transaction that does it; long words are cut.

    `verb` is in the past: "created", "moved to trash". The kind and the name are those of the row it is about.
    """
    StaffAction.objects.create(
        actor=actor,
        verb=verb,
        kind=str(about._meta.verbose_name),
        object_id=about.pk,
        label=str(about)[:200],
        detail=detail[:500],
    )
