"""`rebuild_access` finds rows that differ from their events, and repairs them from those."""

from datetime import timedelta

import pytest

from access import auditing
from access.models import AccessEvent, Cohort, CohortMembership, CourseAccess, Suspension
from access.services import extend_access, lock_access, reinstate, revoke_access, suspend
from tests import factories as make
from tests.access.ledgers import give, rebuild, tampered, write_event
from tests.conftest import counted_queries
from tests.factories import NOW, CourseFactory, UserFactory

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture
def course():
    return CourseFactory(slug="bread")


@pytest.fixture
def right(student, course):
    return give(student, course)


def test_check_of_what_services_wrote_finds_nothing(student, staff, course, right):
    other = give(UserFactory(), course, expires_at=NOW + DAY)
    extend_access(access=other, days=3, now=NOW)
    lock_access(access=other, now=NOW, reason="Open payment")
    revoke_access(access=right, now=NOW, reason="Refund", actor=staff)
    reinstate(
        suspension=suspend(user=student, course=course, actor=staff, reason="Shared", now=NOW), actor=staff, now=NOW
    )

    assert rebuild("--check") == (["Rights: 2, suspensions: 1, differences: 0."], 0)


@pytest.mark.parametrize(
    ("columns", "said"),
    [
        ({"status": "locked"}, "status is locked, not unlocked"),
        ({"expires_at": NOW + DAY}, "expires_at is 2026-03-03 09:00:00+00:00, not empty"),
        ({"starts_at": NOW - DAY}, "starts_at is 2026-03-01 09:00:00+00:00, not 2026-03-02 09:00:00+00:00"),
        ({"granted_at": NOW - DAY}, "granted_at is 2026-03-01 09:00:00+00:00, not 2026-03-02 09:00:00+00:00"),
    ],
)
def test_check_finds_a_changed_column(right, columns, said):
    tampered(right, **columns)

    expected = [f"access {right.pk}: {said}", "Rights: 1, suspensions: 0, differences: 1."]
    assert rebuild("--check") == (expected, 1)


def test_check_finds_a_right_made_somebody_else_s(student, stranger, right):
    tampered(right, user=stranger)

    assert rebuild("--check")[0][0] == f"access {right.pk}: user_id is {stranger.pk}, not {student.pk}"


def test_check_finds_another_reason_and_another_revoker(staff, student, right):
    revoke_access(access=right, now=NOW, reason="Refund", actor=staff)
    tampered(right, revoked_by=student, revocation_reason="Chargeback")

    assert rebuild("--check")[0][:2] == [
        f"access {right.pk}: revoked_by_id is {student.pk}, not {staff.pk}",
        f"access {right.pk}: revocation_reason is Chargeback, not Refund",
    ]


def test_check_finds_a_suspension_lifted_by_hand(student, staff, course):
    row = suspend(user=student, course=course, actor=staff, reason="Shared", now=NOW)
    tampered(row, lifted_at=NOW, lifted_by=staff)

    assert rebuild("--check")[0][:2] == [
        f"suspension {row.pk}: lifted_by_id is {staff.pk}, not empty",
        f"suspension {row.pk}: lifted_at is 2026-03-02 09:00:00+00:00, not empty",
    ]


def test_check_finds_a_right_without_events(student, course):
    row = CourseAccess.objects.create(
        user=student, course=course, access_type="manual", source_key="k", granted_at=NOW, starts_at=NOW
    )

    assert rebuild("--check")[0][0] == f"access {row.pk}: history is empty, not one that services write"


def test_check_finds_a_history_that_cannot_be(right):
    write_event(right, "unlocked")

    said = f"access {right.pk}: history is unlocked while unlocked, not one that services write"
    assert rebuild("--check")[0][0] == said


def test_check_finds_a_wrong_count_of_members(student):
    cohort = Cohort.objects.create(name="Spring", member_count=5)
    CohortMembership.objects.create(cohort=cohort, user=student, joined_at=NOW)

    assert rebuild("--check")[0][0] == f"cohort {cohort.pk}: member_count is 5, not 1"


