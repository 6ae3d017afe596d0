"""Undo pressed twice at once takes an extension back once; without the lock it does so twice."""

import pytest

from access.models import AccessEvent
from access.services import extend_access, grant_access
from access.services.undoing import last_event_of, undo_extension
from tests.factories import NOW, CourseFactory, StaffFactory, UserFactory
from tests.races.conftest import at_once

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]


def taken_back(times):
    """How often the ledger says that an extension was taken back, after Undo was pressed so often at once."""
    course = CourseFactory(access_duration_type="fixed_days", access_duration_days=28)
    source = {"access_type": "purchase", "source_key": "order:1", "now": NOW}
    access = grant_access(user=UserFactory(), course=course, is_pending=True, **source)
    by = {"actor": StaffFactory(), "now": NOW}
    extend_access(access=access, days=7, **by)
    facts = {"event_id": last_event_of(access).pk, "days": 7, **by}

    at_once(*[lambda: undo_extension(**facts)] * times, may_fail=True)

    return AccessEvent.objects.filter(reason="Undone").count()


def test_four_presses_at_once_are_one():
    assert taken_back(4) == 1


def test_twin_without_the_lock_takes_it_back_twice(without_row_locks, meet):
    meet("access.services.undoing.change_access", 2)

    assert taken_back(2) == 2
