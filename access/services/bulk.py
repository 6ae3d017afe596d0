"""A batch is applied and undone by a job, some students at a time: a chunk is one transaction, and the batch remembers
the last student done. A job that is killed anywhere goes on behind them; two jobs on one batch take turns.
"""

from collections.abc import Callable
from datetime import datetime

from django.db import transaction
from django.db.models import Count, QuerySet

from access.models import AccessBatch, AccessBatchRow, BatchState, Verdict
from access.models.batches import CHANGING
from access.services.bulk_rights import Change, Gift, NewEnd, extend_many, grant_many, revoke_many
from access.services.bulk_rules import Holdings, Judgement, courses_by_id, holdings_of, judge, locked_people
from accounts.models import User
from accounts.services import note_action
from common.jobs import enqueue

CHUNK = 1000
Judged = list[tuple[AccessBatchRow, Judgement]]


class BatchRefused(Exception):
    """The batch cannot be applied, undone or let go on; the message says why in words for people."""


@transaction.atomic
def apply_batch(*, batch: AccessBatch, actor: User, now: datetime) -> None:
    """Have a checked batch applied in the background.

    :raises BatchRefused: if its check is older than an hour, nothing would change, or it was applied already
    """
    ready = AccessBatch.objects.filter(pk=batch.pk, state=BatchState.DRAFT, expires_at__gt=now, total__gt=0)
    started = ready.update(state=BatchState.APPLYING, applied_at=now, applied_by=actor, moved_at=now)
    batch.refresh_from_db()
    if not started:
        raise BatchRefused(_why_not(batch))
    note_action(actor=actor, verb="applied", about=batch, detail=f"{batch.total} lines")
    enqueue("access.tasks.apply_batch", batch.pk)


def _why_not(batch: AccessBatch) -> str:
    if batch.applied_at:
        return "This batch has been applied already. Nothing was changed twice."
    if batch.total == 0:
        return "No line of this batch changes anything."
    return "The check is older than an hour. Check the file again."


@transaction.atomic
def continue_batch(*, batch: AccessBatch, actor: User, now: datetime) -> None:
    """Let a job that stopped go on at once.

    :raises BatchRefused: while it gets on, or when there is nothing to do
    """
    batch = AccessBatch.objects.select_for_update(of=("self",), no_key=True).get(pk=batch.pk)
    if not batch.is_halted(now):
        raise BatchRefused("The work on this batch has not stopped.")
    AccessBatch.objects.filter(pk=batch.pk).update(cause="", moved_at=now)
    note_action(actor=actor, verb="continued", about=batch)
    task = "apply_batch" if batch.state == BatchState.APPLYING else "undo_batch"
    enqueue(f"access.tasks.{task}", batch.pk)


def note_halt(*, batch_id: int, cause: str) -> None:
    """Write down why a job stopped; the queue starts it again in a while."""
    AccessBatch.objects.filter(pk=batch_id).update(cause=cause.replace("\x00", "")[:2000])


def expire_batches(*, now: datetime) -> int:
    """Let go of the lines of checks that nobody applied within the hour; returns how many checks."""
    old = AccessBatch.objects.filter(state=BatchState.DRAFT, expires_at__lte=now)
    ids = list(old.values_list("pk", flat=True))
    with transaction.atomic():
        expired = old.filter(pk__in=ids).update(state=BatchState.EXPIRED)
        AccessBatchRow.objects.filter(batch__in=ids, batch__state=BatchState.EXPIRED).delete()
    return expired


def apply_chunk(*, batch_id: int, now: datetime) -> bool:
    """Apply the next lines; False says that nothing is left to do."""
    return work_on_chunk(batch_id, BatchState.APPLYING, _rows_to_apply, _apply, _finish, now)


def work_on_chunk(  # noqa: PLR0917 - one caller each for applying and undoing
    batch_id: int,
    state: BatchState,
    rows_of: Callable[[AccessBatch], QuerySet[AccessBatchRow]],
    work: Callable[[AccessBatch, list[AccessBatchRow], datetime], None],
    finish: Callable[[AccessBatch, datetime], None],
    now: datetime,
) -> bool:
    """Do the lines of the next students under the lock of the batch, or finish it, and remember how far it is."""
    with transaction.atomic():
        batch = AccessBatch.objects.select_for_update(of=("self",), no_key=True).get(pk=batch_id)
        if batch.state != state:
            return False
        rows = _next(rows_of(batch).filter(user__gt=batch.reached))
        if rows:
            work(batch, rows, now)
            batch.reached = rows[-1].user_id or 0
            batch.done += len(rows)
        else:
            finish(batch, now)
        batch.moved_at, batch.cause = now, ""
        batch.save()
        return bool(rows)


