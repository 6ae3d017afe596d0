"""The mails of a batch, after its rights: one for each student, some students in a transaction, none twice."""

from datetime import datetime
from itertools import groupby

from django.db import transaction

from access.emails import announce_many_grants
from access.models import AccessBatch, BatchState, CourseAccess, Verdict
from access.services.bulk_rights import rights_given
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
    given = batch.rows.filter(verdict=Verdict.GRANT, user__gt=batch.told_until)
    students = list(given.values_list("user", flat=True).distinct().order_by("user")[:STUDENTS])
    if not students:
        return False
    announce_many_grants(news=_news(batch, students), now=now)
    AccessBatch.objects.filter(pk=batch_id).update(told_until=students[-1])
    return True


def _news(batch: AccessBatch, students: list[int]) -> list[tuple[User, list[CourseAccess]]]:
    people = User.objects.in_bulk(students)
    rights = rights_given(batch.source_key, students).order_by("user", "pk")
    return [(people[pk], list(given)) for pk, given in groupby(rights, key=lambda right: right.user_id)]
