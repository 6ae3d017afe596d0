"""Background work: a job row and its queue row commit with the change that asks for them, or not at all."""

from collections.abc import Callable
from datetime import datetime

import structlog
from django.db import transaction
from django.db.models import F, QuerySet
from django.utils import timezone
from django.utils.module_loading import import_string
from django_q.tasks import async_task

from common.models import Job

log = structlog.get_logger(__name__)


@transaction.atomic
def enqueue(task: str, *arguments: int | str) -> Job:
    """Ask for `task` ("app.tasks.name") to be run with these ids; every task must be safe to run twice."""
    job = Job.objects.create(task=task, arguments=list(arguments))
    _put_in_queue(job)
    return job


@transaction.atomic
def requeue(jobs: QuerySet[Job]) -> int:
    """Put those of the jobs that are unfinished in the queue again, also if given up; returns how many.

    For the operator: after SECRET_KEY changed, which makes the queue's rows unreadable, or once what made jobs
    fail is repaired. A job that was still queued is then delivered twice, which every job allows.
    """
    unfinished = jobs.filter(finished_at=None).order_by("pk")
    unfinished.update(attempts=0, failures=0)
    for job in unfinished:
        _put_in_queue(job)
    return len(unfinished)


def run(job_id: int) -> None:
    """Run one job, as the queue's worker does. The attempt is counted before the work, crash or not.

    :raises Exception: whatever the task raises, so that the queue delivers the job again
    """
    if not Job.objects.runnable().filter(pk=job_id).update(attempts=F("attempts") + 1):
        _tell_why_not(job_id)
        return
    job = Job.objects.get(pk=job_id)
    try:
        _function(job.task)(*job.arguments)
    except Exception as error:
        _note_failure(job_id, f"{type(error).__name__}: {error}")
        raise
    _finish(job_id, timezone.now())


def _put_in_queue(job: Job) -> None:
    async_task("common.jobs.run", job.pk, task_name=f"{job.task} {job.pk}"[:100])


def _finish(job_id: int, now: datetime) -> None:
    Job.objects.filter(pk=job_id).update(finished_at=now, error="")


def _note_failure(job_id: int, error: str) -> None:
    Job.objects.filter(pk=job_id).update(failures=F("failures") + 1, error=error.replace("\x00", "")[:2000])


def _tell_why_not(job_id: int) -> None:
    """A delivery too many is normal, a job given up is not: someone must look at its error."""
    given_up = Job.objects.filter(pk=job_id, finished_at=None).first()
    if given_up:
        log.error("job_given_up", job=job_id, task=given_up.task, error=given_up.error)
    else:
        log.info("job_already_finished", job=job_id)


def _function(path: str) -> Callable[..., object]:
    function: Callable[..., object] = import_string(path)
    return function
