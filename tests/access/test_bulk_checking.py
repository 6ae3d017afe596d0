"""The dry run: a verdict for every line, and nothing written but the draft."""

from datetime import UTC, datetime

import pytest

from access.models import AccessBatch, AccessBatchRow
from access.services import extend_access, lock_access, revoke_access
from access.services.bulk_checking import BadDate, until_of
from common.models import Job
from tests import factories as make
from tests.access.bulk import DAY, checked, everything, verdicts, wish
from tests.access.ledgers import give
from tests.factories import NOW
from tests.threats.state import snapshot

pytestmark = pytest.mark.django_db
UNTIL = "2026-05-31"
OVER = {"access_duration_type": "until_date", "access_until": NOW - DAY}


@pytest.fixture
def course():
    return make.CourseFactory(slug="camera")


def verdict_on(staff, *wishes):
    return verdicts(checked(staff, *wishes))


def test_a_grant_to_who_holds_nothing(student, staff, course):
    assert verdict_on(staff, wish(student, course)) == ["grant"]


@pytest.mark.parametrize("action", ["grant", "extend", "revoke"])
def test_staff_are_told_apart(staff, course, action):
    assert verdict_on(staff, wish(staff, course, action, UNTIL, "Left")) == ["staff"]


@pytest.mark.parametrize(("action", "verdict"), [("grant", "suspended"), ("extend", "suspended"), ("revoke", "revoke")])
def test_who_is_suspended_gets_nothing_and_may_lose(student, staff, course, action, verdict):
    give(student, course, expires_at=NOW + DAY)
    make.SuspensionFactory(user=student, course=course)

    assert verdict_on(staff, wish(student, course, action, UNTIL, "Left")) == [verdict]


def test_a_suspension_that_was_lifted_counts_no_more(student, staff, course):
    make.SuspensionFactory(user=student, course=course, lifted_at=NOW, lifted_by=staff)

    assert verdict_on(staff, wish(student, course)) == ["grant"]


@pytest.mark.parametrize(
    ("wanted", "verdict"),
    [
        (("nobody@example.com", "camera"), "unknown_email"),
        (("no address", "camera"), "unknown_email"),
        (("student@example.com", "none"), "unknown_course"),
        (("student@example.com", "camera", "give"), "bad_action"),
        (("student@example.com", "camera", "grant", "31.05.2026"), "bad_date"),
        (("student@example.com", "camera", "extend", ""), "bad_date"),
        (("student@example.com", "camera", "revoke", "", ""), "no_reason"),
        (("student@example.com", "camera", "grant", "2026-03-01"), "too_late"),
        (("student@example.com", "camera", "extend", UNTIL), "nothing_held"),
        (("student@example.com", "camera", "revoke", "", "Left"), "nothing_held"),
    ],
)
def test_what_is_wrong_with_a_line(student, staff, course, wanted, verdict):
    assert verdict_on(staff, wish(*wanted)) == [verdict]


def test_a_course_in_the_trash_is_unknown(student, staff):
    course = make.CourseFactory(trashed_at=NOW, status="draft")

    assert verdict_on(staff, wish(student, course)) == ["unknown_course"]


def test_a_course_past_its_last_day_gives_nothing_but_until_a_later_one(student, staff):
    course = make.CourseFactory(**OVER)

    assert verdict_on(staff, wish(student, course)) == ["too_late"]
    assert verdict_on(staff, wish(student, course, until=UNTIL)) == ["grant"]


def test_one_line_a_student_and_course_the_first_that_can_be_read(student, staff, course):
    lines = [("give",), ("grant",), ("grant",), ("revoke", "", "Left")]

    assert verdict_on(staff, *[wish(student, course, *line) for line in lines]) == [
        "bad_action", "grant", "repeated", "repeated",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("fields", "verdict"),
    [
        ({}, "held"),
        ({"access_type": "purchase"}, "held"),
        ({"expires_at": NOW + DAY}, "held"),
        ({"now": NOW - 2 * DAY, "expires_at": NOW}, "grant"),
        ({"starts_at": NOW + DAY}, "grant"),
        ({"is_pending": True}, "grant"),
    ],
)
def test_who_holds_an_open_right_is_given_no_other(student, staff, course, fields, verdict):
    give(student, course, **fields)

    assert verdict_on(staff, wish(student, course)) == [verdict]


