"""F47: the process that applies a batch dies in the middle of a chunk; the next one completes it, nothing twice."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from access import tasks
from access.models import AccessBatch, AccessEvent, CourseAccess
from access.services.bulk import apply_batch
from access.services.bulk_undoing import undo_batch
from tests import factories as make
from tests.access.bulk import LATER, checked, wish
from tests.access.ledgers import rebuild
from tests.common.test_worker import database_url

ROOT = Path(__file__).resolve().parents[2]
pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.filterwarnings("ignore::ResourceWarning")]
# Dies in the third chunk, when its rights are written and before the chunk is through.
KILLED = """
import os, signal, sys, django
django.setup()
from access import tasks
from access.services import bulk, bulk_undoing
bulk.CHUNK, chunks = 4, []
def dying(write):
    def wrapped(**said):
        write(**said)
        chunks.append(1)
        if len(chunks) == 3:
            os.kill(os.getpid(), signal.SIGKILL)
    return wrapped
bulk.grant_many = dying(bulk.grant_many)
bulk_undoing.revoke_many = dying(bulk_undoing.revoke_many)
getattr(tasks, sys.argv[1])(int(sys.argv[2]))
"""


def killed(task, batch):
    """How a process of its own ended that ran the task."""
    settings = {"DJANGO_SETTINGS_MODULE": "courses_project.settings", "DATABASE_URL": database_url()}
    ours = {name: value for name, value in os.environ.items() if not name.startswith("COVERAGE")}
    command = [sys.executable, "-c", KILLED, task, str(batch.pk)]
    return subprocess.run(command, check=False, cwd=ROOT, env=ours | settings | {"LOG_LEVEL": "CRITICAL"}).returncode


@pytest.fixture
def batch():
    staff, course = make.StaffFactory(), make.CourseFactory()
    batch = checked(staff, *[wish(user, course) for user in make.UserFactory.create_batch(20)])
    apply_batch(batch=batch, actor=staff, now=LATER)
    return batch


def standing(batch):
    batch.refresh_from_db()
    return batch.state, CourseAccess.objects.count(), AccessEvent.objects.count()


def test_a_batch_whose_job_is_killed_is_completed_by_the_next_and_nothing_twice(batch):
    end = killed("apply_batch", batch)
    half_way = standing(batch), batch.done

    tasks.apply_batch(batch.pk)

    assert (end, half_way) == (-signal.SIGKILL, (("applying", 6, 6), 6))
    assert (standing(batch), rebuild("--check")[1]) == (("applied", 20, 20), 0)
    assert AccessEvent.objects.values("access").distinct().count() == 20


def test_undoing_that_is_killed_is_completed_too(batch):
    tasks.apply_batch(batch.pk)
    batch.refresh_from_db()
    undo_batch(batch=batch, actor=batch.by, now=batch.finished_at)

    end = killed("undo_batch", batch)
    half_way = standing(batch)[0], CourseAccess.objects.filter(status="revoked").count()
    tasks.undo_batch(batch.pk)

    assert (end, half_way) == (-signal.SIGKILL, ("undoing", 6))
    assert (standing(batch), rebuild("--check")[1]) == (("undone", 20, 40), 0)
    assert AccessBatch.objects.get().counts["undo"] == {"undone": 20}