def _next(rows: QuerySet[AccessBatchRow]) -> list[AccessBatchRow]:
    """The first lines, none of a student whose other lines are not among them: each is done in one transaction."""
    in_order = rows.order_by("user", "line")
    found = list(in_order[:CHUNK])
    if len(found) < CHUNK:
        return found
    last = found[-1].user_id
    whole = [row for row in found if row.user_id != last]
    return whole or list(in_order.filter(user=last))


def _rows_to_apply(batch: AccessBatch) -> QuerySet[AccessBatchRow]:
    return batch.rows.filter(verdict__in=CHANGING)


def _apply(batch: AccessBatch, rows: list[AccessBatchRow], now: datetime) -> None:
    """Judge once more, under the lock of the students; what comes out otherwise is reported, not forced."""
    people = locked_people({row.user_id for row in rows if row.user_id})
    courses = courses_by_id({row.course_id for row in rows if row.course_id})
    held = holdings_of(people, courses, lock=any(row.verdict != Verdict.GRANT for row in rows))
    judged = [(row, judge(row, held, now)) for row in rows]
    _note_late([(row, found) for row, found in judged if found.verdict != row.verdict])
    _grant(batch, [row for row, found in judged if found.verdict == Verdict.GRANT], held, now)
    _extend(batch, [pair for pair in judged if pair[1].verdict == Verdict.EXTEND], now)
    _revoke(batch, [pair for pair in judged if pair[1].verdict == Verdict.REVOKE], now)


def _note_late(late: Judged) -> None:
    for row, found in late:
        row.verdict, row.is_late = found.verdict, True
    AccessBatchRow.objects.bulk_update([row for row, _ in late], ["verdict", "is_late"])


def _actor(batch: AccessBatch) -> User:
    return batch.applied_by or batch.by


def _grant(batch: AccessBatch, rows: list[AccessBatchRow], held: Holdings, now: datetime) -> None:
    gifts = [Gift(row.user_id or 0, held.courses[row.course_id or 0], row.until, row.note) for row in rows]
    grant_many(gifts=gifts, source_key=batch.source_key, actor=_actor(batch), now=now)


def _extend(batch: AccessBatch, judged: Judged, now: datetime) -> None:
    changes = []
    for row, found in judged:
        access = found.rights[0]
        row.access, row.ended_before, row.status_before = access, access.expires_at, access.status
        changes.append(NewEnd(access, row.note, row.until or now))
    AccessBatchRow.objects.bulk_update([row for row, _ in judged], ["access", "ended_before", "status_before"])
    extend_many(changes=changes, cause=batch.source_key, actor=_actor(batch), now=now)


def _revoke(batch: AccessBatch, judged: Judged, now: datetime) -> None:
    """All rights on the course, as `revoke_course` does; the line names the newest."""
    for row, found in judged:
        row.access = max(found.rights, key=lambda access: (access.granted_at, access.pk))
    AccessBatchRow.objects.bulk_update([row for row, _ in judged], ["access"])
    changes = [Change(access, row.note) for row, found in judged for access in found.rights]
    revoke_many(changes=changes, cause=batch.source_key, actor=_actor(batch), now=now)


def _finish(batch: AccessBatch, now: datetime) -> None:
    """Count what it came to, and have the mails written."""
    gone = batch.rows.filter(verdict__in=CHANGING, user=None)  # the account was deleted meanwhile
    gone.update(verdict=Verdict.UNKNOWN_EMAIL, is_late=True)
    batch.state, batch.finished_at, batch.done = BatchState.APPLIED, now, batch.total
    batch.counts = batch.counts | {
        "verdicts": counted(batch, "verdict"),
        "late": batch.rows.filter(is_late=True).count(),
    }
    if batch.tells and batch.counts["verdicts"].get(Verdict.GRANT):
        enqueue("access.tasks.tell_batch", batch.pk)


def counted(batch: AccessBatch, column: str) -> dict[str, int]:
    """How many lines have which value there."""
    return dict(batch.rows.exclude(**{column: ""}).values_list(column).annotate(Count("pk")).order_by())
