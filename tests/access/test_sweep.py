"""The sweep writes down what readers say: each passed start and end once, with one event."""

from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django_q.models import Schedule

from access.models import AccessEvent, AccessNotice, AccessType, CourseAccess
from access.services import activate_access, extend_access, grant_access, lock_access, revoke_access
from access.services.sweeping import Swept, sweep_access
from access.tasks import sweep_access as task
from common.models import OutgoingMail
from common.scheduling import ensure_schedules
from tests.access.ledgers import rebuild
from tests.conftest import counted_queries
from tests.factories import NOW, CourseFactory, UserFactory

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
TICK = timedelta(microseconds=1)


def give(user, **fields):
    """A right from NOW on, for ten days, unless told otherwise."""
    facts = {"access_type": AccessType.MANUAL, "source_key": "k", "now": NOW, "expires_at": NOW + 10 * DAY}
    if "tier_level" not in fields and "course" not in fields:
        facts["course"] = CourseFactory()
    return grant_access(user=user, **facts | fields)


def events_after(access):
    """What came after the grant."""
    events = access.events.exclude(action="granted").order_by("pk")
    return [(event.action, event.at, event.cause, event.actor) for event in events]


def status(access):
    return CourseAccess.objects.values_list("status", flat=True).get(pk=access.pk)


@pytest.mark.parametrize(
    ("moment", "expected"),
    [(NOW + 10 * DAY - TICK, "unlocked"), (NOW + 10 * DAY, "expired"), (NOW + 99 * DAY, "expired")],
)
def test_a_right_expires_at_its_end_and_not_before(student, moment, expected):
    access = give(student)

    sweep_access(now=moment)

    assert status(access) == expected


@pytest.mark.parametrize(("moment", "expected"), [(NOW + DAY - TICK, "pending"), (NOW + DAY, "unlocked")])
def test_a_pending_right_opens_at_its_start_and_not_before(student, moment, expected):
    access = give(student, starts_at=NOW + DAY)

    sweep_access(now=moment)

    assert status(access) == expected


def test_each_change_is_one_event_of_the_sweep(student):
    ended, opened = give(student), give(student, starts_at=NOW + DAY, expires_at=NOW + 99 * DAY)
    moment = NOW + 10 * DAY

    swept = sweep_access(now=moment)

    assert events_after(ended) == [("expired", moment, "sweep", None)]
    assert events_after(opened) == [("activated", moment, "sweep", None)]
    assert swept == Swept(opened=1, ended=1, told=1)


def test_a_right_that_opened_and_ended_unseen_expires_once(student):
    access = give(student, starts_at=NOW + DAY)

    sweep_access(now=NOW + 20 * DAY)

    assert ([action for action, *_ in events_after(access)], status(access)) == (["expired"], "expired")


def test_the_events_of_the_sweep_make_the_rows(student):
    give(student)
    give(student, starts_at=NOW + DAY, expires_at=NOW + 99 * DAY)
    sweep_access(now=NOW + 10 * DAY)

    assert rebuild("--check")[1] == 0


def test_a_lifetime_right_is_never_swept(student):
    access = give(student, expires_at=None)

    sweep_access(now=NOW + 9999 * DAY)

    assert (status(access), events_after(access)) == ("unlocked", [])


def test_a_right_that_waits_for_something_is_never_swept(student):
    access = give(student, is_pending=True)

    sweep_access(now=NOW + 99 * DAY)

    assert (status(access), events_after(access)) == ("pending", [])


def test_locked_and_revoked_rights_are_not_swept(student):
    locked, revoked = give(student), give(student)
    lock_access(access=locked, now=NOW, reason="Open payment")
    revoke_access(access=revoked, now=NOW, reason="Refund")

    sweep_access(now=NOW + 99 * DAY)

    assert [status(locked), status(revoked)] == ["locked", "revoked"]


