"""Undo pressed twice at once takes back once, and takes nothing back that others do meanwhile."""

import time

import pytest

from access.models import AccessEvent
from access.services import extend_access, grant_access
from access.services.undoing import last_event_of, undo_extension
from catalog.course_saving import set_status
from catalog.models import Course
from dashboard.undoing import take_back, undo_token
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


def status_after(linger):
    """What a course is after publishing it is taken back while somebody closes it to new students."""
    linger("dashboard.publishing.set_status", 0.3)
    course, staff = CourseFactory(status="active"), StaffFactory(is_superuser=True)
    facts = {"course": course.pk, "before": "draft", "status": "active"}
    token = undo_token(staff, "course status", back="/", now=NOW, **facts)

    def close():
        time.sleep(0.1)
        set_status(course=course, status="locked", actor=staff)

    at_once(lambda: take_back(token, actor=staff, now=NOW), close)
    return Course.objects.get().status


def test_what_others_do_while_it_is_taken_back_comes_after_it(linger):
    assert status_after(linger) == "locked"


def test_twin_without_the_lock_it_is_lost(linger, without_row_locks):
    assert status_after(linger) == "draft"
