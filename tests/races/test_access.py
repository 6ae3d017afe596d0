"""Sweeps, renewals, grants, suspensions and revocations at once; without the guard something is lost or done twice."""

import threading
from contextlib import contextmanager
from datetime import timedelta

import pytest
from django.db import connection
from django.db.models import QuerySet

from access.models import AccessEvent, AccessNotice, AccessStatus, AccessType, CourseAccess, Suspension
from access.seed_functions import has_course_access
from access.services import AccessRefused, extend_access, grant_access, revoke_access, suspend, sweep_access
from common.models import OutgoingMail
from tests.access.ledgers import rebuild
from tests.factories import NOW, CourseFactory, StaffFactory, UserFactory
from tests.races.conftest import at_once

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]
DAY = timedelta(days=1)
END = NOW + 10 * DAY


@pytest.fixture
def right():
    return give(UserFactory(), CourseFactory())


def give(user, course):
    return grant_access(
        user=user, course=course, access_type=AccessType.MANUAL, source_key="k", now=NOW, expires_at=END
    )


def actions():
    return list(AccessEvent.objects.order_by("pk").values_list("action", flat=True))


def state():
    """The one row, its history, and whether the two agree."""
    row = CourseAccess.objects.get()
    return row.status, row.expires_at, actions(), rebuild("--check")[1]


def renewal(access, now=END):
    return lambda: extend_access(access=access, days=30, now=now)


def sweep():
    return sweep_access(now=END)


def test_a_sweep_beside_a_renewal_leaves_the_renewed_right_alone(right, overlap):
    overlap("access.services.rights._record", renewal(right), sweep)

    assert (state(), OutgoingMail.objects.count()) == (("unlocked", END + 30 * DAY, ["granted", "extended"], 0), 0)


def test_twin_without_row_locks_the_sweep_ends_the_renewed_right(right, overlap, without_row_locks):
    overlap("access.services.rights._record", renewal(right), sweep)

    assert state()[:2] == ("expired", END + 30 * DAY)


def test_a_renewal_beside_a_sweep_opens_what_the_sweep_ended(right, overlap):
    overlap("access.services.sweeping._write", sweep, renewal(right))

    assert state() == ("unlocked", END + 30 * DAY, ["granted", "expired", "extended"], 0)


def test_twin_without_row_locks_the_renewal_does_not_see_the_end(right, overlap, without_row_locks):
    overlap("access.services.sweeping._write", sweep, renewal(right))

    assert state()[:2] == ("expired", END + 30 * DAY)


def test_two_sweeps_write_one_event_and_one_mail_per_student(meet):
    course = CourseFactory()
    for user in UserFactory.create_batch(20):
        give(user, course)
    meet("access.services.sweeping._locked_students", 2)

    swept = at_once(sweep, sweep)

    assert sum(result.ended for result in swept) == 20
    assert (actions(), OutgoingMail.objects.count()) == (["granted"] * 20 + ["expired"] * 20, 20)


def test_twin_without_row_locks_two_sweeps_write_two_events(right, without_row_locks, meet):
    meet("access.services.sweeping._write", 2)

    at_once(sweep, sweep)

    assert (actions(), OutgoingMail.objects.count()) == (["granted", "expired", "expired"], 1)


@pytest.fixture
def without_looking_for_notices(monkeypatch):
    monkeypatch.setattr("access.services.sweeping._not_told", lambda rows: rows)


def test_without_row_locks_and_looking_the_constraint_keeps_the_second_mail_back(
    right, without_row_locks, without_looking_for_notices, meet
):
    meet("access.services.sweeping._write", 2)

    results = at_once(sweep, sweep, may_fail=True)

    assert sorted(type(result).__name__ for result in results) == ["IntegrityError", "Swept"]


def test_twin_without_the_constraint_either_there_are_two_mails(
    right, without_row_locks, without_looking_for_notices, meet
):
    meet("access.services.sweeping._write", 2)

    with constraint_dropped(AccessNotice, "notice_once_per_end"):
        at_once(sweep, sweep)
        found = OutgoingMail.objects.count()

    assert found == 2


@contextmanager
def constraint_dropped(model, name):
    """Look at what came of it inside: the doubles go before the guard returns."""
    guard = next(guard for guard in model._meta.constraints if guard.name == name)
    with connection.schema_editor() as editor:
        editor.remove_constraint(model, guard)
    yield
    with connection.cursor() as cursor:
        cursor.execute(f"TRUNCATE {model._meta.db_table} CASCADE")
    with connection.schema_editor() as editor:
        editor.add_constraint(model, guard)


