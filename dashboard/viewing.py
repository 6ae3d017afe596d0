"""Staff see the site with the eyes of a student: read-only, for half an hour, and the log says so.

The session stays that of the member of staff; `dashboard.middleware.view_as` lets pages take somebody else for their
viewer while they are made.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.contrib.sessions.backends.base import SessionBase
from django.db.models import QuerySet

from accounts.http import Viewer
from accounts.models import User
from accounts.services import note_action
from dashboard.gates import may_change_access

KEY = "view_as"
LASTS = timedelta(minutes=30)
NOBODY = -1  # the number of no account


class Eyes(StrEnum):
    """Whose eyes."""

    STUDENT = "student"
    NEWCOMER = "newcomer"
    VISITOR = "visitor"


NAMES = {Eyes.NEWCOMER: "a student without access", Eyes.VISITOR: "a visitor who is not logged in"}


@dataclass(frozen=True)
class Viewing:
    """Who looks, and whom the pages take for their viewer."""

    staff: User
    shown: Viewer
    name: str

    @property
    def student_id(self) -> int | None:
        """The number of the student, if it is a given one."""
        return self.shown.pk if self.shown.pk != NOBODY else None


def students_to_view_as() -> QuerySet[User]:
    """Whom staff may look as: never staff, nor who has every right, nor who could not log in themselves."""
    return User.objects.filter(is_staff=False, is_superuser=False, is_active=True)


def start_viewing(*, session: SessionBase, staff: User, eyes: Eyes, student: User | None, now: datetime) -> None:
    """Remember in the session whose eyes, and write down that it began."""
    until = now + LASTS
    session[KEY] = {
        "eyes": eyes.value,
        "student": student.pk if student else None,
        "by": staff.pk,
        "until": until.timestamp(),
    }
    _note("began to view as", staff, student, eyes)


def stop_viewing(*, session: SessionBase, staff: User) -> None:
    """Forget it, and write down that it ended; without effect when nobody looks."""
    asked = session.pop(KEY, None)
    if asked:
        student = User.objects.filter(pk=asked["student"]).first() if asked["student"] else None
        _note("stopped viewing as", staff, student, Eyes(asked["eyes"]))


def _note(verb: str, staff: User, student: User | None, eyes: Eyes) -> None:
    note_action(actor=staff, verb=verb, about=student or staff, detail=NAMES.get(eyes, ""))


def viewing_of(asked: dict[str, Any], staff: User, now: datetime) -> Viewing | None:
    """What the session remembers, if it still holds: the time, the right of the staff, and whom they look as.

    A session does not outlive that its user is staff.
    """
    if asked["by"] != staff.pk or now.timestamp() >= asked["until"]:
        return None
    eyes = Eyes(asked["eyes"])
    if eyes == Eyes.STUDENT:
        student = students_to_view_as().filter(pk=asked["student"]).first()
        return Viewing(staff, student, student.display_name) if student and may_change_access(staff) else None
    return Viewing(staff, AnonymousUser() if eyes == Eyes.VISITOR else newcomer(), NAMES[eyes])


def newcomer() -> User:
    """Somebody who has an account and nothing else; the row does not exist."""
    return User(pk=NOBODY, name="New Student", email="new.student@example.invalid")