def test_a_membership_is_no_right_to_the_course_itself(student, staff):
    course = make.CourseFactory(required_level=1, enrollment_method="purchase")
    give(student, None, tier_level=2)

    assert verdict_on(staff, wish(student, course)) == ["grant"]


@pytest.mark.parametrize(
    ("fields", "until", "verdict"),
    [
        ({"expires_at": NOW + DAY}, UNTIL, "extend"),
        ({"now": NOW - 9 * DAY, "expires_at": NOW - DAY}, UNTIL, "extend"),
        ({"now": NOW - 9 * DAY, "expires_at": NOW - 5 * DAY}, "2026-02-27", "too_late"),
        ({"expires_at": NOW + 200 * DAY}, UNTIL, "held"),
        ({}, UNTIL, "held"),
        ({"is_pending": True}, UNTIL, "no_end"),
    ],
)
def test_an_extension_needs_an_end_that_comes_before(student, staff, course, fields, until, verdict):
    give(student, course, **fields)

    assert verdict_on(staff, wish(student, course, "extend", until)) == [verdict]


def test_a_revoked_right_is_not_extended(student, staff, course):
    revoke_access(access=give(student, course), now=NOW, reason="Refund")

    assert verdict_on(staff, wish(student, course, "extend", UNTIL)) == ["nothing_held"]


def test_a_locked_right_without_end_does_not_count_as_open(student, staff, course):
    lock_access(access=give(student, course), now=NOW, reason="Open payment")

    assert verdict_on(staff, wish(student, course, "extend", UNTIL)) == ["no_end"]


def test_nothing_is_written_but_the_draft(student, staff, course):
    extend_access(access=give(student, course, expires_at=NOW + DAY), days=1, now=NOW)
    before, tables = everything(), snapshot()

    checked(staff, wish(student, course, "extend", UNTIL), wish(student, course))

    changed = {name for name, rows in snapshot().items() if rows != tables[name]}
    assert (changed, everything(), Job.objects.count()) == ({"access.accessbatch", "access.accessbatchrow"}, before, 0)


def test_the_draft_says_who_what_when_and_how_many(student, staff, course):
    batch = checked(staff, wish(student, course), wish("nobody", course), wish("no one", course))

    facts = AccessBatch.objects.values("by", "name", "state", "counts", "total", "done", "created_at", "expires_at")
    assert facts.get() == {
        "by": staff.pk, "name": "students.csv", "state": "draft", "total": 1, "done": 0, "created_at": NOW,
        "counts": {"verdicts": {"grant": 1, "unknown_email": 2}}, "expires_at": batch.created_at + DAY / 24,
    }  # fmt: skip
    assert str(batch) == f"Batch {batch.pk}: students.csv"


def test_a_line_keeps_its_words_and_its_meaning(student, staff, course):
    checked(staff, wish(student, course, "extend", "2026-05-31", "Ill"))

    row = AccessBatchRow.objects.get()
    ends = datetime(2026, 5, 31, 22, tzinfo=UTC)  # midnight in Paris
    assert (row.line, row.user, row.course, row.until_text, row.until, row.note) == (
        2, student, course, "2026-05-31", ends, "Ill",
    )  # fmt: skip
    assert str(row) == "2: extend student@example.com camera"


def test_the_number_of_queries_does_not_grow_with_the_lines(staff, course, max_queries):
    students = make.UserFactory.create_batch(20)
    checked(staff, wish(students[0], course))

    with max_queries(8):
        checked(staff, *[wish(user, course) for user in students])


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("", None),
        ("2026-05-31", datetime(2026, 5, 31, 22, tzinfo=UTC)),
        ("2026-05-31T18:00", datetime(2026, 5, 31, 16, tzinfo=UTC)),
        ("2026-05-31 18:00+00:00", datetime(2026, 5, 31, 18, tzinfo=UTC)),
        ("2200-12-31", datetime(2200, 12, 31, 23, tzinfo=UTC)),
    ],
)
def test_dates_that_are_read(text, moment):
    assert until_of(text) == moment


@pytest.mark.parametrize(
    "text", ["soon", "31/05/2026", "2026-02-30", "2201-01-01", "9999-12-31T23:59", "0", "2026-13-01T00:00", "٢٠٢٦"]
)
def test_dates_that_are_none(text):
    with pytest.raises(BadDate):
        until_of(text)
