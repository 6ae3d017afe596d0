"""Staff who give a membership for a time at the same moment leave one; without the lock they leave two."""

from datetime import timedelta

import pytest

from access.models import CourseAccess
from access.services import override_tier
from tests.factories import NOW, StaffFactory, UserFactory
from tests.races.conftest import at_once

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]


def give_at_once(*levels):
    """Each level given by a member of staff of their own; returns how many overrides are left."""
    user, staff = UserFactory(), StaffFactory()
    given = {"user": user, "actor": staff, "reason": "trial", "until": NOW + timedelta(days=9), "now": NOW}

    at_once(*[lambda level=level: override_tier(level=level, **given) for level in levels])

    return CourseAccess.objects.exclude(status="revoked").count()


def test_six_overrides_at_once_leave_one():
    assert give_at_once(*[1, 2, 3] * 2) == 1


def test_twin_without_the_lock_leaves_two(monkeypatch, meet):
    monkeypatch.setattr("access.services.tiers.lock_student", lambda user_id: None)
    meet("access.services.tiers.grant_access", 2)

    assert give_at_once(1, 2) == 2
