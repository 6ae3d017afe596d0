from typing import Any

from django.core.management.base import BaseCommand

from common.scheduling import ensure_schedules


class Command(BaseCommand):
    help = "Make the schedules in the database equal to those the apps list; part of every release."

    def handle(self, *args: Any, **options: Any) -> None:
        ensure_schedules()
