"""Sessions that are ready to use, as logging in would leave them."""

from collections.abc import Iterable
from datetime import UTC, datetime

from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session

SESSIONS = 200
FOREVER = datetime(2100, 1, 1, tzinfo=UTC)


def session_key(student: int) -> str:
    return f"benchmark{student:023d}"


def make_sessions(users: Iterable[AbstractBaseUser], backend: str) -> None:
    """Store one session per user, under `session_key` of the user's id."""
    store = SessionStore()
    rows = []
    for user in users:
        content = {
            "_auth_user_id": str(user.pk),
            "_auth_user_backend": backend,
            "_auth_user_hash": user.get_session_auth_hash(),
        }
        rows.append(Session(session_key=session_key(user.pk), session_data=store.encode(content), expire_date=FOREVER))
    Session.objects.bulk_create(rows)
