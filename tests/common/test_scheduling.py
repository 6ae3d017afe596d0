from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.contrib.sessions.models import Session
from django.core.management import call_command
from django.utils import timezone
from django_q.models import OrmQ, Schedule, Task
from django_q.scheduler import scheduler

from common.models import Job, OutgoingMail
from common.scheduling import declared, ensure_schedules
from common.tasks import tidy_up
from tests.factories import NOW

pytestmark = pytest.mark.django_db


def test_every_declared_task_exists():
    from django.utils.module_loading import import_string

    assert [item.task for item in declared() if not callable(import_string(item.task))] == []


@time_machine.travel(NOW, tick=False)
def test_ensure_schedules_makes_what_is_declared():
    ensure_schedules()

    row = Schedule.objects.get(name="common.tasks.tidy_up")
    assert row.next_run == datetime(2026, 3, 3, 2, 40, tzinfo=UTC)  # 03:40 in Paris


def test_ensure_schedules_twice_changes_nothing():
    ensure_schedules()
    before = list(Schedule.objects.order_by("pk").values())

    ensure_schedules()

    assert list(Schedule.objects.order_by("pk").values()) == before


def test_ensure_schedules_follows_a_changed_time():
    ensure_schedules()
    Schedule.objects.update(cron="0 0 1 1 *")

    ensure_schedules()

    assert list(Schedule.objects.filter(cron="0 0 1 1 *")) == []


def test_ensure_schedules_drops_what_is_no_longer_declared():
    Schedule.objects.create(name="old.task", func="old.task")

    call_command("ensure_schedules")

    assert sorted(Schedule.objects.values_list("name", flat=True)) == sorted(item.task for item in declared())


@pytest.mark.django_db(transaction=True)  # the scheduler closes connections
def test_a_due_schedule_becomes_one_job(run_jobs):
    ensure_schedules()
    Schedule.objects.exclude(name="common.tasks.tidy_up").delete()
    Schedule.objects.update(next_run=NOW)

    scheduler()
    scheduler()

    assert (OrmQ.objects.count(), run_jobs(), Job.objects.get().finished_at is None) == (1, 2, False)


def test_tidy_up_deletes_what_ended_long_ago():
    long_ago, now = timezone.now() - timedelta(days=31), timezone.now()
    for moment in (long_ago, now, None):
        Job.objects.create(task="x", finished_at=moment, created_at=long_ago)
        OutgoingMail.objects.create(subject="x", from_email="x", to=[], sent_at=moment, created_at=long_ago)
    for number, moment in enumerate((long_ago, now)):
        Session.objects.create(session_key=f"key{number}", expire_date=moment + timedelta(days=1))
        Task.objects.create(id=str(number), name="x", func="x", started=moment, stopped=moment, success=False)

    tidy_up()

    assert [table.objects.count() for table in (Job, OutgoingMail, Session, Task)] == [2, 2, 1, 1]
