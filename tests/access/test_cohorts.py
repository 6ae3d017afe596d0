"""Students join and leave cohorts: one test per exit."""

from datetime import UTC, date, datetime, timedelta

import pytest

from access.decisions import Code
from access.groups import has_ended
from access.models import AccessEvent, Cohort, CohortMembership, CourseAccess, CourseEnrollment
from access.selectors import course_decision
from access.services import (
    CohortClosed,
    CohortFull,
    EnrollmentClosed,
    NotAMember,
    add_to_cohort,
    join_cohort,
    leave_cohort,
)
from tests.factories import NOW, CohortFactory, CourseAccessFactory, CourseFactory, SuspensionFactory

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def cohort_of(*courses, **fields):
    cohort = CohortFactory(**fields)
    cohort.courses.set(courses)
    return cohort


def sold(**fields):
    return CourseFactory(enrollment_method="purchase", **fields)


def counts():
    """Seats taken, open memberships, enrollments, rights, events."""
    seats = sum(Cohort.objects.values_list("member_count", flat=True))
    rows = [model.objects.count() for model in (CourseEnrollment, CourseAccess, AccessEvent)]
    return (seats, CohortMembership.objects.filter(left_at=None).count(), *rows)


def test_who_holds_a_right_gets_a_seat_and_takes_the_course(student):
    course = sold()
    CourseAccessFactory(user=student, course=course, must_join=True)
    cohort = cohort_of(course, max_participants=1)

    membership, is_new = join_cohort(user=student, cohort=cohort, course=course, now=NOW)

    assert (membership.user, membership.cohort, membership.joined_at, membership.added_by) == (
        student,
        cohort,
        NOW,
        None,
    )
    assert (is_new, cohort.seats_left, counts()) == (True, 0, (1, 1, 1, 1, 0))
    assert course_decision(student, course, NOW).code == Code.ACTIVE


def test_a_free_course_is_given_along_with_the_seat(student):
    course = CourseFactory()

    join_cohort(user=student, cohort=cohort_of(course), course=course, now=NOW)

    assert counts() == (1, 1, 1, 1, 1)
    assert course_decision(student, course, NOW).code == Code.ACTIVE


def test_joining_twice_returns_the_membership_also_of_a_full_cohort(student):
    course = CourseFactory()
    cohort = cohort_of(course, max_participants=1)
    first, _ = join_cohort(user=student, cohort=cohort, course=course, now=NOW)

    second, is_new = join_cohort(user=student, cohort=cohort, course=course, now=NOW + DAY)

    assert (first, is_new, counts()) == (second, False, (1, 1, 1, 1, 1))


def test_a_full_cohort_takes_nobody(student, stranger):
    course = CourseFactory()
    cohort = cohort_of(course, max_participants=1)
    join_cohort(user=stranger, cohort=cohort, course=course, now=NOW)

    with pytest.raises(CohortFull, match=r"This cohort is full\."):
        join_cohort(user=student, cohort=cohort, course=course, now=NOW)

    assert counts() == (1, 1, 1, 1, 1)


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"is_active": False}, "takes nobody any more"),
        ({"ends_on": date(2026, 3, 1)}, "takes nobody any more"),
        ({"grants_access": True}, "given by the people who run it"),
    ],
)
def test_what_students_may_not_join_keeps_its_seat(student, fields, sentence):
    course = CourseFactory()

    with pytest.raises(CohortClosed, match=sentence):
        join_cohort(
            user=student, cohort=cohort_of(course, **fields), course=course, now=datetime(2026, 3, 2, tzinfo=UTC)
        )

    assert counts() == (0, 0, 0, 0, 0)


def test_a_free_course_opens_no_cohort_of_another(student):
    free, paid = CourseFactory(), sold()

    with pytest.raises(CohortClosed):
        join_cohort(user=student, cohort=cohort_of(paid), course=free, now=NOW)

    assert counts() == (0, 0, 0, 0, 0)


