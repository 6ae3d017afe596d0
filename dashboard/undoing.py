"""Taking back what was just done: the page says it with a form, and that form's token says all that is needed.

A module that offers it registers how: `@undoes("grant", may_change_access)` on a function of the facts, the actor and
the clock, which returns the sentence told afterwards or raises `CannotUndo`. A view offers it with `offer_undo`.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Protocol

from django.core import signing
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.urls import reverse

from accounts.http import StudentRequest
from accounts.models import User

SALT = "dashboard.undoing"
LIFETIME = timedelta(hours=1)
IN_SESSION = "undo"
TOO_LATE = "This can no longer be undone."


class CannotUndo(Exception):
    """It was changed since, or is too long ago; the message says why in words for people."""


class UndoFunction(Protocol):
    """How something is taken back."""

    def __call__(self, facts: dict[str, Any], *, actor: User, now: datetime) -> str: ...


@dataclass(frozen=True)
class _Act:
    may: Callable[[User], bool]
    undo: UndoFunction


@dataclass(frozen=True)
class Offer:
    """What the page says until it is used, closed, replaced by the next, or an hour old."""

    told: str
    token: str


_ACTS: dict[str, _Act] = {}


def undoes(name: str, may: Callable[[User], bool]) -> Callable[[UndoFunction], UndoFunction]:
    """Register how an act of this name is taken back, and who may; it runs in a transaction of its own."""

    def register(undo: UndoFunction) -> UndoFunction:
        _ACTS[name] = _Act(may, undo)
        return undo

    return register


def undo_token(user: User, name: str, *, back: str, now: datetime, **facts: Any) -> str:
    """Return what the form sends: only its user can use it, for an hour. `back` is the page they come back to."""
    said = {"name": name, "user": user.pk, "back": back, "at": now.timestamp(), "facts": facts}
    return signing.dumps(said, salt=SALT, compress=True)


def offer_undo(request: StudentRequest, told: str, name: str, *, back: str, now: datetime, **facts: Any) -> None:
    """Say what was done, with a button that takes it back. It takes the place of a message; facts must fit JSON."""
    token = undo_token(request.user, name, back=back, now=now, **facts)
    request.session[IN_SESSION] = {"told": told, "token": token, "at": now.timestamp()}


def offered(request: StudentRequest, now: datetime) -> Offer | None:
    """What may be taken back at this moment."""
    kept = request.session.get(IN_SESSION)
    if kept is None or _is_over(kept["at"], now):
        return None
    return Offer(kept["told"], kept["token"])


def close_offer(request: StudentRequest, token: str) -> None:
    """Say no more of it; what was offered after it stays."""
    if request.session.get(IN_SESSION, {}).get("token") == token:
        del request.session[IN_SESSION]


def take_back(token: str, *, actor: User, now: datetime) -> str:
    """Do what the token says, and return the sentence told afterwards.

    :raises CannotUndo: if the token is no good, too old or another's, or the thing was changed since
    :raises PermissionDenied: if the user may not do this any more
    """
    said = _read(token)
    act = _ACTS.get(said["name"]) if said else None  # a release may know an act of the one before no more
    if said is None or act is None or said["user"] != actor.pk or _is_over(said["at"], now):
        raise CannotUndo(TOO_LATE)
    if not act.may(actor):
        raise PermissionDenied
    with transaction.atomic():
        return act.undo(said["facts"], actor=actor, now=now)


def way_back(token: str) -> str:
    """The page the form came from; the first page of the dashboard if nobody knows."""
    said = _read(token)
    return str(said["back"]) if said else reverse("dashboard:overview")


def _read(token: str) -> dict[str, Any] | None:
    try:
        said: dict[str, Any] = signing.loads(token, salt=SALT)
    except signing.BadSignature:
        return None
    return said


def _is_over(at: float, now: datetime) -> bool:
    return now.timestamp() - at > LIFETIME.total_seconds()
