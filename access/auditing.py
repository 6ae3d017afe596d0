"""Compares what stands in the rows with what the ledger says. Reads in batches and writes nothing."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, fields
from typing import Any

from django.db import models, transaction
from django.db.models import Count, Q

from access import ledger
from access.models import AccessEvent, Cohort, CourseAccess, Suspension

BATCH = 1000
EVERYTHING = Q()
Row = CourseAccess | Suspension
State = ledger.RightState | ledger.SuspensionState


@dataclass(frozen=True)
class Difference:
    """One thing that is not as it must be: which row, what of it, what stands there, and what should."""

    kind: str
    row_id: int
    field: str
    found: object
    expected: object

    def __str__(self) -> str:
        return f"{self.kind} {self.row_id}: {self.field} is {_shown(self.found)}, not {_shown(self.expected)}"


@dataclass(frozen=True)
class Book:
    """A table whose rows are a fold over events, and how to fold them."""

    kind: str
    model: type[models.Model]
    fold: Callable[[Iterable[AccessEvent]], State | None]


RIGHTS = Book("access", CourseAccess, ledger.right_of)
BOOKS = (RIGHTS, Book("suspension", Suspension, ledger.suspension_of))


def differences_in_rows(book: Book) -> Iterator[Difference]:
    """Every column that is not what the events make of it, every history that cannot be."""
    for rows in batches(book):
        suspects = {found.row_id for found in compared(book, rows)}
        if suspects:
            yield from _once_more(book, suspects)


def _once_more(book: Book, suspects: set[int]) -> list[Difference]:
    """Rows and events were read one after the other; under the row's lock no service stands between the two."""
    with transaction.atomic():
        return list(compared(book, locked(book, suspects)))


def batches(book: Book, narrowed: Q = EVERYTHING) -> Iterator[list[Any]]:
    """All rows by id, a batch at a time, without holding a transaction open."""
    last = 0
    manager: models.Manager[Any] = book.model._default_manager
    while rows := list(manager.filter(narrowed, pk__gt=last).order_by("pk")[:BATCH]):
        yield rows
        last = rows[-1].pk


def locked(book: Book, ids: Iterable[int]) -> list[Any]:
    """These rows, held until the transaction ends."""
    manager: models.Manager[Any] = book.model._default_manager
    return list(manager.filter(pk__in=ids).select_for_update(of=("self",), no_key=True).order_by("pk"))


def histories(book: Book, rows: Iterable[Row]) -> dict[int, list[AccessEvent]]:
    """The events of each row, in the order they were written: one query."""
    found: dict[int, list[AccessEvent]] = {row.pk: [] for row in rows}
    for event in AccessEvent.objects.filter(**{f"{book.kind}__in": list(found)}).order_by("pk"):
        found[getattr(event, f"{book.kind}_id")].append(event)
    return found


def compared(book: Book, rows: list[Any]) -> Iterator[Difference]:
    """The differences of these rows."""
    found = histories(book, rows)
    for row in rows:
        try:
            state = book.fold(found[row.pk])
        except ledger.BrokenHistory as broken:
            yield Difference(book.kind, row.pk, "history", str(broken), "one that services write")
            continue
        if state is None:
            yield Difference(book.kind, row.pk, "history", "empty", "one that services write")
        else:
            yield from columns(book, row, state)


def columns(book: Book, row: Row, state: State) -> Iterator[Difference]:
    """Each column of the row that the ledger decides otherwise."""
    for field in fields(state):
        value, expected = getattr(row, field.name), getattr(state, field.name)
        if value != expected:
            yield Difference(book.kind, row.pk, field.name, value, expected)


def differences_in_seats() -> Iterator[Difference]:
    """Every cohort whose count is not the number of its members. One statement, so both are of the same moment."""
    cohorts = Cohort.objects.annotate(members=Count("memberships", filter=Q(memberships__left_at=None)))
    for cohort in cohorts.order_by("pk").iterator(chunk_size=BATCH):
        if cohort.member_count != cohort.members:
            yield Difference("cohort", cohort.pk, "member_count", cohort.member_count, cohort.members)


def _shown(value: object) -> str:
    return "empty" if value is None or value == "" else str(value)
