"""The mails of a batch, after its rights: one for each student, some students in a transaction, none twice."""

from datetime import datetime
from itertools import groupby

from django.db import transaction

from access.emails import announce_many_grants
from access.models import AccessBatch, AccessBatchRow, BatchState, CourseAccess, Verdict
from accounts.models import User
from common.jobs import enqueue

STUDENTS = 100
CHUNKS_IN_A_JOB = 20


def tell_batch(*, batch_id: int, now: datetime) -> None:
    """Write the next mails of a batch, and leave the others to another job, so that none takes long."""
    for _ in range(CHUNKS_IN_A_JOB):
        if not tell_chunk(batch_id=batch_id, now=now):
            return
    enqueue("access.tasks.tell_batch", batch_id)


@transaction.atomic
def tell_chunk(*, batch_id: int, now: datetime) -> bool:
    """Tell the next students what they were given; False says that all are told, or the batch is being undone."""
    batch = AccessBatch.objects.select_for_update(of=("self",), no_key=True).get(pk=batch_id)
    if batch.state != BatchState.APPLIED:
        return False
    given = batch.rows.filter(verdict=Verdict.GRANT, user__gt=batch.told_until).order_by("user", "line")
    students = list(given.values_list("user", flat=True).distinct().order_by("user")[:STUDENTS])
    if not students:
        return False
    announce_many_grants(news=_news(list(given.filter(user__lte=students[-1]).select_related("access"))), now=now)
    AccessBatch.objects.filter(pk=batch_id).update(told_until=students[-1])
    return True


def _news(rows: list[AccessBatchRow]) -> list[tuple[User, list[CourseAccess]]]:
    people = User.objects.in_bulk({row.user_id for row in rows if row.user_id})
    in_order = groupby(rows, key=lambda row: row.user_id or 0)
    return [(people[pk], [row.access for row in given if row.access]) for pk, given in in_order]
