"""Work at fixed times: every app lists its own in `schedules.py`; the queue's table is made equal to the lists."""

from dataclasses import dataclass
from importlib import import_module
from importlib.util import find_spec

from django.apps import apps
from django.db import transaction
from django_q.models import Schedule


@dataclass(frozen=True, kw_only=True)
class Scheduled:
    """A task of ours ("app.tasks.name", no arguments) and when it runs, as cron writes it, in the site's time zone."""

    task: str
    cron: str


def declared() -> list[Scheduled]:
    """What all apps want to run."""
    modules = [f"{config.name}.schedules" for config in apps.get_app_configs()]
    return [item for module in modules if find_spec(module) for item in import_module(module).SCHEDULES]


@transaction.atomic
def ensure_schedules() -> None:
    """Make the rows equal to the lists; one that is unchanged keeps its next time, one no longer listed goes.

    What runs at the time is a job, so that it is counted and given up like any other.
    """
    wanted = {item.task: item.cron for item in declared()}
    for row in Schedule.objects.all():
        if (row.name, row.cron) in wanted.items():
            del wanted[row.name]
        else:
            row.delete()
    for task, cron in wanted.items():  # the queue's model computes the next time itself
        Schedule.objects.create(
            name=task, func="common.jobs.enqueue", args=f"{task!r},", schedule_type=Schedule.CRON, cron=cron
        )