@pytest.fixture
def both_look_before_either_writes(monkeypatch):
    create, gate = QuerySet.create, threading.Barrier(2)

    def patched(rows, **values):
        if rows.model in {CourseAccess, Suspension}:
            gate.wait(timeout=20)
        return create(rows, **values)

    monkeypatch.setattr(QuerySet, "create", patched)


def test_twenty_grants_from_one_source_are_one_right():
    user, course = UserFactory(), CourseFactory()

    rows = at_once(*[lambda: give(user, course).pk] * 20)

    assert (len(set(rows)), CourseAccess.objects.count(), actions()) == (1, 1, ["granted"])


def test_twin_without_the_constraint_two_grants_are_two_rights(both_look_before_either_writes):
    user, course = UserFactory(), CourseFactory()

    with constraint_dropped(CourseAccess, "access_one_live_row_per_course_and_source"):
        at_once(*[lambda: give(user, course)] * 2)
        found = CourseAccess.objects.count(), actions()

    assert found == (2, ["granted", "granted"])


def suspending(user, course):
    staff = StaffFactory()
    return lambda: suspend(user=user, course=course, actor=staff, reason="Shared", now=NOW)


def test_suspensions_beside_grants_leave_one_of_each_and_a_closed_course():
    user, course = UserFactory(), CourseFactory()

    at_once(*[lambda: give(user, course)] * 10, *[suspending(user, course)] * 10)

    assert (CourseAccess.objects.count(), Suspension.objects.filter(lifted_at=None).count()) == (1, 1)
    assert (sorted(actions()), has_course_access(user, course, NOW)[2]) == (["granted", "suspended"], "suspended")


@pytest.mark.parametrize("first_is_grant", [True, False])
def test_a_grant_that_overlaps_a_suspension_opens_nothing(overlap, first_is_grant):
    user, course = UserFactory(), CourseFactory()
    granting, closing = lambda: give(user, course), suspending(user, course)

    if first_is_grant:
        overlap("access.services.rights._record", granting, closing)
    else:
        overlap("access.services.suspending._record_suspension", closing, granting)

    assert (CourseAccess.objects.count(), has_course_access(user, course, NOW)[2]) == (1, "suspended")


def test_twin_without_the_constraint_there_are_two_suspensions_to_lift(both_look_before_either_writes):
    user, course = UserFactory(), CourseFactory()

    with constraint_dropped(Suspension, "suspension_one_open_per_course"):
        at_once(*[suspending(user, course)] * 2)
        found = Suspension.objects.filter(lifted_at=None).count(), actions()

    assert found == (2, ["suspended", "suspended"])


def revoking(access):
    return lambda: revoke_access(access=access, now=NOW, reason="Refund")


def test_a_revocation_beside_a_renewal_comes_last(right, overlap):
    overlap("access.services.rights._record", renewal(right, NOW), revoking(right))

    assert state() == ("revoked", END + 30 * DAY, ["granted", "extended", "revoked"], 0)


def test_a_renewal_beside_a_revocation_is_refused(right, overlap):
    results = overlap("access.services.rights._record", revoking(right), renewal(right, NOW))

    assert [type(result) for result in results] == [type(None), AccessRefused]
    assert state() == ("revoked", END, ["granted", "revoked"], 0)


def test_twin_without_lock_condition_and_constraint_a_revoked_right_is_renewed(
    right, overlap, without_row_locks, monkeypatch
):
    monkeypatch.setattr("access.services.rights.LIVE", list(AccessStatus))

    with constraint_dropped(CourseAccess, "access_revoked_says_when_and_why"):
        overlap("access.services.rights._record", revoking(right), renewal(right, NOW))
        found = state()

    assert found == ("unlocked", END + 30 * DAY, ["granted", "revoked", "extended"], 1)


def test_revocations_and_renewals_in_any_order_leave_rows_that_the_events_make(right):
    at_once(*[renewal(right, NOW)] * 5, *[revoking(right)] * 5, may_fail=True)

    status, _, history, code = state()
    assert (status, history.count("revoked"), history[-1], code) == ("revoked", 1, "revoked", 0)
