from typing import Any

from django.core.management.base import BaseCommand

from common.jobs import requeue
from common.models import Job


class Command(BaseCommand):
    help = "Queue every unfinished job again, also those given up: after a change of SECRET_KEY, or a repair."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(f"{requeue(Job.objects.all())} jobs queued.")
