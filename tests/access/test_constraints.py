"""What the database refuses by itself, each named constraint once; and what it must let through."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from access.models import CourseAccess, CourseEnrollment, Suspension, Tier
from tests import factories as make
from tests.factories import NOW

pytestmark = pytest.mark.django_db
REVOKED = {"status": "revoked", "revoked_at": NOW, "revocation_reason": "Refund"}


def refused(build):
    """The text of the database's refusal; PostgreSQL and SQLite both name a check, SQLite names a unique's columns."""
    with pytest.raises(IntegrityError) as error, transaction.atomic():
        build()
    return str(error.value)


@pytest.mark.parametrize(
    ("constraint", "fields"),
    [
        ("access_covers_a_course_or_a_tier", {"tier_level": 1}),
        ("access_covers_a_course_or_a_tier", {"course": None}),
        ("access_tier_is_one_to_three", {"course": None, "tier_level": 0}),
        ("access_tier_is_one_to_three", {"course": None, "tier_level": 4}),
        ("access_ends_after_it_starts", {"expires_at": NOW}),
        ("access_ends_after_it_starts", {"expires_at": NOW - timedelta(seconds=1)}),
        ("access_revoked_says_when_and_why", {"status": "revoked"}),
        ("access_revoked_says_when_and_why", {"status": "revoked", "revoked_at": NOW}),
        ("access_revoked_says_when_and_why", {"status": "revoked", "revocation_reason": "Refund"}),
        ("access_revoked_says_when_and_why", {"revoked_at": NOW}),
        ("access_revoked_says_when_and_why", {"revocation_reason": "Refund"}),
        ("access_names_its_source", {"source_key": ""}),
    ],
)
def test_a_right_is_refused(constraint, fields):
    assert constraint in refused(lambda: make.CourseAccessFactory(**fields))


@pytest.mark.parametrize(
    ("constraint", "fields"),
    [
        ("suspension_gives_a_reason", {"reason": ""}),
        ("suspension_is_lifted_by_someone", {"lifted_at": NOW}),
    ],
)
def test_a_suspension_is_refused(constraint, fields):
    assert constraint in refused(lambda: make.SuspensionFactory(**fields))


def test_a_suspension_lifted_by_someone_but_never_is_refused(staff):
    assert "suspension_is_lifted_by_someone" in refused(lambda: make.SuspensionFactory(lifted_by=staff))


def test_a_tier_above_three_is_refused():
    assert "tier_level_is_at_most_three" in refused(lambda: make.TierFactory(level=4))


def test_two_tiers_of_one_level_are_refused():
    refused(lambda: Tier.objects.create(level=1, slug="other", name="Other"))

    assert Tier.objects.filter(level=1).count() == 1


@pytest.mark.parametrize("status", ["pending", "unlocked", "locked", "expired"])
def test_two_live_rights_from_one_source_are_refused(status):
    row = make.CourseAccessFactory()
    same = {"user": row.user, "course": row.course, "source_key": row.source_key}

    refused(lambda: make.CourseAccessFactory(status=status, **same))

    assert CourseAccess.objects.count() == 1


def test_two_live_memberships_from_one_source_are_refused(student):
    same = {"user": student, "course": None, "tier_level": 2, "source_key": "s:1"}
    make.CourseAccessFactory(**same)

    refused(lambda: make.CourseAccessFactory(**same))

    assert CourseAccess.objects.count() == 1


@pytest.mark.parametrize("other", [{"source_key": "x"}, {"access_type": "purchase"}, REVOKED])
def test_another_source_type_or_a_revoked_row_makes_room(other):
    row = make.CourseAccessFactory(source_key="a")

    make.CourseAccessFactory(**{"user": row.user, "course": row.course, "source_key": "a"} | other)

    assert CourseAccess.objects.count() == 2


def test_two_revoked_rows_of_one_source_may_stand_side_by_side(student):
    course = make.CourseFactory()
    for _ in range(2):
        make.CourseAccessFactory(user=student, course=course, source_key="a", **REVOKED)

    assert CourseAccess.objects.count() == 2


def test_two_enrollments_in_one_course_are_refused():
    row = make.CourseEnrollmentFactory()

    refused(lambda: make.CourseEnrollmentFactory(user=row.user, course=row.course))

    assert CourseEnrollment.objects.count() == 1


def test_two_open_suspensions_of_one_course_are_refused():
    row = make.SuspensionFactory()

    refused(lambda: make.SuspensionFactory(user=row.user, course=row.course))

    assert Suspension.objects.count() == 1


@pytest.mark.parametrize("name", ["accesses", "enrollments", "suspensions"])
def test_a_course_or_a_student_with_history_cannot_be_deleted(name):
    maker = {"accesses": make.CourseAccessFactory, "enrollments": make.CourseEnrollmentFactory}
    row = maker.get(name, make.SuspensionFactory)()

    for target in (row.user, row.course):
        with pytest.raises(IntegrityError):
            target.delete()
