import pytest
from django.db import IntegrityError, transaction
from django_q.models import OrmQ

from common import jobs
from common.models import Job
from tests.conftest import client_of

TOUCH = "tests.common.queue_tasks.touch"
FAIL = "tests.common.queue_tasks.fail"


class Refused(Exception):
    pass


@pytest.fixture
def trace(tmp_path):
    path = tmp_path / "trace"
    path.touch()
    return path


def runs(trace):
    return len(trace.read_text().splitlines())


@pytest.mark.django_db(transaction=True)
def test_enqueue_makes_the_job_when_the_transaction_commits(trace):
    with transaction.atomic():
        jobs.enqueue(TOUCH, str(trace))

    assert (Job.objects.count(), OrmQ.objects.count()) == (1, 1)


@pytest.mark.django_db(transaction=True)
def test_enqueue_makes_no_job_when_the_transaction_does_not(trace):
    with pytest.raises(Refused), transaction.atomic():
        jobs.enqueue(TOUCH, str(trace))
        raise Refused

    assert (Job.objects.count(), OrmQ.objects.count()) == (0, 0)


@pytest.mark.django_db(transaction=True)
def test_enqueue_without_a_transaction_makes_both_rows_or_none(trace, monkeypatch):
    def broken(*arguments, **options):
        raise Refused

    monkeypatch.setattr(jobs, "async_task", broken)
    with pytest.raises(Refused):
        jobs.enqueue(TOUCH, str(trace))

    assert (Job.objects.count(), OrmQ.objects.count()) == (0, 0)


def test_run_does_the_work_once(run_jobs, trace):
    job = jobs.enqueue(TOUCH, str(trace))

    run_jobs()
    jobs.run(job.pk)

    job.refresh_from_db()
    assert (runs(trace), job.attempts, job.finished_at is None) == (1, 1, False)


def test_run_of_a_job_that_is_gone_does_nothing(db):
    jobs.run(404)


def test_run_notes_the_failure_and_raises_for_the_queue(db, trace):
    job = jobs.enqueue(FAIL, str(trace))

    with pytest.raises(ValueError, match="today"):
        jobs.run(job.pk)

    job.refresh_from_db()
    assert (job.attempts, job.failures, job.finished_at, job.error) == (1, 1, None, "ValueError: not  today")


def test_run_after_a_failure_clears_the_error(db, trace):
    job = jobs.enqueue(TOUCH, str(trace))
    Job.objects.update(attempts=1, failures=1, error="ValueError: earlier")

    jobs.run(job.pk)

    job.refresh_from_db()
    assert (job.error, job.finished_at is None) == ("", False)


@pytest.mark.parametrize(("attempts", "failures", "ran"), [(4, 0, 1), (5, 0, 0), (54, 49, 0), (53, 49, 1), (50, 50, 0)])
def test_run_gives_up_after_the_crashes_or_failures_allowed(db, trace, attempts, failures, ran):
    job = jobs.enqueue(TOUCH, str(trace))
    Job.objects.update(attempts=attempts, failures=failures)

    jobs.run(job.pk)

    assert runs(trace) == ran


@pytest.mark.parametrize(("attempts", "failures"), [(6, 0), (0, 1), (51, 51)])
def test_database_refuses_impossible_counts(db, attempts, failures):
    jobs.enqueue(TOUCH, "x")

    with pytest.raises(IntegrityError), transaction.atomic():
        Job.objects.update(attempts=attempts, failures=failures)


def test_requeue_delivers_what_is_unfinished_also_the_given_up(run_jobs, trace):
    finished, given_up = jobs.enqueue(TOUCH, str(trace)), jobs.enqueue(TOUCH, str(trace))
    jobs.run(finished.pk)
    Job.objects.filter(pk=given_up.pk).update(attempts=5)
    OrmQ.objects.all().delete()

    queued = jobs.requeue(Job.objects.all())

    assert (queued, run_jobs(), runs(trace)) == (1, 1, 2)


def test_requeue_jobs_command_says_how_many(db, trace, capsys):
    from django.core.management import call_command

    jobs.enqueue(TOUCH, str(trace))

    call_command("requeue_jobs")

    assert capsys.readouterr().out == "1 jobs queued.\n"


def test_a_job_says_what_it_does(db):
    assert str(jobs.enqueue(TOUCH, 7)) == "tests.common.queue_tasks.touch [7]"


@pytest.fixture
def admin_client(staff):
    staff.is_superuser = True
    staff.save()
    return client_of(staff)


def test_admin_shows_jobs_and_queues_again(admin_client, run_jobs, trace):
    job = jobs.enqueue(TOUCH, str(trace))
    OrmQ.objects.all().delete()

    page = admin_client.get("/django-admin/common/job/")
    admin_client.post("/django-admin/common/job/", {"action": "queue_again", "_selected_action": [job.pk]})

    assert (TOUCH in page.text, run_jobs(), runs(trace)) == (True, 1, 1)


@pytest.mark.parametrize("action", ["add/", "{}/delete/"])
def test_admin_makes_and_deletes_no_job(admin_client, trace, action):
    job = jobs.enqueue(TOUCH, str(trace))

    assert admin_client.get("/django-admin/common/job/" + action.format(job.pk)).status_code == 403


@pytest.mark.parametrize("table", ["schedule", "ormq", "success", "failure"])
def test_admin_has_no_page_that_runs_functions_by_name(admin_client, table):
    assert admin_client.get(f"/django-admin/django_q/{table}/").status_code == 404