@pytest.mark.parametrize("row", [None, {"status": "expired"}, {"status": "locked"}, {"starts_at": NOW + DAY}])
def test_without_an_open_right_there_is_no_seat(student, row):
    course = sold()
    if row:
        CourseAccessFactory(user=student, course=course, **row)

    with pytest.raises(EnrollmentClosed):
        join_cohort(user=student, cohort=cohort_of(course), course=course, now=NOW)

    assert counts() == (0, 0, 0, 1 if row else 0, 0)


def test_the_suspended_do_not_join(student):
    course = SuspensionFactory(user=student).course

    with pytest.raises(EnrollmentClosed, match="suspended"):
        join_cohort(user=student, cohort=cohort_of(course), course=course, now=NOW)

    assert counts() == (0, 0, 0, 0, 0)


def test_a_student_may_be_in_several_cohorts_of_one_course(student):
    course = CourseFactory()

    for cohort in (cohort_of(course), cohort_of(course)):
        join_cohort(user=student, cohort=cohort, course=course, now=NOW)

    assert counts() == (2, 2, 1, 1, 1)


@pytest.mark.parametrize(("hour", "ended"), [(22, False), (23, True)])
def test_a_cohort_ends_with_its_last_day_on_the_clock_of_the_site(hour, ended):
    cohort = CohortFactory.build(ends_on=date(2026, 3, 1))

    # Midnight in Paris is 23:00 UTC of the day before.
    assert has_ended(cohort, datetime(2026, 3, 1, hour, tzinfo=UTC)) is ended


def test_a_cohort_without_an_end_never_ends():
    assert has_ended(CohortFactory.build(), NOW) is False


def test_leaving_frees_the_seat_and_keeps_enrollment_and_other_rights(student):
    course = CourseFactory()
    cohort = cohort_of(course, max_participants=1)
    membership, _ = join_cohort(user=student, cohort=cohort, course=course, now=NOW)

    leave_cohort(user=student, cohort=cohort, now=NOW + DAY)

    membership.refresh_from_db()
    assert (membership.left_at, cohort.seats_left, counts()) == (NOW + DAY, 1, (0, 0, 1, 1, 1))
    assert course_decision(student, course, NOW + DAY).code == Code.ACTIVE


def test_a_cohort_that_is_closed_by_now_can_be_left(student):
    course = CourseFactory()
    cohort = cohort_of(course)
    join_cohort(user=student, cohort=cohort, course=course, now=NOW)
    Cohort.objects.update(is_active=False)

    leave_cohort(user=student, cohort=cohort, now=NOW + DAY)

    assert counts() == (0, 0, 1, 1, 1)


def test_nobody_leaves_before_they_joined(student):
    course = CourseFactory()
    cohort = cohort_of(course)
    join_cohort(user=student, cohort=cohort, course=course, now=NOW)

    leave_cohort(user=student, cohort=cohort, now=NOW - DAY)

    assert CohortMembership.objects.get().left_at == NOW


def test_leaving_what_one_is_not_in_is_refused(student, stranger):
    cohort = cohort_of(CourseFactory())
    add_to_cohort(user=stranger, cohort=cohort, now=NOW)

    with pytest.raises(NotAMember, match=r"You are not in this cohort\."):
        leave_cohort(user=student, cohort=cohort, now=NOW)

    assert counts() == (1, 1, 0, 0, 0)


def test_leaving_twice_is_refused_and_frees_one_seat(student, stranger):
    cohort = cohort_of(CourseFactory())
    for user in (student, stranger):
        add_to_cohort(user=user, cohort=cohort, now=NOW)
    leave_cohort(user=student, cohort=cohort, now=NOW)

    with pytest.raises(NotAMember):
        leave_cohort(user=student, cohort=cohort, now=NOW)

    assert counts() == (1, 1, 0, 0, 0)


def test_joining_again_is_a_membership_of_its_own(student):
    course = CourseFactory()
    cohort = cohort_of(course)
    first, _ = join_cohort(user=student, cohort=cohort, course=course, now=NOW)
    leave_cohort(user=student, cohort=cohort, now=NOW)

    second, is_new = join_cohort(user=student, cohort=cohort, course=course, now=NOW + DAY)

    assert (first == second, is_new, counts()) == (False, True, (1, 1, 1, 1, 1))
