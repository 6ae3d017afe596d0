"""What was open at a moment of the past, by the ledger, held against the rows where rows can tell."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from django.db.models import Q, prefetch_related_objects

from access import ledger
from access.auditing import RIGHTS, Difference, batches, histories
from access.models import AccessEvent, AccessStatus, CourseAccess
from accounts.models import User


@dataclass(frozen=True)
class OpenRight:
    """A right that was open; `is_suspended` says that staff had closed its course all the same."""

    access: CourseAccess
    state: ledger.RightState
    is_suspended: bool

    def __str__(self) -> str:
        target = self.access.course.slug if self.access.course else f"tier {self.access.tier_level}"
        ends = f"until {self.state.expires_at}" if self.state.expires_at else "for life"
        closed = ", but suspended" if self.is_suspended else ""
        return f"access {self.access.pk}: {self.access.user} {target} {ends} ({self.access.access_type}){closed}"


def open_rights_at(moment: datetime, user: User | None = None) -> Iterator[OpenRight | Difference]:
    """Every right open at this moment, of one student or of all; and every row that tells otherwise."""
    mine = Q(user=user) if user else Q()
    for rows in batches(RIGHTS, mine):
        prefetch_related_objects(rows, "user", "course")
        found, suspended = histories(RIGHTS, rows), _suspended_at(moment, {row.user_id for row in rows})
        for row in rows:
            yield from _told(row, found[row.pk], moment, suspended)


def _told(
    row: CourseAccess, events: list[AccessEvent], moment: datetime, suspended: set[tuple[int, int | None]]
) -> Iterator[OpenRight | Difference]:
    try:
        state = ledger.right_of(ledger.until(events, moment))
    except ledger.BrokenHistory as broken:
        yield Difference("access", row.pk, "history", str(broken), "one that services write")
        return
    yield from _contradictions(row, state, moment)
    if state and state.is_open(moment):
        yield OpenRight(row, state, (row.user_id, row.course_id) in suspended)


def _contradictions(row: CourseAccess, state: ledger.RightState | None, moment: datetime) -> Iterator[Difference]:
    """A row knows when it was given and when it was taken, and nothing between."""
    was_given, was_taken = state is not None, state is not None and state.status == AccessStatus.REVOKED
    if (row.granted_at <= moment) != was_given:
        yield Difference("access", row.pk, "granted_at", row.granted_at, f"{_side(was_given)} {moment}")
    if (row.revoked_at is not None and row.revoked_at <= moment) != was_taken:
        yield Difference("access", row.pk, "revoked_at", row.revoked_at, f"{_side(was_taken)} {moment}")


def _side(has_happened: bool) -> str:
    return "before" if has_happened else "after"


def _suspended_at(moment: datetime, users: Iterable[int]) -> set[tuple[int, int | None]]:
    """Who was suspended from what. A history that cannot be is found by the check; here it counts as no suspension."""
    events = AccessEvent.objects.filter(user__in=list(users), suspension__isnull=False).order_by("suspension", "pk")
    found = set()
    for _, history in groupby(events, key=lambda event: event.suspension_id):
        state = _suspension(ledger.until(history, moment))
        if state and state.lifted_at is None:
            found.add((state.user_id, state.course_id))
    return found


def _suspension(events: Iterable[AccessEvent]) -> ledger.SuspensionState | None:
    try:
        return ledger.suspension_of(events)
    except ledger.BrokenHistory:
        return None
