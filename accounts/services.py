"""Writes to an account that carry a rule."""

from django.db.models import F

from accounts.models import User


def end_all_sessions(*, user: User) -> None:
    """Log the user out on every device at once; the caller may keep one session by storing the new hash in it."""
    User.objects.filter(pk=user.pk).update(session_epoch=F("session_epoch") + 1)
    user.refresh_from_db(fields=["session_epoch"])