def test_sweeping_twice_changes_nothing_more(student):
    give(student)
    sweep_access(now=NOW + 10 * DAY)
    before = AccessEvent.objects.count(), AccessNotice.objects.count(), OutgoingMail.objects.count()

    swept = sweep_access(now=NOW + 10 * DAY)

    after = AccessEvent.objects.count(), AccessNotice.objects.count(), OutgoingMail.objects.count()
    assert (after, swept) == (before, Swept())


def test_a_renewed_right_is_left_alone(student):
    access = give(student)
    extend_access(access=access, days=5, now=NOW + 9 * DAY)

    sweep_access(now=NOW + 10 * DAY)

    assert status(access) == "unlocked"


def test_a_right_renewed_after_its_end_expires_again(student):
    access = give(student)
    for day in (10, 20):
        sweep_access(now=NOW + day * DAY)
        extend_access(access=access, days=5, now=NOW + day * DAY)

    sweep_access(now=NOW + 25 * DAY)

    assert [action for action, *_ in events_after(access)] == ["expired", "extended"] * 2 + ["expired"]


def test_an_activated_right_expires_after_its_days(student):
    course = CourseFactory(access_duration_type="fixed_days", access_duration_days=3)
    access = give(student, course=course, is_pending=True, expires_at=None)
    activate_access(access=access, now=NOW + 50 * DAY)

    sweep_access(now=NOW + 53 * DAY)

    assert status(access) == "expired"


def test_all_students_are_swept_a_batch_at_a_time(monkeypatch):
    monkeypatch.setattr("access.services.sweeping.BATCH", 2)
    for _ in range(5):
        give(UserFactory())

    swept = sweep_access(now=NOW + 10 * DAY)

    assert (swept, CourseAccess.objects.filter(status="expired").count()) == (Swept(ended=5, told=5), 5)


def test_a_sweep_costs_the_same_queries_for_3_and_for_300_rights(monkeypatch):
    monkeypatch.setattr(connection.features, "max_query_params", 30_000)  # SQLite: one INSERT, however many rows
    counts = []
    for number in (1, 100):
        for user in UserFactory.create_batch(3):
            for _ in range(number):
                give(user)
        with counted_queries() as queries:
            sweep_access(now=NOW + 10 * DAY)
        counts.append(len(queries))

    assert counts[0] == counts[1]


def test_a_batch_is_written_whole_or_not_at_all(student, monkeypatch):
    access = give(student)
    monkeypatch.setattr("access.services.sweeping.announce_ended", lambda **_: 1 / 0)

    with pytest.raises(ZeroDivisionError):
        sweep_access(now=NOW + 10 * DAY)

    assert (status(access), events_after(access), AccessNotice.objects.count()) == ("unlocked", [], 0)


def test_a_sweep_killed_half_way_is_finished_by_the_next(monkeypatch):
    monkeypatch.setattr("access.services.sweeping.BATCH", 1)
    first, second = give(UserFactory()), give(UserFactory())
    with monkeypatch.context() as patch:
        patch.setattr("access.services.sweeping._tell", dies_at_call(2))
        with pytest.raises(KeyboardInterrupt):
            sweep_access(now=NOW + 10 * DAY)
    assert [status(first), status(second)] == ["expired", "unlocked"]

    sweep_access(now=NOW + 10 * DAY)

    assert sorted(mail.to[0] for mail in OutgoingMail.objects.all()) == sorted([first.user.email, second.user.email])


def dies_at_call(number):
    from access.services import sweeping

    calls, original = [], sweeping._tell

    def tell(*arguments):
        calls.append(arguments)
        if len(calls) == number:
            raise KeyboardInterrupt
        original(*arguments)

    return tell


def test_the_task_sweeps_at_the_present_moment(student):
    access = give(student)

    with time_machine.travel(NOW + 10 * DAY, tick=False):
        task()

    assert events_after(access) == [("expired", NOW + 10 * DAY, "sweep", None)]


def test_the_task_runs_every_six_hours():
    ensure_schedules()

    assert Schedule.objects.get(name="access.tasks.sweep_access").cron == "15 */6 * * *"
