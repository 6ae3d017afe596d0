"""Extending, locking, activating, revoking: one test per exit, and exactly one event per changed row."""

from datetime import timedelta

import pytest

from access.models import AccessEvent, AccessStatus, CourseAccess
from access.services import (
    AccessRefused,
    ReasonMissing,
    activate_access,
    extend_access,
    lock_access,
    revoke_access,
    unlock_access,
)
from tests.factories import NOW, CourseAccessFactory

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
REVOKED = {"status": "revoked", "revoked_at": NOW, "revocation_reason": "Refund"}


def events():
    return list(AccessEvent.objects.order_by("pk").values_list("action", flat=True))


def test_extend_a_running_right_from_its_end():
    row = CourseAccessFactory(expires_at=NOW + 10 * DAY)

    extend_access(access=row, days=30, now=NOW)

    assert (row.expires_at, row.status, events()) == (NOW + 40 * DAY, "unlocked", ["extended"])


@pytest.mark.parametrize("status", ["unlocked", "expired"])
def test_extend_an_ended_right_from_now(status):
    row = CourseAccessFactory(starts_at=NOW - 9 * DAY, expires_at=NOW - DAY, status=status)

    extend_access(access=row, days=30, now=NOW)

    assert (row.expires_at, row.status, events()) == (NOW + 30 * DAY, "unlocked", ["extended"])


def test_extend_a_locked_right_leaves_it_locked():
    row = CourseAccessFactory(expires_at=NOW + DAY, status="locked")

    extend_access(access=row, days=1, now=NOW)

    assert (row.expires_at, row.status) == (NOW + 2 * DAY, "locked")


def test_extend_refuses_a_right_for_life():
    row = CourseAccessFactory()

    with pytest.raises(AccessRefused, match="no end that could be moved"):
        extend_access(access=row, days=30, now=NOW)

    row.refresh_from_db()
    assert (row.expires_at, events()) == (None, [])


@pytest.mark.parametrize("ends", [None, NOW + DAY])
def test_extend_a_revoked_right_is_refused(ends):
    row = CourseAccessFactory(expires_at=ends, **REVOKED)

    with pytest.raises(AccessRefused, match="revoked"):
        extend_access(access=row, days=30, now=NOW)


@pytest.mark.parametrize("days", [0, -1])
def test_extend_by_no_day_is_refused(days):
    row = CourseAccessFactory(expires_at=NOW + DAY)

    with pytest.raises(AccessRefused):
        extend_access(access=row, days=days, now=NOW)

    assert events() == []


def test_extend_twice_adds_twice():
    row = CourseAccessFactory(expires_at=NOW + DAY)
    stale = CourseAccess.objects.get(pk=row.pk)

    extend_access(access=row, days=1, now=NOW)
    extend_access(access=stale, days=1, now=NOW)

    assert (stale.expires_at, events()) == (NOW + 3 * DAY, ["extended", "extended"])


def test_lock_and_unlock_leave_one_event_each(staff):
    row = CourseAccessFactory()

    lock_access(access=row, now=NOW, reason="Instalment failed", actor=staff)
    assert row.status == AccessStatus.LOCKED
    unlock_access(access=row, now=NOW, actor=staff, reason="Paid")

    assert (row.status, events()) == (AccessStatus.UNLOCKED, ["locked", "unlocked"])


def test_lock_and_unlock_repeated_change_nothing():
    row = CourseAccessFactory(status="locked")

    lock_access(access=row, now=NOW, reason="Again")
    unlock_access(access=row, now=NOW)
    unlock_access(access=row, now=NOW)

    assert events() == ["unlocked"]


def test_lock_refuses_what_is_not_open():
    row = CourseAccessFactory(status="expired")

    with pytest.raises(AccessRefused, match="expired"):
        lock_access(access=row, now=NOW, reason="Dispute")


@pytest.mark.parametrize("status", ["pending", "expired"])
def test_unlock_refuses_what_is_not_locked(status):
    row = CourseAccessFactory(status=status)

    with pytest.raises(AccessRefused, match=status):
        unlock_access(access=row, now=NOW)