def test_check_writes_nothing(right):
    tampered(right, status="locked")

    rebuild("--check")

    right.refresh_from_db()
    assert right.status == "locked"


def test_check_costs_the_same_queries_for_three_and_for_thirty_rights(student):
    counts = []
    for _ in range(2):
        for _ in range(3 if not counts else 27):
            give(student, CourseFactory())
        with counted_queries() as queries:
            rebuild("--check")
        counts.append(len(queries))

    assert counts[0] == counts[1]


def test_check_goes_through_all_batches(student, monkeypatch):
    monkeypatch.setattr(auditing, "BATCH", 2)
    rows = [give(student, CourseFactory()) for _ in range(5)]
    CourseAccess.objects.update(status="locked")

    assert rebuild("--check")[0][:-1] == [f"access {row.pk}: status is locked, not unlocked" for row in rows]


def test_a_row_that_changed_between_two_reads_is_looked_at_again(right, monkeypatch):
    reads, histories = [], auditing.histories

    def late(book, rows):
        if not reads:
            revoke_access(access=right, now=NOW, reason="Refund")
        reads.append(len(rows))
        return histories(book, rows)

    monkeypatch.setattr(auditing, "histories", late)

    assert rebuild("--check") == (["Rights: 1, suspensions: 0, differences: 0."], 0)


def test_repair_makes_rows_say_what_events_say(student, staff, course):
    right = give(student, course, expires_at=NOW + DAY)
    extend_access(access=right, days=3, now=NOW)
    lock_access(access=right, now=NOW, reason="Open payment")
    revoke_access(access=right, now=NOW, reason="Refund", actor=staff)
    before = CourseAccess.objects.values().get()
    tampered(right, status="unlocked", revoked_at=None, revoked_by=None, revocation_reason="", granted_by=staff)

    lines, code = rebuild()

    assert (CourseAccess.objects.values().get(), len(lines), code) == (before, 6, 0)
    assert lines[0] == f"repaired: access {right.pk}: status is unlocked, not revoked"


def test_repair_makes_suspensions_say_what_events_say(student, staff, course):
    row = suspend(user=student, course=course, actor=staff, reason="Shared", now=NOW)
    tampered(row, lifted_at=NOW, lifted_by=staff)

    rebuild()

    assert Suspension.objects.filter(lifted_at=None, lifted_by=None).count() == 1


def test_repair_counts_members_anew(student):
    seat = make.CohortMembershipFactory(user=student, cohort__member_count=9)

    assert rebuild()[0][0] == f"repaired: cohort {seat.cohort_id}: member_count is 9, not 1"
    assert Cohort.objects.get().member_count == 1


def test_repair_writes_no_event(right):
    tampered(right, status="locked")

    rebuild()

    assert list(AccessEvent.objects.values_list("action", flat=True)) == ["granted"]


def test_repair_leaves_a_history_that_cannot_be(right):
    write_event(right, "unlocked")

    lines, code = rebuild()

    said = f"left: access {right.pk}: history is unlocked while unlocked, not one that services write"
    assert (lines[0], code) == (said, 1)


def test_repair_leaves_what_a_constraint_refuses(student, course, right, staff):
    """The row was revoked by hand to make room for another; the events say that both live."""
    tampered(right, status="revoked", revoked_at=NOW, revoked_by=staff, revocation_reason="By hand")
    give(student, course)

    lines, code = rebuild()

    assert (lines[0], code) == (f"left: access {right.pk}: status is revoked, not unlocked", 1)
    assert CourseAccess.objects.filter(status="revoked").count() == 1


def test_repair_leaves_more_members_than_seats():
    seat = make.CohortMembershipFactory()
    make.CohortMembershipFactory(cohort=seat.cohort)
    tampered(seat.cohort, max_participants=1)

    assert rebuild() == (
        [
            f"left: cohort {seat.cohort_id}: member_count is 0, not 2",
            "Rights: 0, suspensions: 0, differences: 1.",
        ],
        1,
    )


def test_repair_twice_finds_nothing_the_second_time(right):
    tampered(right, status="locked")
    rebuild()

    assert rebuild() == (["Rights: 1, suspensions: 0, differences: 0."], 0)
