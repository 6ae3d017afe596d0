"""What staff read of a right before they change it holds until they have: no day is lost between two."""

from datetime import date, timedelta

import pytest

from access.models import Cohort, CourseAccess
from access.services import (
    activate_access,
    add_to_cohort,
    extend_access,
    grant_access,
    remove_from_cohort,
    save_cohort,
)
from access.services.by_hand import revoke_course
from tests.factories import NOW, CohortFactory, CourseFactory, StaffFactory, UserFactory
from tests.races.conftest import at_once

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]
DAY = timedelta(days=1)
END = NOW + 10 * DAY
WRITE = "access.services.rights._record"


@pytest.fixture
def right():
    source = {"access_type": "manual", "source_key": "k", "now": NOW}
    return grant_access(user=UserFactory(), course=CourseFactory(), expires_at=END, **source)


@pytest.fixture
def place():
    """A right of a fixed number of days that a cohort gave, which starts tomorrow."""
    cohort = CohortFactory(grants_access=True, starts_on=NOW.date() + DAY)
    cohort.courses.add(CourseFactory(access_duration_type="fixed_days", access_duration_days=10))
    add_to_cohort(user=UserFactory(), cohort=cohort, now=NOW)
    return CourseAccess.objects.get()


def renewing(access):
    return lambda: extend_access(access=CourseAccess.objects.get(pk=access.pk), days=30, now=NOW)


def leaving(access):
    """Taken out of the cohort, and let keep what it gave."""
    who = {"user": access.user, "cohort": access.cohort, "actor": StaffFactory()}
    return lambda: remove_from_cohort(now=NOW, keep_access=True, **who)


def moving(access):
    """The cohort starts on another day."""
    cohort = Cohort.objects.get(pk=access.cohort_id)
    cohort.starts_on = date.fromordinal(cohort.starts_on.toordinal() + 1)
    return lambda: save_cohort(cohort=cohort, now=NOW)


def ends_later_by(access, **which):
    """By how many days the right that matches ends later than this one did."""
    return round((CourseAccess.objects.get(**which).expires_at - access.expires_at) / DAY)


def test_two_renewals_at_once_both_count(right):
    at_once(*[renewing(right)] * 6)

    assert ends_later_by(right) == 180


def test_twin_without_row_locks_one_is_lost(right, meet, without_row_locks):
    meet("access.services.rights.change_access", 2)

    at_once(*[renewing(right)] * 2)

    assert ends_later_by(right) == 30


def test_what_is_kept_of_a_place_has_the_days_it_was_just_renewed_by(place, overlap):
    overlap(WRITE, renewing(place), leaving(place))

    assert ends_later_by(place, access_type="manual") == 30


def test_twin_without_row_locks_what_is_kept_is_shorter(place, overlap, without_row_locks):
    overlap(WRITE, renewing(place), leaving(place))

    assert ends_later_by(place, access_type="manual") == 0


def test_a_moved_start_keeps_the_days_a_right_was_just_renewed_by(place, overlap):
    overlap(WRITE, renewing(place), moving(place))

    assert ends_later_by(place) == 31


def test_twin_without_row_locks_they_are_lost(place, overlap, without_row_locks):
    overlap(WRITE, renewing(place), moving(place))

    assert ends_later_by(place) == 1


def revoking(access, note):
    said = {"reason": "Refund", "actor": StaffFactory(), "now": NOW}
    return lambda: revoke_course(user=access.user, course=access.course, notes=note, **said)


def test_of_two_who_take_a_course_away_one_did_and_their_note_stays(right, overlap):
    _, second = overlap(WRITE, revoking(right, "First"), revoking(right, "Second"))

    assert (second, CourseAccess.objects.get().notes) == (None, "First")


def test_twin_without_row_locks_both_note_that_they_did(right, overlap, without_row_locks):
    overlap(WRITE, revoking(right, "First"), revoking(right, "Second"))

    assert CourseAccess.objects.get().notes == "First\nSecond"


@pytest.fixture
def waiting():
    """A right of ten days that waits to be opened."""
    course = CourseFactory(access_duration_type="fixed_days", access_duration_days=10)
    return grant_access(
        user=UserFactory(), course=course, access_type="purchase", source_key="k", is_pending=True, now=NOW
    )


def opening(access):
    return lambda: activate_access(access=CourseAccess.objects.get(pk=access.pk), now=NOW)


def test_days_that_come_while_a_right_is_opened_count(waiting, overlap):
    overlap("access.services.rights._days_after", opening(waiting), renewing(waiting))

    assert CourseAccess.objects.get().expires_at == NOW + 40 * DAY


def test_twin_without_the_lock_they_are_lost(waiting, overlap, without_row_locks):
    overlap("access.services.rights._days_after", opening(waiting), renewing(waiting))

    assert CourseAccess.objects.get().expires_at == NOW + 10 * DAY
