"""Drip alone, without a database: from which day it counts, when that day begins, and what it never locks."""

from datetime import UTC, date, datetime, timedelta

import pytest

from access.decisions import Code, Standing, decide_lesson, drip_opens_at
from access.models import CourseAccess
from accounts.models import User
from catalog.models import Course, Lesson

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
TICK, DAY = timedelta(microseconds=1), timedelta(days=1)
STUDENT, STAFF = User(pk=1), User(pk=2, is_staff=True)
START = date(2026, 3, 2)
MIDNIGHT = datetime(2026, 3, 2, 0, 0, tzinfo=UTC)


def standing(user=STUDENT, of=None, **facts):
    course = Course(pk=1, title="C", slug="c", status="active", **(of or {}))
    right = CourseAccess(pk=1, user_id=1, course_id=1, granted_at=NOW - 90 * DAY, starts_at=NOW - 90 * DAY)
    return Standing(user, course, (right,), **facts)


def lesson(days, **fields):
    return Lesson(pk=1, available_after_days=days, **fields)


def decide(of, a_lesson, now=NOW, *, is_completed=False):
    return decide_lesson(of, a_lesson, now, is_completed=is_completed)


@pytest.fixture(autouse=True)
def _site_in_utc(settings):
    settings.TIME_ZONE = "UTC"


@pytest.mark.parametrize(
    ("facts", "days", "opens_at"),
    [
        ({"cohort_starts_on": START}, None, None),
        ({"cohort_starts_on": START}, 0, MIDNIGHT),
        ({"cohort_starts_on": START}, 7, MIDNIGHT + 7 * DAY),
        ({}, 7, None),
        ({"enrolled_at": NOW}, 7, None),
        ({"of": {"access_duration_type": "drip"}, "enrolled_at": NOW - 3 * DAY}, 7, MIDNIGHT + 4 * DAY),
        ({"of": {"access_duration_type": "drip"}}, 7, MIDNIGHT + 7 * DAY),
        ({"of": {"access_duration_type": "drip"}, "enrolled_at": NOW, "cohort_starts_on": START + DAY}, 1,
         MIDNIGHT + 2 * DAY),
    ],
)  # fmt: skip
def test_from_which_day_it_counts(facts, days, opens_at):
    assert drip_opens_at(standing(**facts), lesson(days), NOW) == opens_at


@pytest.mark.parametrize(
    ("moment", "code"),
    [(MIDNIGHT + DAY - TICK, Code.DRIP), (MIDNIGHT + DAY, Code.ACTIVE)],
)
def test_the_day_itself_is_open_from_its_first_moment(moment, code):
    decision = decide(standing(cohort_starts_on=START), lesson(1), moment)

    assert (decision.code, decision.is_allowed) == (code, code == Code.ACTIVE)


def test_the_day_begins_where_the_site_is(settings):
    settings.TIME_ZONE = "America/New_York"

    opens_at = drip_opens_at(standing(cohort_starts_on=START), lesson(0), NOW)

    assert opens_at == datetime(2026, 3, 2, 5, 0, tzinfo=UTC)


def test_a_refusal_says_when_and_by_which_rule():
    decision = decide(standing(cohort_starts_on=START), lesson(9))

    assert (decision.opens_at, decision.access.pk) == (MIDNIGHT + 9 * DAY, 1)
    assert (decision.chain[-1].name, decision.chain[-1].passed) == ("drip", False)


@pytest.mark.parametrize(
    ("who", "fields", "is_completed", "code"),
    [
        (STUDENT, {}, True, Code.ACTIVE),
        (STUDENT, {"is_preview": True}, False, Code.ACTIVE),
        (STAFF, {}, False, Code.STAFF),
    ],
)
def test_what_drip_never_locks(who, fields, is_completed, code):
    of = standing(who, cohort_starts_on=START)

    assert decide(of, lesson(9, **fields), is_completed=is_completed).code == code


def test_drip_comes_after_the_course_has_been_refused():
    of = standing(cohort_starts_on=START, is_suspended=True)

    assert decide(of, lesson(9)).code == Code.SUSPENDED
