"""Cohorts that give rights: what staff give and take, and what moves with a start. One test per exit."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.core import mail

from access.decisions import Code
from access.models import AccessEvent, AccessStatus, AccessType, CohortMembership, CourseAccess
from access.selectors import course_decision
from access.services import (
    AccessRefused,
    CohortFull,
    NotAMember,
    add_to_cohort,
    grant_access,
    leave_cohort,
    lock_access,
    remove_from_cohort,
    revoke_access,
)
from common.moments import start_of_day
from tests.access.catching import catch_up_all
from tests.access.test_cohorts import DAY, cohort_of, counts, sold
from tests.factories import CourseAccessFactory, CourseFactory, SuspensionFactory

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)
MARCH_16 = date(2026, 3, 16)


def giving(*courses, **fields):
    return cohort_of(*courses, grants_access=True, **fields)


def rows():
    return [(row.access_type, row.status, row.expires_at) for row in CourseAccess.objects.order_by("pk")]


def events():
    return [(e.action, e.actor, e.reason, e.cause) for e in AccessEvent.objects.order_by("pk")]


def test_staff_give_a_seat_and_one_right_per_course(student, staff, run_jobs):
    courses = [sold(title="Paint"), sold(title="Draw", access_duration_type="fixed_days", access_duration_days=30)]
    cohort = giving(*courses, name="Spring")

    membership, is_new = add_to_cohort(user=student, cohort=cohort, actor=staff, now=NOW)

    assert (membership.added_by, is_new, counts()) == (staff, True, (1, 1, 0, 2, 2))
    assert rows() == [("cohort", "unlocked", None), ("cohort", "unlocked", NOW + 30 * DAY)]
    assert {(row.cohort, row.source_key) for row in CourseAccess.objects.all()} == {(cohort, f"cohort:{cohort.pk}")}
    assert set(events()) == {("granted", staff, "Member of Spring", f"cohort:{cohort.pk}")}
    assert [run_jobs(), [message.to for message in mail.outbox]] == [1, [[student.email]]]


def test_a_start_to_come_opens_the_rights_by_itself(student):
    course = sold(access_duration_type="fixed_days", access_duration_days=10)
    opens_at = start_of_day(MARCH_16)

    add_to_cohort(user=student, cohort=giving(course, starts_on=MARCH_16), now=NOW)

    row = CourseAccess.objects.get()
    assert (row.status, row.starts_at, row.expires_at) == (AccessStatus.PENDING, opens_at, opens_at + 10 * DAY)
    codes = [course_decision(student, course, at).code for at in (NOW, opens_at)]
    assert codes == [Code.COHORT_UPCOMING, Code.ACTIVE]


def test_a_cohort_that_gives_nothing_gives_a_seat_only(student, staff):
    add_to_cohort(user=student, cohort=cohort_of(sold()), actor=staff, now=NOW)

    assert counts() == (1, 1, 0, 0, 0)


def test_adding_twice_gives_nothing_again(student, staff, run_jobs):
    cohort = giving(sold(), max_participants=1)
    first, _ = add_to_cohort(user=student, cohort=cohort, actor=staff, now=NOW)

    second, is_new = add_to_cohort(user=student, cohort=cohort, actor=staff, now=NOW + DAY)

    assert (first, is_new, counts(), run_jobs()) == (second, False, (1, 1, 0, 1, 1), 1)


def test_staff_find_no_seat_in_a_full_cohort_either(student, stranger, staff):
    cohort = giving(sold(), max_participants=1)
    add_to_cohort(user=stranger, cohort=cohort, actor=staff, now=NOW)

    with pytest.raises(CohortFull):
        add_to_cohort(user=student, cohort=cohort, actor=staff, now=NOW)

    assert counts() == (1, 1, 0, 1, 1)


def test_a_course_that_ends_before_the_start_gives_no_seat(student):
    course = sold(access_duration_type="until_date", access_until=NOW + DAY)

    with pytest.raises(AccessRefused):
        add_to_cohort(user=student, cohort=giving(course, starts_on=MARCH_16), now=NOW)

    assert counts() == (0, 0, 0, 0, 0)


def test_a_suspension_stays_closed_in_a_cohort(student, staff):
    course = sold()
    SuspensionFactory(user=student, course=course)

    add_to_cohort(user=student, cohort=giving(course), actor=staff, now=NOW)

    assert (counts()[:2], course_decision(student, course, NOW).code) == ((1, 1), Code.SUSPENDED)


def test_leaving_takes_what_the_place_gave_and_nothing_else(student, stranger):
    course = sold()
    bought = CourseAccessFactory(user=student, course=course, starts_at=NOW)
    cohort, other = giving(course, name="Spring"), giving(course)
    for user, group in ((student, cohort), (student, other), (stranger, cohort)):
        add_to_cohort(user=user, cohort=group, now=NOW)

    leave_cohort(user=student, cohort=cohort, now=NOW + DAY)

    revoked = CourseAccess.objects.get(status="revoked")
    assert (revoked.user, revoked.cohort, revoked.revoked_by, revoked.revocation_reason) == (
        student,
        cohort,
        student,
        "Left Spring",
    )
    assert events()[3:] == [("revoked", student, "Left Spring", f"cohort:{cohort.pk}")]
    assert (counts()[:2], bought.is_open(NOW + DAY)) == ((2, 2), True)


def test_coming_back_brings_rights_of_its_own(student):
    course = sold()
    cohort = giving(course)
    add_to_cohort(user=student, cohort=cohort, now=NOW)
    leave_cohort(user=student, cohort=cohort, now=NOW + DAY)

    add_to_cohort(user=student, cohort=cohort, now=NOW + 2 * DAY)

    assert [row[1] for row in rows()] == ["revoked", "unlocked"]
    assert (CohortMembership.objects.count(), counts()[0]) == (2, 1)


@pytest.mark.parametrize("by_staff", [True, False])
@pytest.mark.parametrize("days", [None, 30])
def test_who_keeps_access_holds_it_by_hand_with_the_same_end(student, staff, by_staff, days):
    rule = {"access_duration_type": "fixed_days", "access_duration_days": days} if days else {}
    course = sold(**rule)
    cohort = giving(course, remove_access_on_leave=by_staff)
    add_to_cohort(user=student, cohort=cohort, actor=staff, now=NOW)
    type(course).objects.update(access_duration_type="fixed_days", access_duration_days=7)  # sold rights do not change

    if by_staff:
        remove_from_cohort(user=student, cohort=cohort, actor=staff, now=NOW + DAY, reason=" Moved ", keep_access=True)
    else:
        leave_cohort(user=student, cohort=cohort, now=NOW + DAY)

    ends = NOW + timedelta(days=days) if days else None
    kept = CourseAccess.objects.get(access_type=AccessType.MANUAL)
    assert rows() == [("cohort", "revoked", ends), ("manual", "unlocked", ends)]
    assert (kept.granted_by, kept.granted_at, kept.cohort) == (staff if by_staff else None, NOW + DAY, None)
    assert {(action, cause) for action, _, _, cause in events()[1:]} == {
        ("granted", f"cohort:{cohort.pk}"),
        ("revoked", f"cohort:{cohort.pk}"),
    }


def test_what_is_kept_before_the_start_opens_at_the_start(student, staff):
    course = sold()
    cohort = giving(course, starts_on=MARCH_16)
    add_to_cohort(user=student, cohort=cohort, actor=staff, now=NOW)

    remove_from_cohort(user=student, cohort=cohort, actor=staff, now=NOW + DAY, keep_access=True)

    kept = CourseAccess.objects.get(access_type=AccessType.MANUAL)
    assert (kept.status, kept.starts_at) == (AccessStatus.PENDING, start_of_day(MARCH_16))


@pytest.mark.parametrize("end", ["run out", "locked"])
def test_what_is_not_open_is_not_kept(student, staff, end):
    cohort = giving(sold(access_duration_type="fixed_days", access_duration_days=1))
    add_to_cohort(user=student, cohort=cohort, actor=staff, now=NOW)
    if end == "locked":
        lock_access(access=CourseAccess.objects.get(), now=NOW, reason="Instalment")
    later = NOW + DAY if end == "run out" else NOW

    remove_from_cohort(user=student, cohort=cohort, actor=staff, now=later, keep_access=True)

    assert [row[:2] for row in rows()] == [("cohort", "revoked")]


@pytest.mark.parametrize(("typed", "written"), [("", "Removed from Spring"), (" Moved away ", "Moved away")])
def test_staff_take_a_seat_back_with_a_reason(student, staff, typed, written):
    cohort = giving(sold(), name="Spring")
    add_to_cohort(user=student, cohort=cohort, actor=staff, now=NOW)

    remove_from_cohort(user=student, cohort=cohort, actor=staff, now=NOW + DAY, reason=typed)

    assert events()[1:] == [("revoked", staff, written, f"cohort:{cohort.pk}")]
    assert counts()[:2] == (0, 0)


def test_staff_remove_nobody_who_is_not_in_it(student, staff):
    with pytest.raises(NotAMember):
        remove_from_cohort(user=student, cohort=giving(sold()), actor=staff, now=NOW)


def test_a_right_for_life_ignores_the_rule_of_the_course(student):
    course = sold(access_duration_type="fixed_days", access_duration_days=1)

    access = grant_access(
        user=student, course=course, access_type=AccessType.MANUAL, source_key="a", now=NOW, is_lifetime=True
    )

    assert access.expires_at is None


def test_members_get_the_courses_that_came_after_them(student, stranger, staff, run_jobs):
    first, second = sold(), sold()
    cohort = giving(first)
    for user in (student, stranger):
        add_to_cohort(user=user, cohort=cohort, now=NOW)
    leave_cohort(user=stranger, cohort=cohort, now=NOW)
    cohort.courses.add(second)
    run_jobs()

    served = [catch_up_all(cohort, actor=staff, now=NOW + DAY) for _ in range(2)]

    given = CourseAccess.objects.filter(course=second).values_list("user", "status", "granted_by", "cohort")
    assert (served, list(given)) == ([1, 0], [(student.pk, "unlocked", staff.pk, cohort.pk)])
    assert run_jobs() == 1


def test_what_staff_took_from_a_member_is_not_given_again(student, staff):
    cohort = giving(sold())
    add_to_cohort(user=student, cohort=cohort, now=NOW)
    revoke_access(access=CourseAccess.objects.get(), now=NOW, reason="Abuse", actor=staff)

    assert catch_up_all(cohort, now=NOW + DAY) == 0


def test_what_a_left_membership_lost_is_given_to_the_new_one(student):
    course, extra = sold(), sold()
    cohort = giving(course)
    add_to_cohort(user=student, cohort=cohort, now=NOW)
    cohort.courses.add(extra)
    catch_up_all(cohort, now=NOW)
    leave_cohort(user=student, cohort=cohort, now=NOW + DAY)
    add_to_cohort(user=student, cohort=cohort, now=NOW + 2 * DAY)

    assert catch_up_all(cohort, now=NOW + 3 * DAY) == 0
    assert [row[1] for row in rows()] == ["revoked"] * 2 + ["unlocked"] * 2


def test_a_cohort_that_gives_nothing_has_nothing_missing(student):
    cohort = cohort_of(CourseFactory())
    add_to_cohort(user=student, cohort=cohort, now=NOW)

    assert catch_up_all(cohort, now=NOW) == 0
