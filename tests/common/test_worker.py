"""A real `qcluster` beside the test, on the same database: what happens when jobs kill their worker."""

import os
import signal
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path

import pytest
from django.db import connection
from django_q.models import OrmQ

from common import jobs
from common.models import Job

ROOT = Path(__file__).resolve().parents[2]
pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.filterwarnings("ignore::ResourceWarning")]


def database_url():
    settings = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{settings['NAME']}"
    return f"postgresql://{settings['USER']}:{settings['PASSWORD']}@{settings['HOST']}:{settings['PORT']}/{settings['NAME']}"


@contextmanager
def worker(**environment):
    """A cluster with two workers; a job may take 1 second and comes back after 2."""
    settings = {"DJANGO_SETTINGS_MODULE": "courses_project.settings", "DATABASE_URL": database_url()}
    timing = {"JOB_TIMEOUT": "1", "JOB_RETRY": "2", "WORKERS": "2", "LOG_LEVEL": "CRITICAL"}
    ours = {name: value for name, value in os.environ.items() if not name.startswith("COVERAGE")}  # it slows deaths
    process = subprocess.Popen(
        [sys.executable, "manage.py", "qcluster"],
        cwd=ROOT,
        env=ours | settings | timing | environment,
        start_new_session=True,
    )
    try:
        yield process
    finally:
        process.terminate()
        try:
            process.wait(timeout=20)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def wait_until(condition, seconds=60):
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if condition():
            return True
        time.sleep(0.1)
    return False


def runs(path):
    return len(path.read_text().splitlines()) if path.exists() else 0


def test_jobs_that_kill_their_worker_are_given_up_and_others_flow(tmp_path):
    deaths = ["kill_the_worker", "exit_the_worker"]
    killers = [jobs.enqueue(f"tests.common.queue_tasks.{death}", str(tmp_path / death)) for death in deaths]
    for _ in range(5):
        jobs.enqueue("tests.common.queue_tasks.touch", str(tmp_path / "others"))

    with worker():
        drained = wait_until(lambda: not OrmQ.objects.exists())

    left = Job.objects.filter(finished_at=None).values_list("pk", "attempts")
    assert (drained, dict(left)) == (True, {killer.pk: Job.MAX_ATTEMPTS for killer in killers})
    assert [runs(tmp_path / name) for name in [*deaths, "others"]] == [5, 5, 5]


def test_a_job_that_hangs_is_stopped_and_tried_again(tmp_path):
    job = jobs.enqueue("tests.common.queue_tasks.take_too_long", str(tmp_path / "slow"))

    with worker():
        again = wait_until(lambda: runs(tmp_path / "slow") >= 2)

    job.refresh_from_db()
    assert (again, job.finished_at) == (True, None)


def test_a_job_that_fails_comes_back_until_it_works(tmp_path):
    job = jobs.enqueue("tests.common.queue_tasks.fail", str(tmp_path / "failing"))

    with worker():
        failed_twice = wait_until(lambda: runs(tmp_path / "failing") >= 2)
        Job.objects.filter(pk=job.pk).update(task="tests.common.queue_tasks.touch")
        finished = wait_until(lambda: Job.objects.filter(pk=job.pk, finished_at__isnull=False).exists())

    assert (failed_twice, finished) == (True, True)


def test_jobs_survive_the_sudden_death_of_the_whole_cluster(tmp_path):
    for number in range(20):
        jobs.enqueue("tests.common.queue_tasks.touch", str(tmp_path / str(number)))

    with worker() as process:
        wait_until(lambda: runs(tmp_path / "2"))
        os.killpg(process.pid, signal.SIGKILL)
    with worker():
        drained = wait_until(lambda: not OrmQ.objects.exists())

    assert (drained, Job.objects.filter(finished_at=None).count()) == (True, 0)
    assert all(runs(tmp_path / str(number)) >= 1 for number in range(20))
