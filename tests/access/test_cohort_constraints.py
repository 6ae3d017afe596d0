"""What the database refuses of cohorts by itself, each named constraint once; and what it must let through."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction

from access.models import Cohort, CohortMembership
from tests.factories import NOW, CohortFactory, CohortMembershipFactory, CourseAccessFactory

pytestmark = pytest.mark.django_db
MARCH, APRIL = date(2026, 3, 1), date(2026, 4, 1)


def refused(build):
    with pytest.raises(IntegrityError) as error, transaction.atomic():
        build()
    return str(error.value)


@pytest.mark.parametrize(
    ("constraint", "fields"),
    [
        ("cohort_has_a_seat_for_every_member", {"max_participants": 1, "member_count": 2}),
        ("cohort_has_a_seat_for_every_member", {"max_participants": 0, "member_count": 1}),
        ("cohort_ends_after_it_starts", {"starts_on": APRIL, "ends_on": MARCH}),
        ("member_count", {"member_count": -1}),
    ],
)
def test_a_cohort_is_refused(constraint, fields):
    assert constraint in refused(lambda: CohortFactory(**fields))


@pytest.mark.parametrize(
    "fields",
    [
        {"max_participants": 2, "member_count": 2},
        {"max_participants": None, "member_count": 500},
        {"max_participants": 0},
        {"starts_on": MARCH, "ends_on": MARCH},
        {"ends_on": MARCH},
        {"starts_on": MARCH},
    ],
)
def test_a_cohort_is_let_through(fields):
    CohortFactory(**fields)

    assert Cohort.objects.count() == 1


def test_seats_below_the_members_are_refused_to_every_update():
    CohortFactory(max_participants=2, member_count=2)

    found = refused(lambda: Cohort.objects.update(max_participants=1))

    assert "cohort_has_a_seat_for_every_member" in found


def test_two_memberships_of_one_student_are_refused(student):
    row = CohortMembershipFactory(user=student)

    refused(lambda: CohortMembershipFactory(user=student, cohort=row.cohort))

    assert CohortMembership.objects.count() == 1


def test_who_left_may_come_back(student):
    row = CohortMembershipFactory(user=student, left_at=NOW)

    CohortMembershipFactory(user=student, cohort=row.cohort)

    assert CohortMembership.objects.count() == 2


def test_nobody_leaves_before_they_join():
    found = refused(lambda: CohortMembershipFactory(left_at=NOW - timedelta(seconds=1)))

    assert "membership_ends_after_it_starts" in found


@pytest.mark.parametrize("access_type", ["cohort", "manual"])
def test_a_right_names_its_cohort_if_and_only_if_it_comes_from_one(access_type):
    cohort = CohortFactory() if access_type == "manual" else None

    found = refused(lambda: CourseAccessFactory(access_type=access_type, cohort=cohort))

    assert "access_by_cohort_names_the_cohort" in found


@pytest.mark.parametrize("target", ["user", "cohort"])
def test_what_has_memberships_cannot_be_deleted(target):
    row = CohortMembershipFactory()

    with pytest.raises(IntegrityError):
        getattr(row, target).delete()


def test_rows_name_themselves(student):
    row = CohortMembershipFactory(user=student, cohort__name="Spring")

    assert (str(row.cohort), str(row)) == ("Spring", f"{student} in Spring")
