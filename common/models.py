"""The two tables behind effects that leave the process: jobs, and the mail that waits for one."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils import timezone


class JobQuerySet(models.QuerySet["Job"]):
    def runnable(self) -> "JobQuerySet":
        """Jobs not finished and not given up."""
        return self.filter(
            finished_at=None, attempts__lt=F("failures") + Job.MAX_ATTEMPTS, failures__lt=Job.MAX_FAILURES
        )


class Job(models.Model):
    """One piece of background work, enqueued in the transaction that asks for it.

    The queue delivers a job again until it finishes. `attempts` is counted before the work starts and `failures`
    when it raises, so the difference is how often the job took its worker down: after MAX_ATTEMPTS of those it is
    given up, instead of killing workers for ever. Raising is milder, say a mail server that is away for hours.
    """

    MAX_ATTEMPTS = 5
    MAX_FAILURES = 50

    task = models.CharField(max_length=200)
    arguments = models.JSONField(default=list)
    attempts = models.PositiveSmallIntegerField(default=0)
    failures = models.PositiveSmallIntegerField(default=0)
    created_at = models.DateTimeField(default=timezone.now)
    finished_at = models.DateTimeField(null=True, blank=True)
    error = models.TextField(blank=True)

    objects: ClassVar[models.Manager["Job"]] = JobQuerySet.as_manager()

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(attempts__gte=F("failures"), attempts__lte=F("failures") + 5),
                name="job_attempts_are_bounded",
            ),
            models.CheckConstraint(condition=Q(failures__lte=50), name="job_failures_are_bounded"),
        )

    def __str__(self) -> str:
        return f"{self.task} {self.arguments}"


class OutgoingMail(models.Model):
    """A message waiting to be sent. Its text is deleted once the transport took it."""

    subject = models.CharField(max_length=300)
    from_email = models.CharField(max_length=300)
    to = models.JSONField()
    body = models.TextField()
    html_body = models.TextField(blank=True)
    headers = models.JSONField(default=dict)
    created_at = models.DateTimeField(default=timezone.now)
    sent_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return self.subject
