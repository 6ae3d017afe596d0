"""The log: what staff did in the dashboard, and the changes of access that somebody made for a student, as one list.

Two tables, each asked for the newest before a position; so the millionth line costs no more than the first.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from heapq import merge
from itertools import islice
from typing import Any

from django.db.models import F, Q, QuerySet

from access.models import AccessEvent
from accounts.models import StaffAction, User
from common.moments import start_of_day
from dashboard.selectors.person import tier_names

ACCESS = "access"
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)
BATCH = 500
POSITION = re.compile(r"(\d{1,17})-([01])-(\d{1,18})", re.ASCII)


@dataclass(frozen=True, order=True)
class Position:
    """Where a line stands: its time, then changes of access before the rest, then its number."""

    at: datetime
    table: int
    pk: int

    def __str__(self) -> str:
        return f"{(self.at - EPOCH) // MICROSECOND}-{self.table}-{self.pk}"


@dataclass(frozen=True)
class Line:
    """One thing somebody did. `student` has a page in the dashboard."""

    position: Position
    actor: User
    did: str
    kind: str
    what: str
    student: User | None
    detail: str


@dataclass(frozen=True)
class Asked:
    """Which lines; every part may be empty."""

    words: str = ""
    actor: User | None = None
    kind: str = ""
    first_day: date | None = None
    last_day: date | None = None


def position_at(text: str) -> Position | None:
    """The position that an address names; None if it names none."""
    found = POSITION.fullmatch(text)
    if not found:
        return None
    microseconds, table, pk = map(int, found.groups())
    return Position(EPOCH + MICROSECOND * microseconds, table, pk)


def lines_before(asked: Asked, position: Position | None, *, count: int) -> list[Line]:
    """The newest lines before a position, or of all: at most a query for each table and one for memberships."""
    tiers = tier_names() if asked.kind in {"", ACCESS} else {}
    events = (_of_event(event, tiers) for event in _before(_events(asked), position, 1)[:count])
    actions = (_of_action(action) for action in _before(_actions(asked), position, 0)[:count])
    return list(islice(merge(events, actions, key=lambda line: line.position, reverse=True), count))


def all_lines(asked: Asked) -> Iterator[Line]:
    """Every line, some at a time, for a table that is sent while it is read."""
    position = None
    while found := lines_before(asked, position, count=BATCH):
        yield from found
        position = found[-1].position


def actors() -> QuerySet[User]:
    """Who may stand in the log: staff, and who was staff and left a line."""
    return User.objects.filter(Q(is_staff=True) | Q(pk__in=StaffAction.objects.values("actor"))).order_by("email")


def kinds() -> list[str]:
    """What the lines of staff are about."""
    return list(StaffAction.objects.order_by("kind").values_list("kind", flat=True).distinct())


def _before(rows: QuerySet[Any], position: Position | None, table: int) -> QuerySet[Any]:
    """The rows in the order of the list; of those at the same moment, what comes after the position."""
    rows = rows.order_by("-at", "-pk")
    if position is None:
        return rows
    earlier = Q(at__lt=position.at)
    if table < position.table:
        earlier |= Q(at=position.at)
    elif table == position.table:
        earlier |= Q(at=position.at, pk__lt=position.pk)
    return rows.filter(earlier, at__lte=position.at)


def _events(asked: Asked) -> QuerySet[AccessEvent]:
    """What somebody did for another; what students did themselves, or what happened by itself, is no work of staff."""
    events = AccessEvent.objects.filter(actor__isnull=False).exclude(actor=F("user"))
    if asked.kind not in {"", ACCESS}:
        return events.none()
    for word in asked.words.split():
        person = Q(user__name__icontains=word) | Q(user__email__icontains=word)
        events = events.filter(
            person
            | Q(course__title__icontains=word)
            | Q(reason__icontains=word)
            | Q(action__icontains=word)
            | _by(word)
        )
    return _in_time(events, asked).select_related("actor", "user", "course", "access")


def _actions(asked: Asked) -> QuerySet[StaffAction]:
    actions = StaffAction.objects.all()
    if asked.kind:
        actions = actions.filter(kind=asked.kind)
    for word in asked.words.split():
        thing = Q(label__icontains=word) | Q(detail__icontains=word) | Q(verb__icontains=word)
        actions = actions.filter(thing | Q(kind__icontains=word) | _by(word))
    return _in_time(actions, asked).select_related("actor")


def _by(word: str) -> Q:
    return Q(actor__name__icontains=word) | Q(actor__email__icontains=word)


def _in_time(rows: QuerySet[Any], asked: Asked) -> QuerySet[Any]:
    if asked.actor:
        rows = rows.filter(actor=asked.actor)
    if asked.first_day:
        rows = rows.filter(at__gte=start_of_day(asked.first_day))
    if asked.last_day:
        rows = rows.filter(at__lt=start_of_day(asked.last_day + timedelta(days=1)))
    return rows


def _of_event(event: AccessEvent, tiers: dict[int, str]) -> Line:
    level = event.access.tier_level if event.access else None
    what = event.course.title if event.course else f"Membership {tiers.get(level or 0, level)}"
    position = Position(event.at, 1, event.pk)
    student = None if event.user.is_staff else event.user
    label = f"{what}, for {event.user.display_name}"
    return Line(position, event.actor, event.action, ACCESS, label, student, event.reason)  # type: ignore[arg-type] # asked for with an actor


def _of_action(action: StaffAction) -> Line:
    position = Position(action.at, 0, action.pk)
    return Line(position, action.actor, action.verb, action.kind, action.label, None, action.detail)
