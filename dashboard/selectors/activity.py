"""The feed of the overview: the newest of four tables, as one list of who did what to whom and when."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from django.db.models import QuerySet

from access.models import AccessAction, AccessEvent
from accounts.models import StaffAction, User
from dashboard.wording import through, who
from progress.models import LessonProgress

SHOWN = 30
ACCOUNT = str(User._meta.verbose_name)  # what the log of staff calls one
MOST_NEW = 99


class Kind(StrEnum):
    """What a line of the feed may be about."""

    LESSONS = "lessons"
    ACCESS = "access"
    STAFF = "staff"
    ACCOUNTS = "accounts"

    @property
    def label(self) -> str:
        return LABELS[self]


LABELS = {
    Kind.LESSONS: "Lessons completed",
    Kind.ACCESS: "Changes of access",
    Kind.STAFF: "Work of staff",
    Kind.ACCOUNTS: "New accounts",
}

WORDS = {
    AccessAction.GRANTED: "got access to",
    AccessAction.ACTIVATED: "can now open",
    AccessAction.EXTENDED: "got longer access to",
    AccessAction.LOCKED: "was locked out of",
    AccessAction.UNLOCKED: "can open again",
    AccessAction.EXPIRED: "came to the end of access to",
    AccessAction.REVOKED: "lost access to",
    AccessAction.SUSPENDED: "was suspended from",
    AccessAction.REINSTATED: "was reinstated in",
}


@dataclass(frozen=True)
class Happening:
    """One line: who (a student with a page, or the name of staff), did what, when."""

    kind: Kind
    at: datetime
    student: User | None
    name: str
    did: str
    what: str = ""
    more: str = ""


def happenings(kind: Kind | None) -> list[Happening]:
    """The newest thirty of one kind, or of all: a query for each kind."""
    found = [line for each in _kinds(kind) for line in READERS[each]()]
    return sorted(found, key=lambda line: line.at, reverse=True)[:SHOWN]


def count_since(kind: Kind | None, moment: datetime) -> int:
    """How many came after this moment, counted up to a hundred of each kind."""
    return sum(_count(each, moment) for each in _kinds(kind))


def _kinds(kind: Kind | None) -> Iterable[Kind]:
    return [kind] if kind else list(Kind)


def _completions() -> QuerySet[LessonProgress]:
    done = LessonProgress.objects.filter(completed_at__isnull=False, user__is_staff=False)
    return done.order_by("-completed_at", "-user")


def _events() -> QuerySet[AccessEvent]:
    return AccessEvent.objects.filter(user__is_staff=False).order_by("-at", "-pk")


def _staff_actions() -> QuerySet[StaffAction]:
    return StaffAction.objects.order_by("-at", "-pk")


def _accounts() -> QuerySet[User]:
    return User.objects.filter(is_staff=False).order_by("-date_joined", "-pk")


def _count(kind: Kind, moment: datetime) -> int:
    new: dict[Kind, QuerySet[Any]] = {
        Kind.LESSONS: _completions().filter(completed_at__gt=moment),
        Kind.ACCESS: _events().filter(at__gt=moment),
        Kind.STAFF: _staff_actions().filter(at__gt=moment),
        Kind.ACCOUNTS: _accounts().filter(date_joined__gt=moment),
    }
    return new[kind][: MOST_NEW + 1].count()


def _read_completions() -> list[Happening]:
    rows = _completions().select_related("user", "lesson", "course")
    rows = rows.only("completed_at", "user__name", "user__email", "lesson__title", "course__title")
    return [
        Happening(
            Kind.LESSONS,
            row.completed_at,
            row.user,
            row.user.display_name,
            "completed",
            row.lesson.title,
            f"in {row.course.title}",
        )
        for row in rows[:SHOWN]
        if row.completed_at
    ]


def _read_events() -> list[Happening]:
    sources = ("access__cohort", "access__bundle_purchase__bundle", "access__path")
    rows = _events().select_related("user", "actor", "course", *sources)
    return [
        Happening(
            Kind.ACCESS,
            event.at,
            event.user,
            event.user.display_name,
            WORDS[AccessAction(event.action)],
            event.course.title if event.course else "a membership",
            f"{who(event)}, through {through(event)}",
        )
        for event in rows[:SHOWN]
    ]


def _read_staff_actions() -> list[Happening]:
    rows = list(_staff_actions().select_related("actor")[:SHOWN])
    about = [row.object_id for row in rows if row.kind == ACCOUNT and row.object_id]
    students = User.objects.filter(is_staff=False).in_bulk(about)
    return [
        Happening(
            Kind.STAFF,
            row.at,
            students.get(row.object_id or 0) if row.kind == ACCOUNT else None,
            row.actor.display_name,
            f"{row.verb}:",
            f"{'student' if row.kind == ACCOUNT else row.kind} {row.label}".strip(),
            row.detail,
        )
        for row in rows
    ]


def _read_accounts() -> list[Happening]:
    return [
        Happening(Kind.ACCOUNTS, user.date_joined, user, user.display_name, "made an account")
        for user in _accounts()[:SHOWN]
    ]


READERS: dict[Kind, Callable[[], list[Happening]]] = {
    Kind.LESSONS: _read_completions,
    Kind.ACCESS: _read_events,
    Kind.STAFF: _read_staff_actions,
    Kind.ACCOUNTS: _read_accounts,
}
