"""How the tests check, apply and undo a batch: as the dashboard and the worker do, on the clock of the tests."""

from datetime import timedelta

from access.models import AccessBatch, AccessEvent, CourseAccess
from access.services.bulk import apply_batch, apply_chunk
from access.services.bulk_checking import Wish, check_batch
from access.services.bulk_undoing import undo_batch, undo_chunk
from tests.factories import NOW

MINUTE = timedelta(minutes=1)
LATER = NOW + MINUTE
DAY = timedelta(days=1)


def wish(user, course, action="grant", until="", note="", line=2):
    """Names may be given as text."""
    email, slug = getattr(user, "email", user), getattr(course, "slug", course)
    return Wish(line, email, slug, action, until, note)


def checked(by, *wishes, now=NOW, tells=False):
    lines = [Wish(**{**vars(one), "line": number}) for number, one in enumerate(wishes, 2)]
    return check_batch(wishes=lines, by=by, name="students.csv", sha256="0" * 64, tells=tells, now=now)


def apply(batch, by, now=LATER):
    apply_batch(batch=batch, actor=by, now=now)
    work(apply_chunk, batch, now)


def undo(batch, by, now=LATER + MINUTE):
    undo_batch(batch=batch, actor=by, now=now)
    work(undo_chunk, batch, now)


def work(chunk, batch, now):
    while chunk(batch_id=batch.pk, now=now):
        pass
    batch.refresh_from_db()


def applied(by, *wishes, **options):
    batch = checked(by, *wishes, **options)
    apply(batch, by)
    return batch


def verdicts(batch):
    return [row.verdict for row in batch.rows.order_by("line")]


def outcomes(batch):
    return [row.undo for row in batch.rows.order_by("line")]


def everything():
    """All rights and events, without their numbers."""
    rights = CourseAccess.objects.order_by("user", "course", "granted_at", "pk").values()
    events = AccessEvent.objects.order_by("user", "course", "pk").values()
    return [without(row, "id") for row in rights], [without(row, "id", "access_id") for row in events]


def without(row, *names):
    return {name: value for name, value in row.items() if name not in names}


def batches():
    return AccessBatch.objects.count()
