"""For a day a batch can be undone: what it gave or extended, and nobody touched since. Told line by line."""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet

from access.models import AccessBatch, AccessBatchRow, AccessEvent, BatchState, CourseAccess, UndoOutcome, Verdict
from access.models.batches import CHANGING, UNDO_LASTS
from access.services.bulk import BatchRefused, counted, work_on_chunk
from access.services.bulk_rights import Change, NewEnd, revoke_many, rights_given, shorten_many
from access.services.bulk_rules import locked_people
from accounts.models import User
from accounts.services import note_action
from common.jobs import enqueue

Rights = dict[int, CourseAccess]


@transaction.atomic
def undo_batch(*, batch: AccessBatch, actor: User, now: datetime) -> None:
    """Have a batch undone in the background.

    :raises BatchRefused: if it is not applied, was undone, or was applied more than a day ago
    """
    ready = AccessBatch.objects.filter(pk=batch.pk, state=BatchState.APPLIED, finished_at__gt=now - UNDO_LASTS)
    changed = AccessBatch.objects.get(pk=batch.pk).changed
    fresh = {"total": changed, "done": 0, "reached": 0, "moved_at": now, "cause": ""}
    started = ready.update(state=BatchState.UNDOING, undone_by=actor, **fresh)
    batch.refresh_from_db()
    if not started:
        raise BatchRefused(_why_not(batch))
    note_action(actor=actor, verb="undid", about=batch, detail=f"{changed} lines")
    enqueue("access.tasks.undo_batch", batch.pk)


def _why_not(batch: AccessBatch) -> str:
    if batch.state in {BatchState.UNDOING, BatchState.UNDONE}:
        return "This batch has been undone already."
    if batch.state == BatchState.APPLIED:
        return "This batch was applied more than a day ago. Change the rights one by one."
    return "This batch has not been applied."


def undo_chunk(*, batch_id: int, now: datetime) -> bool:
    """Undo the next lines; False says that nothing is left to do."""
    return work_on_chunk(batch_id, BatchState.UNDOING, _rows_to_undo, _undo, _finish, now)


def _rows_to_undo(batch: AccessBatch) -> QuerySet[AccessBatchRow]:
    return batch.rows.filter(verdict__in=CHANGING)


def _undo(batch: AccessBatch, rows: list[AccessBatchRow], now: datetime) -> None:
    locked_people({row.user_id for row in rows if row.user_id})
    rights = _locked_rights(batch, rows)
    ours = _last_changed_by(batch, rights.values())
    outcomes: dict[UndoOutcome, list[AccessBatchRow]] = {outcome: [] for outcome in UndoOutcome}
    for row in rows:
        outcomes[_outcome(row, rights, ours)].append(row)
    _take_back(batch, outcomes[UndoOutcome.UNDONE], rights, now)
    for outcome, same in outcomes.items():
        AccessBatchRow.objects.filter(pk__in=[row.pk for row in same]).update(undo=outcome)


def _locked_rights(batch: AccessBatch, rows: list[AccessBatchRow]) -> Rights:
    """What each line gave or extended, by the number of the line."""
    given = rights_given(batch.source_key, {row.user_id for row in rows if row.user_id})
    by_source = {(right.user_id, right.course_id): right for right in _locked(given)}
    extended = CourseAccess.objects.filter(pk__in=[row.access_id for row in rows if row.access_id])
    by_pk = {right.pk: right for right in _locked(extended)}
    return {
        row.pk: by_pk[row.access_id] if row.access_id else by_source[row.user_id or 0, row.course_id] for row in rows
    }


def _locked(rights: QuerySet[CourseAccess]) -> QuerySet[CourseAccess]:
    return rights.order_by("pk").select_for_update(of=("self",), no_key=True)


def _last_changed_by(batch: AccessBatch, rights: Iterable[CourseAccess]) -> set[int]:
    """The rights whose last event is one of this batch."""
    ids = [right.pk for right in rights]
    causes = AccessEvent.objects.filter(access__in=ids).order_by("pk").values_list("access_id", "cause")
    return {access_id for access_id, cause in dict(causes).items() if access_id and cause == batch.source_key}


def _outcome(row: AccessBatchRow, rights: Rights, ours: set[int]) -> UndoOutcome:
    if row.verdict == Verdict.REVOKE:
        return UndoOutcome.GONE
    return UndoOutcome.UNDONE if rights[row.pk].pk in ours else UndoOutcome.CHANGED


def _take_back(batch: AccessBatch, rows: list[AccessBatchRow], rights: Rights, now: datetime) -> None:
    cause, actor, reason = f"{batch.source_key}:undo", batch.undone_by or batch.by, f"Undone batch {batch.pk}"
    granted = [Change(rights[row.pk], reason) for row in rows if row.verdict == Verdict.GRANT]
    revoke_many(changes=granted, cause=cause, actor=actor, now=now)
    extended = [_as_before(row, row.ended_before, rights[row.pk], reason) for row in rows if row.ended_before]
    shorten_many(changes=extended, cause=cause, actor=actor, now=now)


def _as_before(row: AccessBatchRow, ended: datetime, right: CourseAccess, reason: str) -> NewEnd:
    right.status = row.status_before
    return NewEnd(right, reason, ended)


def _finish(batch: AccessBatch, now: datetime) -> None:
    batch.state, batch.undone_at, batch.done = BatchState.UNDONE, now, batch.total
    batch.counts = batch.counts | {"undo": counted(batch, "undo")}
