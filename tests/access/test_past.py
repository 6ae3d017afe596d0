"""What was open at a moment of the past, and rows that tell otherwise."""

from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command

from access.models import AccessType, CourseAccess
from access.services import grant_access, lock_access, reinstate, revoke_access, suspend, unlock_access
from tests import factories as make
from tests.access.ledgers import rebuild, tampered, write_event
from tests.conftest import counted_queries
from tests.factories import NOW

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
CLEAN = "Rights: 1, suspensions: 0, differences: 0."


def moment(days):
    return f"{NOW + timedelta(days=days):%Y-%m-%dT%H:%MZ}"


@pytest.fixture
def right(student):
    """Given on NOW for nine days, locked on day 2, unlocked on day 3, revoked on day 5."""
    access = grant_access(
        user=student, course=make.CourseFactory(slug="bread"), access_type=AccessType.MANUAL, source_key="k",
        now=NOW, expires_at=NOW + 9 * DAY,
    )  # fmt: skip
    lock_access(access=access, now=NOW + 2 * DAY, reason="Open payment")
    unlock_access(access=access, now=NOW + 3 * DAY)
    revoke_access(access=access, now=NOW + 5 * DAY, reason="Refund")
    return access


@pytest.mark.parametrize(
    ("days", "is_open"), [(-1, False), (0, True), (1, True), (2, False), (3, True), (4, True), (5, False), (20, False)]
)
def test_what_was_open_is_what_the_events_say(right, days, is_open):
    lines, code = rebuild("--at", moment(days))

    said = f"access {right.pk}: student@example.com bread until 2026-03-11 09:00:00+00:00 (manual)"
    assert (lines, code) == (([said] if is_open else []) + [CLEAN], 0)


def test_a_right_that_ended_by_itself_was_not_open(student):
    make_right(student, expires_at=NOW + DAY)

    assert rebuild("--at", moment(1)) == ([CLEAN], 0)


def make_right(user, **fields):
    if "course" not in fields:
        fields["course"] = make.CourseFactory(slug="bread")
    return grant_access(user=user, access_type=AccessType.MANUAL, source_key="k", now=NOW, **fields)


def test_a_membership_is_said_by_its_tier(student):
    access = make_right(student, course=None, tier_level=2)

    assert rebuild("--at", moment(1))[0][0] == f"access {access.pk}: student@example.com tier 2 for life (manual)"


@pytest.mark.parametrize(("days", "closed"), [(0, ""), (1, ", but suspended"), (2, ", but suspended"), (3, "")])
def test_a_suspension_of_then_is_said(student, staff, days, closed):
    access = make_right(student)
    row = suspend(user=student, course=access.course, actor=staff, reason="Shared", now=NOW + DAY)
    reinstate(suspension=row, actor=staff, now=NOW + 3 * DAY)

    assert rebuild("--at", moment(days))[0][0].endswith(f"bread for life (manual){closed}")


def test_a_broken_suspension_counts_as_none(student, staff):
    access = make_right(student)
    row = make.SuspensionFactory(user=student, course=access.course)
    write_event(row, "reinstated", access=None, suspension=row)

    assert rebuild("--at", moment(1))[0][0].endswith("bread for life (manual)")


def test_one_student_s_past_is_theirs_alone(student, stranger):
    make_right(stranger, course=make.CourseFactory())
    access = make_right(student)

    lines, code = rebuild("--at", moment(1), "--user", "Student@example.com")

    assert (len(lines), lines[0].split(":")[0], code) == (2, f"access {access.pk}", 0)


def test_an_unknown_student_is_refused():
    with pytest.raises(CommandError, match=r"no account nobody@example\.com"):
        call_command("rebuild_access", "--at", moment(0), "--user", "nobody@example.com")


@pytest.mark.parametrize("text", ["yesterday", "2026-05-01T12:00", "2026-05-01", "2026-13-01T12:00Z"])
def test_a_moment_without_a_zone_is_refused(text):
    with pytest.raises(CommandError, match="--at"):
        call_command("rebuild_access", "--at", text)


@pytest.mark.parametrize(
    ("columns", "said"),
    [
        (
            {"granted_at": NOW + 2 * DAY},
            "granted_at is 2026-03-04 09:00:00+00:00, not before 2026-03-03 09:00:00+00:00",
        ),
        ({"revoked_at": NOW + DAY}, "revoked_at is 2026-03-03 09:00:00+00:00, not after 2026-03-03 09:00:00+00:00"),
    ],
)
def test_a_row_that_tells_otherwise_is_found(right, columns, said):
    tampered(right, **columns)

    lines, code = rebuild("--at", moment(1))

    assert (f"access {right.pk}: {said}" in lines, code) == (True, 1)


def test_a_right_without_events_tells_otherwise(student):
    row = make.CourseAccessFactory(user=student)

    said = f"access {row.pk}: granted_at is 2026-03-02 09:00:00+00:00, not after 2026-03-03 09:00:00+00:00"
    assert rebuild("--at", moment(1))[0][0] == said


def test_a_history_that_cannot_be_is_named(student):
    access = make_right(student)
    write_event(access, "unlocked")

    said = f"access {access.pk}: history is unlocked while unlocked, not one that services write"
    assert rebuild("--at", moment(1))[0][0] == said


def test_the_past_costs_the_same_queries_for_three_and_for_thirty_rights():
    counts = []
    for _ in range(2):
        for _ in range(3 if not counts else 27):
            make_right(make.UserFactory(), course=make.CourseFactory())
        with counted_queries() as queries:
            rebuild("--at", moment(1))
        counts.append(len(queries))

    assert (CourseAccess.objects.count(), counts[0]) == (30, counts[1])
