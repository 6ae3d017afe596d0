"""Batches of bulk access: the list, and the lines of one."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet

from access.models import AccessBatch, AccessBatchRow, BatchState, UndoOutcome, Verdict
from dashboard.bulk_wording import LATE, UNDO, cause_of, sign_of_batch, sign_of_line, sign_of_verdict
from dashboard.wording import Sign


@dataclass(frozen=True)
class BatchLine:
    """A batch as the list shows it."""

    batch: AccessBatch
    sign: Sign
    lines: int


@dataclass(frozen=True)
class Chip:
    """How many lines of a batch have one verdict or outcome; `key` asks for them."""

    key: str
    sign: Sign
    count: int


@dataclass(frozen=True)
class Shown:
    """A line of a batch as its page shows it."""

    row: AccessBatchRow
    sign: Sign
    cause: str


def batches_found(wanted: dict[str, Any], now: datetime) -> QuerySet[AccessBatch]:
    """The batches somebody looks for, the newest first unless they ask otherwise."""
    found = AccessBatch.objects.select_related("by")
    for word in (wanted.get("q") or "").split():
        found = found.filter(Q(name__icontains=word) | Q(by__name__icontains=word) | Q(by__email__icontains=word))
    if state := wanted.get("state"):
        too_old = Q(state=BatchState.DRAFT, expires_at__lte=now)
        asked = {BatchState.DRAFT: Q(state=state) & ~too_old, BatchState.EXPIRED: Q(state=state) | too_old}
        found = found.filter(asked.get(state, Q(state=state)))
    return found.order_by("pk" if wanted.get("sort") == "oldest" else "-pk")


def batch_lines(batches: list[AccessBatch], now: datetime) -> list[BatchLine]:
    return [
        BatchLine(batch, sign_of_batch(batch, now), sum(batch.counts.get("verdicts", {}).values())) for batch in batches
    ]


def chips_of(batch: AccessBatch) -> list[Chip]:
    """What the lines came to, in the order of the verdicts; only what there is."""
    verdicts, undo = batch.counts.get("verdicts", {}), batch.counts.get("undo", {})
    chips = [Chip(key, sign_of_verdict(key, batch), verdicts[key]) for key in Verdict.values if verdicts.get(key)]
    if late := batch.counts.get("late"):
        chips.append(Chip(LATE, Sign("Changed since the check", "warn", "warning"), late))
    return chips + [Chip(key, UNDO[UndoOutcome(key)], undo[key]) for key in UndoOutcome.values if undo.get(key)]


def rows_found(batch: AccessBatch, show: str) -> QuerySet[AccessBatchRow]:
    """The lines of a batch, or those of one chip; what is no chip asks for all."""
    rows = batch.rows.select_related("user").order_by("line")
    if show in Verdict.values:
        return rows.filter(verdict=show)
    if show in UndoOutcome.values:
        return rows.filter(undo=show)
    return rows.filter(is_late=True) if show == LATE else rows


def shown(rows: QuerySet[AccessBatchRow] | list[AccessBatchRow], batch: AccessBatch) -> list[Shown]:
    return [Shown(row, sign_of_line(row, batch), cause_of(row)) for row in rows]
