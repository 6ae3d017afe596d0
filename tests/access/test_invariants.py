"""What must hold over the whole database: `rebuild_access --check` finds each planted violation."""

from datetime import timedelta

import pytest
from django.db import connection

from access.models import AccessType
from access.services import suspend
from catalog.models import Course
from tests import factories as make
from tests.access.ledgers import give, rebuild, tampered, write_event
from tests.factories import NOW, CourseFactory

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture
def course():
    return CourseFactory(slug="bread")


@pytest.fixture
def right(student, course):
    return give(student, course)


@pytest.fixture
def without_constraint():
    """Let rows in that a constraint would refuse, as somebody who dropped it could write them."""

    def drop(table, name, *, is_index=False):
        statement = f"DROP INDEX {name}" if is_index else f"ALTER TABLE {table} DROP CONSTRAINT {name}"
        if connection.vendor == "sqlite" and not is_index:
            statement = "PRAGMA ignore_check_constraints = ON"
        with connection.cursor() as cursor:
            if connection.vendor == "postgresql":
                cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # it alters no table with checks still to make
            cursor.execute(statement)

    yield drop
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA ignore_check_constraints = OFF")


def test_check_finds_a_bundle_s_right_after_the_bundle_ended(student, course):
    purchase = make.BundlePurchaseFactory(user=student)
    row = give(student, course, access_type=AccessType.BUNDLE, bundle_purchase=purchase)
    tampered(purchase, ended_at=NOW)

    assert rebuild("--check")[0][0] == f"access {row.pk}: source is gone, not a bundle of theirs"


def test_check_finds_a_right_from_somebody_else_s_bundle(student, course):
    row = give(student, course, access_type=AccessType.BUNDLE, bundle_purchase=make.BundlePurchaseFactory())

    assert rebuild("--check")[0][0] == f"access {row.pk}: source is gone, not a bundle of theirs"


def test_check_finds_a_cohort_s_right_of_one_who_left(student, course):
    cohort = make.CohortFactory()
    row = give(student, course, access_type=AccessType.COHORT, cohort=cohort)
    make.CohortMembershipFactory(cohort=cohort, user=student, joined_at=NOW, left_at=NOW)

    assert rebuild("--check")[0][0] == f"access {row.pk}: source is gone, not a cohort of theirs"


def test_check_finds_a_path_s_right_of_one_who_left(student, course):
    row = give(student, course, access_type=AccessType.PATH, path=make.LearningPathFactory())

    assert rebuild("--check")[0][0] == f"access {row.pk}: source is gone, not a path of theirs"


def test_check_lets_rights_stand_on_what_still_stands(student, course):
    purchase = make.BundlePurchaseFactory(user=student)
    give(student, course, access_type=AccessType.BUNDLE, bundle_purchase=purchase)
    seat = make.CohortMembershipFactory(user=student, cohort__member_count=1)
    give(student, course, access_type=AccessType.COHORT, cohort=seat.cohort)
    give(student, course, access_type=AccessType.PATH, path=make.PathMembershipFactory(user=student).path)

    assert rebuild("--check") == (["Rights: 3, suspensions: 0, differences: 0."], 0)


def test_check_finds_two_live_rights_of_one_source(student, course, right, without_constraint):
    without_constraint("access_courseaccess", "access_one_live_row_per_course_and_source", is_index=True)
    second = make.CourseAccessFactory(user=student, course=course, source_key="k")
    write_event(second, "granted")

    said = [f"access {second.pk}: source is in 2 live rows, not in one", "Rights: 2, suspensions: 0, differences: 1."]
    assert rebuild("--check") == (said, 1)


@pytest.mark.parametrize("columns", [{"status": "revoked"}, {"revoked_at": NOW}, {"revocation_reason": "Refund"}])
def test_check_finds_a_half_written_revocation(right, without_constraint, columns):
    without_constraint("access_courseaccess", "access_revoked_says_when_and_why")
    tampered(right, **columns)

    said = f"access {right.pk}: revocation is half written, not whole or none"
    assert said in rebuild("--check")[0]


def test_check_finds_a_suspension_lifted_by_nobody(student, staff, course, without_constraint):
    without_constraint("access_suspension", "suspension_is_lifted_by_someone")
    row = suspend(user=student, course=course, actor=staff, reason="Shared", now=NOW)
    tampered(row, lifted_at=NOW)

    assert f"suspension {row.pk}: end is half written, not whole or none" in rebuild("--check")[0]


def test_check_finds_a_suspension_without_a_reason(student, staff, course, without_constraint):
    without_constraint("access_suspension", "suspension_gives_a_reason")
    row = suspend(user=student, course=course, actor=staff, reason="Shared", now=NOW)
    tampered(row, reason="")

    assert f"suspension {row.pk}: reason is empty, not a reason" in rebuild("--check")[0]


def test_check_finds_a_right_that_ends_before_it_starts(right, without_constraint):
    without_constraint("access_courseaccess", "access_ends_after_it_starts")
    tampered(right, expires_at=NOW)

    said = f"access {right.pk}: expires_at is 2026-03-02 09:00:00+00:00, not after 2026-03-02 09:00:00+00:00"
    assert said in rebuild("--check")[0]


def test_check_finds_a_list_that_disagrees_with_the_judge(student, course, right, monkeypatch):
    monkeypatch.setattr("access.invariants.courses_open_to", lambda user, now: Course.objects.none())

    assert rebuild("--check")[0][0] == f"user {student.pk}: courses listed as open is [], not [{course.pk}]"


def test_check_holds_memberships_against_the_judge_too(student):
    CourseFactory(required_level=2, enrollment_method="subscription_only")
    give(student, None, tier_level=2)

    assert rebuild("--check") == (["Rights: 1, suspensions: 0, differences: 0."], 0)