def test_activate_opens_a_pending_right_from_now():
    row = CourseAccessFactory(status="pending", starts_at=NOW + DAY, expires_at=NOW + 9 * DAY)

    activate_access(access=row, now=NOW, cause="cohort:1")

    assert (row.status, row.starts_at, row.expires_at) == ("unlocked", NOW, NOW + 9 * DAY)
    assert events() == ["activated"]


def test_activate_an_open_right_changes_nothing():
    row = CourseAccessFactory()

    activate_access(access=row, now=NOW + DAY)

    assert (row.starts_at, events()) == (NOW, [])


@pytest.mark.parametrize("status", ["locked", "expired"])
def test_activate_refuses_what_is_not_pending(status):
    row = CourseAccessFactory(status=status)

    with pytest.raises(AccessRefused, match=status):
        activate_access(access=row, now=NOW)


def test_activate_a_right_that_has_ended_meanwhile_is_refused():
    row = CourseAccessFactory(status="pending", expires_at=NOW + DAY)

    with pytest.raises(AccessRefused, match="ended"):
        activate_access(access=row, now=NOW + DAY)

    assert events() == []


def test_revoke_takes_one_right_and_no_other(student, staff):
    row, other = CourseAccessFactory(user=student), CourseAccessFactory(user=student)

    revoke_access(access=row, now=NOW, reason=" Refund ", actor=staff, cause="order:1")

    other.refresh_from_db()
    assert (row.status, row.revoked_at, row.revoked_by, row.revocation_reason) == ("revoked", NOW, staff, "Refund")
    assert (other.status, events()) == ("unlocked", ["revoked"])


def test_revoke_twice_keeps_the_first_reason():
    row = CourseAccessFactory()

    revoke_access(access=row, now=NOW, reason="Refund")
    revoke_access(access=row, now=NOW + DAY, reason="Other")

    assert (row.revocation_reason, row.revoked_at, events()) == ("Refund", NOW, ["revoked"])


@pytest.mark.parametrize("reason", ["", "  \n"])
def test_revoke_without_a_reason_is_refused(reason):
    row = CourseAccessFactory()

    with pytest.raises(ReasonMissing):
        revoke_access(access=row, now=NOW, reason=reason)

    row.refresh_from_db()
    assert (row.status, events()) == ("unlocked", [])


@pytest.mark.parametrize("status", ["pending", "locked", "expired"])
def test_revoke_takes_what_is_not_open_too(status):
    row = CourseAccessFactory(status=status)

    revoke_access(access=row, now=NOW, reason="Refund")

    assert row.status == "revoked"


@pytest.mark.parametrize("change", [lock_access, unlock_access, activate_access])
def test_a_revoked_right_stays_revoked(change):
    row = CourseAccessFactory(**REVOKED)
    reason = {} if change is activate_access else {"reason": "Try"}

    with pytest.raises(AccessRefused, match="revoked"):
        change(access=row, now=NOW, **reason)

    assert events() == []


def test_a_change_and_its_event_are_one_transaction(monkeypatch):
    row = CourseAccessFactory()

    def broken(*args, **kwargs):
        raise RuntimeError("no room for the event")

    monkeypatch.setattr("access.services.rights._record", broken)
    with pytest.raises(RuntimeError):
        revoke_access(access=row, now=NOW, reason="Refund")

    row.refresh_from_db()
    assert row.status == "unlocked"


@pytest.mark.parametrize("starts_in", [-DAY, DAY])
def test_lock_pauses_a_pending_right_with_a_day(starts_in):
    row = CourseAccessFactory(status="pending", starts_at=NOW + starts_in)

    lock_access(access=row, now=NOW, reason="Dispute")

    assert (row.status, row.is_open(NOW + 2 * DAY)) == ("locked", False)


def test_lock_refuses_a_right_that_waits_without_a_day():
    row = CourseAccessFactory(status="pending", starts_at=None)

    with pytest.raises(AccessRefused, match="pending"):
        lock_access(access=row, now=NOW, reason="Dispute")

    assert AccessEvent.objects.count() == 0


def test_extend_lengthens_a_right_that_waits():
    row = CourseAccessFactory(status="pending", starts_at=None, duration_days=30)

    extend_access(access=row, days=10, now=NOW)
    activate_access(access=row, now=NOW + DAY)

    assert (row.expires_at, AccessEvent.objects.count()) == (NOW + 41 * DAY, 2)
