"""A form of staff sent twice at the same moment: the change happens once; without the lock it happens twice."""

from datetime import timedelta

import pytest

from access.models import AccessEvent
from access.services import grant_access
from dashboard.services import extend_once, give_tier_once
from tests.factories import NOW, CourseFactory, StaffFactory, UserFactory
from tests.races.conftest import at_once

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]
CAUSE = "staff:abcdefghij12"


def extended(times):
    """How often the ledger says that a right was extended, after the same form was sent so often at once."""
    source = {"access_type": "purchase", "source_key": "order:1", "now": NOW, "expires_at": NOW + timedelta(days=30)}
    access = grant_access(user=UserFactory(), course=CourseFactory(), **source)
    given = {"access": access, "days": 7, "reason": "", "cause": CAUSE, "actor": StaffFactory(), "now": NOW}

    at_once(*[lambda: extend_once(**given)] * times)

    return AccessEvent.objects.filter(action="extended").count()


def given_by(times):
    """How many events the same membership leaves, sent so often at once."""
    facts = {"user": UserFactory(), "level": 2, "until": NOW + timedelta(days=9), "reason": "Trial", "now": NOW}
    staff = StaffFactory()

    at_once(*[lambda: give_tier_once(cause=CAUSE, actor=staff, **facts)] * times)

    return AccessEvent.objects.count()


def test_six_equal_extensions_at_once_are_one():
    assert extended(6) == 1


def test_twin_without_the_lock_extends_twice(without_row_locks, meet):
    meet("dashboard.services.extend_access", 2)

    assert extended(2) == 2


def test_six_equal_memberships_at_once_are_one():
    assert given_by(6) == 1


def test_twin_without_the_lock_gives_revokes_and_gives(monkeypatch, meet):
    monkeypatch.setattr("dashboard.services.lock_student", lambda user_id: None)
    meet("dashboard.services.override_tier", 2)

    assert given_by(2) == 3
