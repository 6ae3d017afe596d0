"""The site's own housekeeping."""

from datetime import timedelta

from django.core.management import call_command
from django.utils import timezone
from django_q.models import Task

from common.models import Job, OutgoingMail

KEPT = timedelta(days=30)


def tidy_up() -> None:
    """Delete ended sessions, and what finished or was sent more than 30 days ago. Unfinished work stays."""
    long_ago = timezone.now() - KEPT
    call_command("clearsessions")
    Job.objects.filter(finished_at__lt=long_ago).delete()
    OutgoingMail.objects.filter(sent_at__lt=long_ago).delete()
    Task.objects.filter(stopped__lt=long_ago).delete()
