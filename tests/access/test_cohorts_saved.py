"""Cohorts as staff edit them: seats that stay above the members, and what moves with a start."""

from datetime import UTC, date, datetime

import pytest

from access.models import AccessEvent, Cohort, CourseAccess
from access.services import (
    AccessRefused,
    SeatsBelowMembers,
    add_to_cohort,
    lock_access,
    move_access,
    save_cohort,
    unlock_access,
)
from common.moments import start_of_day
from tests.access.ledgers import rebuild
from tests.access.test_cohorts import DAY, sold
from tests.access.test_cohorts_with_access import MARCH_16, events, giving
from tests.factories import CohortFactory, CourseAccessFactory

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)


def test_a_new_cohort_is_saved_as_it_is():
    cohort = save_cohort(cohort=CohortFactory.build(name="New", max_participants=0), now=NOW)

    assert Cohort.objects.get() == cohort


def test_saving_leaves_the_count_of_members_alone(student):
    stale = giving(name="Old")
    add_to_cohort(user=student, cohort=Cohort.objects.get(), now=NOW)
    stale.name, stale.max_participants = "New", 1

    save_cohort(cohort=stale, now=NOW)

    cohort = Cohort.objects.get()
    assert (cohort.name, cohort.member_count, stale.member_count) == ("New", 1, 1)


def test_seats_never_fall_below_the_members(student):
    cohort = giving(name="Old")
    add_to_cohort(user=student, cohort=cohort, now=NOW)
    cohort.name, cohort.max_participants = "New", 0

    with pytest.raises(SeatsBelowMembers, match="At least 1, because so many seats are taken"):
        save_cohort(cohort=cohort, now=NOW)

    assert Cohort.objects.get().name == "Old"


@pytest.mark.parametrize(("starts_on", "opens_at"), [(date(2026, 4, 1), start_of_day(date(2026, 4, 1))), (None, NOW)])
def test_a_moved_start_moves_what_waits_for_it(student, staff, starts_on, opens_at):
    long, ten = sold(), sold(access_duration_type="fixed_days", access_duration_days=10)
    dated = sold(access_duration_type="until_date", access_until=NOW + 90 * DAY)
    cohort = giving(long, ten, dated, starts_on=MARCH_16, name="Spring")
    add_to_cohort(user=student, cohort=cohort, now=NOW - DAY)
    cohort.starts_on = starts_on

    save_cohort(cohort=cohort, actor=staff, now=NOW)

    found = CourseAccess.objects.order_by("pk").values_list("status", "starts_at", "expires_at")
    ends = [None, opens_at + 10 * DAY, NOW + 90 * DAY]
    assert list(found) == [("pending", opens_at, end) for end in ends]
    assert events()[3:] == [("extended", staff, "The start of Spring moved", f"cohort:{cohort.pk}")] * 3
    assert list(AccessEvent.objects.filter(action="extended").values_list("starts_at", "expires_at")) == [
        (opens_at, end) for end in ends
    ]


@pytest.mark.parametrize(("is_unlocked", "status"), [(True, "unlocked"), (False, "locked")])
def test_what_was_locked_before_it_opened_follows_the_start(student, staff, is_unlocked, status):
    cohort = giving(sold(), starts_on=MARCH_16)
    add_to_cohort(user=student, cohort=cohort, now=NOW)
    access = CourseAccess.objects.get()
    lock_access(access=access, now=NOW, reason="Instalment failed", actor=staff)
    if is_unlocked:
        unlock_access(access=access, now=NOW, actor=staff)
    cohort.starts_on = date(2026, 6, 1)

    save_cohort(cohort=cohort, now=NOW)

    access.refresh_from_db()
    assert (access.status, access.starts_at) == (status, start_of_day(date(2026, 6, 1)))
    assert rebuild("--check")[1] == 0


def test_what_has_opened_stays_open_when_the_start_moves(student):
    cohort = giving(sold(), starts_on=date(2026, 3, 3))
    add_to_cohort(user=student, cohort=cohort, now=NOW)
    later = NOW + 2 * DAY
    cohort.starts_on = MARCH_16

    save_cohort(cohort=cohort, now=later)

    assert (CourseAccess.objects.get().is_open(later), len(events())) == (True, 1)


def test_a_start_after_the_end_of_a_course_is_refused(student):
    course = sold(access_duration_type="until_date", access_until=NOW + 20 * DAY)
    cohort = giving(course, starts_on=MARCH_16)
    add_to_cohort(user=student, cohort=cohort, now=NOW)
    cohort.starts_on = date(2026, 4, 16)

    with pytest.raises(AccessRefused, match="would have ended"):
        save_cohort(cohort=cohort, now=NOW)

    assert (Cohort.objects.get().starts_on, len(events())) == (MARCH_16, 1)


def test_only_what_waits_can_be_moved():
    with pytest.raises(AccessRefused, match=r"This access is unlocked\."):
        move_access(access=CourseAccessFactory(), starts_at=NOW, expires_at=None, now=NOW)
