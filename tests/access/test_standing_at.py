"""What somebody held at a moment: from now on what the judge is given, before it what the ledger and the dates keep."""

from dataclasses import fields
from datetime import date, timedelta

import pytest
from django.db import transaction

from access.decisions import decide_course
from access.models import CourseAccess
from access.past import held_at, rights_at
from access.selectors import missing_prerequisites
from access.services import (
    add_to_cohort,
    enroll,
    extend_access,
    leave_cohort,
    lock_access,
    reinstate,
    revoke_access,
    suspend,
    unlock_access,
)
from access.standings import standing_of
from tests import factories as make
from tests.access.ledgers import give, write_event
from tests.access.test_lists_agree import EXAMPLES, build, in_any_world
from tests.factories import NOW

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
LATER = NOW + 20 * DAY
COLUMNS = [field.attname for field in CourseAccess._meta.concrete_fields]


@pytest.fixture
def people(student, stranger, staff):
    return [student, stranger, staff]


@pytest.fixture
def course():
    return make.CourseFactory(slug="bread", enrollment_method="purchase")


def facts(standing):
    """All of a standing, with every column of its rights."""
    rows = sorted([getattr(row, name) for name in COLUMNS] for row in standing.rows)
    return [rows, *(getattr(standing, field.name) for field in fields(standing) if field.name != "rows")]


@in_any_world(EXAMPLES // 4)
def test_from_now_on_it_is_what_the_judge_is_given(people, world, now):
    with transaction.atomic():
        for course in build(world, people):
            for user in people[:2]:
                loaded = facts(standing_of(user, course))
                assert facts(held_at(user, course, now, now=now).standing) == loaded
                assert facts(held_at(user, course, now + DAY, now=now).standing) == loaded
        transaction.set_rollback(True)


def story_of(student, course, staff):
    """Given on day 0 for nine days, locked on day 2, unlocked on 3, extended by five days on 4, revoked on 6."""
    access = give(student, course, expires_at=NOW + 9 * DAY, actor=staff)
    lock_access(access=access, now=NOW + 2 * DAY, reason="Open payment")
    unlock_access(access=access, now=NOW + 3 * DAY)
    extend_access(access=access, now=NOW + 4 * DAY, days=5)
    revoke_access(access=access, now=NOW + 6 * DAY, reason="Refund", actor=staff)
    return access


@pytest.mark.parametrize(
    ("days", "said"),
    [
        (-1, None),
        (0, ("unlocked", 9, "")),
        (2, ("locked", 9, "")),
        (3, ("unlocked", 9, "")),
        (5, ("unlocked", 14, "")),
        (6, ("revoked", 14, "Refund")),
        (30, ("revoked", 14, "Refund")),
    ],
)
def test_a_right_is_what_its_events_until_then_make_of_it(student, course, staff, days, said):
    story_of(student, course, staff)

    rows = rights_at(student, course, NOW + days * DAY, now=LATER)

    found = [(row.status, (row.expires_at - NOW).days, row.revocation_reason) for row in rows]
    assert found == ([said] if said else [])


def test_who_took_a_right_away_is_nobody_before_it_was_taken(student, course, staff):
    access = story_of(student, course, staff)

    then, today = (rights_at(student, course, at, now=LATER)[0] for at in (NOW + DAY, LATER))

    assert (then.revoked_by, today.revoked_by, then.granted_by, access.revoked_by) == (None, staff, staff, staff)


def test_a_right_without_events_counts_as_it_stands_since_it_was_granted(student, course):
    row = make.CourseAccessFactory(user=student, course=course)

    found = [rights_at(student, course, NOW + days * DAY, now=LATER) for days in (-1, 1)]

    assert found == [[], [row]]


def test_a_right_whose_events_cannot_be_read_counts_as_it_stands(student, course):
    access = give(student, course)
    write_event(access, "unlocked")

    found = [rights_at(student, course, NOW + days * DAY, now=LATER) for days in (-1, 1)]

    assert found == [[], [access]]


@pytest.mark.parametrize(("days", "is_suspended"), [(0, False), (1, True), (2, True), (3, False), (9, False)])
def test_a_suspension_counts_while_it_was_open(student, course, staff, days, is_suspended):
    row = suspend(user=student, course=course, actor=staff, reason="Shared", now=NOW + DAY)
    reinstate(suspension=row, actor=staff, now=NOW + 3 * DAY)

    held = held_at(student, course, NOW + days * DAY, now=LATER)

    assert (held.standing.is_suspended, held.suspension) == (is_suspended, row if is_suspended else None)


@pytest.mark.parametrize(("days", "is_enrolled"), [(0, False), (1, True), (9, True)])
def test_joining_counts_from_its_day(student, course, days, is_enrolled):
    enroll(user=student, course=course, now=NOW + DAY)

    assert held_at(student, course, NOW + days * DAY, now=LATER).standing.is_enrolled == is_enrolled


@pytest.mark.parametrize(("days", "missing"), [(0, 1), (1, 0), (9, 0)])
def test_a_prerequisite_counts_from_the_day_it_was_completed(student, course, days, missing):
    before = make.CourseFactory(lesson_count=1)
    make.PrerequisiteFactory(course=course, required=before)
    make.CourseEnrollmentFactory(user=student, course=before, completed_at=NOW + DAY)

    listed = missing_prerequisites(student, course, by=NOW + days * DAY).count()

    assert (held_at(student, course, NOW + days * DAY, now=LATER).standing.missing, listed) == (missing, missing)


@pytest.mark.parametrize(("days", "is_member"), [(0, False), (1, True), (2, True), (3, False), (9, False)])
def test_a_cohort_counts_from_joining_to_leaving(student, course, days, is_member):
    cohort = make.CohortFactory(starts_on=date(2026, 3, 1))
    cohort.courses.add(course)
    add_to_cohort(user=student, cohort=cohort, now=NOW + DAY)
    leave_cohort(user=student, cohort=cohort, now=NOW + 3 * DAY)

    standing = held_at(student, course, NOW + days * DAY, now=LATER).standing

    assert standing.cohort_starts_on == (date(2026, 3, 1) if is_member else None)


def test_a_future_moment_knows_what_is_known_now_and_lets_time_pass(student, course):
    give(student, course, expires_at=NOW + 9 * DAY)

    answers = [decide_course(held_at(student, course, at, now=NOW).standing, at).code for at in (NOW, NOW + 9 * DAY)]

    assert answers == ["active", "expired"]


def test_the_past_costs_four_queries_however_much_happened(student, course, staff, max_queries):
    for _ in range(3):
        story_of(student, course, staff)

    with max_queries(4):
        standing = held_at(student, course, NOW + DAY, now=LATER).standing
        sources = [(row.granted_by, row.source_label) for row in standing.rows]

    assert sources == [(staff, "Granted by staff")] * 3
