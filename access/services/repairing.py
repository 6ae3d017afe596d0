"""Makes rows say what their events say. Never the reverse: an event is what happened."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby

from django.db import IntegrityError, transaction

from access.auditing import Book, Difference, batches, compared, differences_in_seats, locked
from access.models import Cohort


@dataclass(frozen=True)
class Repair:
    """A difference, and whether it is gone now. What a history or a constraint does not allow is left for people."""

    difference: Difference
    is_done: bool


def repair_rows(*, book: Book) -> Iterator[Repair]:
    """Repair the rows of this table, a transaction per batch."""
    for rows in batches(book):
        suspects = {found.row_id for found in compared(book, rows)}
        if suspects:
            yield from _repair_batch(book, suspects)


@transaction.atomic
def _repair_batch(book: Book, suspects: set[int]) -> list[Repair]:
    repairs: list[Repair] = []
    found = compared(book, locked(book, suspects))
    for row_id, of_row in groupby(found, key=lambda difference: difference.row_id):
        differences = list(of_row)
        is_done = _has_written(book, row_id, differences)
        repairs += [Repair(difference, is_done) for difference in differences]
    return repairs


def _has_written(book: Book, row_id: int, differences: list[Difference]) -> bool:
    if any(difference.field == "history" for difference in differences):
        return False
    columns = {difference.field: difference.expected for difference in differences}
    try:
        with transaction.atomic():
            return bool(book.model._default_manager.filter(pk=row_id).update(**columns))
    except IntegrityError:
        return False


def repair_seats() -> Iterator[Repair]:
    """Count the members of every cohort anew, a transaction per cohort."""
    for difference in differences_in_seats():
        yield Repair(difference, _has_counted(difference.row_id))


def _has_counted(cohort_id: int) -> bool:
    """Under the cohort's lock: whoever joins or leaves meanwhile adds or subtracts afterwards."""
    try:
        with transaction.atomic():
            cohort = Cohort.objects.select_for_update(no_key=True).get(pk=cohort_id)
            members = cohort.memberships.filter(left_at=None).count()
            return bool(Cohort.objects.filter(pk=cohort_id).update(member_count=members))
    except IntegrityError:
        return False
