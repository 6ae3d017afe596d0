"""Two owners dismiss each other at the same moment: one stays. Without the lock the school has no owner."""

import pytest

from accounts.models import User
from dashboard.roles import Role, role_of
from dashboard.staffing import RoleRefused, take_role
from tests.dashboard.roles import staff_of
from tests.races.conftest import at_once

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]


def owners_left():
    """How many owners there are after two tried to dismiss each other, and how many were refused."""
    first, second = staff_of(Role.OWNER), staff_of(Role.OWNER)

    told = at_once(
        lambda: take_role(user=second, actor=first), lambda: take_role(user=first, actor=second), may_fail=True
    )

    left = [user for user in User.objects.filter(is_staff=True) if role_of(user) == Role.OWNER]
    return len(left), sum(isinstance(each, RoleRefused) for each in told)


def test_one_of_two_owners_stays():
    assert owners_left() == (1, 1)


def test_twin_without_the_lock_nobody_stays(without_row_locks, meet):
    meet("dashboard.staffing.note_action", 2)

    assert owners_left() == (0, 0)
