"""The judge alone, without a database: every code, the order of the rules, and the row that decides."""

from datetime import UTC, datetime, timedelta

import pytest
from django.contrib.auth.models import AnonymousUser

from access.decisions import Code, Standing, decide_course, decide_lesson, deciding_row, is_visible
from access.models import CourseAccess
from accounts.models import User
from catalog.models import Course, Lesson

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
TICK = timedelta(microseconds=1)
DAY = timedelta(days=1)
STUDENT, STAFF, VISITOR = User(pk=1), User(pk=2, is_staff=True), AnonymousUser()
SOLD = {"enrollment_method": "purchase"}
PATH = {"access_type": "path", "status": "pending", "starts_at": None}
COHORT = {"access_type": "cohort", "status": "pending"}


def course(**fields):
    return Course(**{"pk": 1, "title": "Course", "slug": "course", "status": "active"} | fields)


def row(**fields):
    return CourseAccess(**{"pk": 1, "user_id": 1, "course_id": 1, "granted_at": NOW, "starts_at": NOW} | fields)


def decide(user, of, *rows, now=NOW, **flags):
    return decide_course(Standing(user, of, rows, **flags), now)


@pytest.mark.parametrize(
    ("user", "fields", "rows", "flags", "code"),
    [
        (STAFF, {"status": "draft"}, [], {"is_suspended": True}, Code.STAFF),
        (STUDENT, {"status": "draft"}, [{}], {}, Code.NOT_FOUND),
        (VISITOR, {"status": "draft"}, [], {}, Code.NOT_FOUND),
        (STUDENT, {"visibility": "private"}, [], {}, Code.NOT_FOUND),
        (VISITOR, {"visibility": "private"}, [], {}, Code.NOT_FOUND),
        (VISITOR, {"visibility": "members_only"}, [], {}, Code.NOT_FOUND),
        (STUDENT, {"visibility": "private"}, [], {"is_suspended": True}, Code.NOT_FOUND),
        (STUDENT, {"visibility": "private"}, [{}], {}, Code.ACTIVE),
        (STUDENT, {}, [{}], {"is_suspended": True}, Code.SUSPENDED),
        (STUDENT, {"status": "coming_soon"}, [{}], {"is_suspended": True}, Code.SUSPENDED),
        (VISITOR, {}, [], {}, Code.SIGN_IN),
        (VISITOR, {"visibility": "hidden"}, [], {}, Code.SIGN_IN),
        (VISITOR, {"status": "coming_soon"}, [], {}, Code.SIGN_IN),
        (STUDENT, {"status": "coming_soon"}, [{}], {}, Code.COMING_SOON),
        (STUDENT, {}, [{"must_join": True}], {}, Code.NOT_JOINED),
        (STUDENT, {}, [{"must_join": True}], {"enrolled_at": NOW}, Code.ACTIVE),
        (STUDENT, {}, [{}], {}, Code.ACTIVE),
        (STUDENT, {"status": "locked"}, [{}], {}, Code.ACTIVE),
        (STUDENT, {"status": "archived"}, [{}], {}, Code.ACTIVE),
        (STUDENT, SOLD | {"required_level": 2}, [{"course_id": None, "tier_level": 3}], {}, Code.ACTIVE),
        (STUDENT, {}, [{"status": "pending", "starts_at": None}], {}, Code.PENDING),
        (STUDENT, {}, [{"status": "pending", "starts_at": NOW + TICK}], {}, Code.PENDING),
        (STUDENT, {}, [{"status": "pending", "starts_at": NOW}], {}, Code.ACTIVE),
        (STUDENT, {}, [{"status": "pending", "expires_at": NOW, "starts_at": NOW - DAY}], {}, Code.EXPIRED),
        (STUDENT, {}, [COHORT | {"starts_at": NOW + TICK}], {}, Code.COHORT_UPCOMING),
        (STUDENT, {}, [COHORT | {"starts_at": NOW}], {}, Code.ACTIVE),
        (STUDENT, {}, [PATH], {}, Code.FREE),
        (STUDENT, {"status": "locked"}, [PATH], {}, Code.PENDING),
        (STUDENT, SOLD, [PATH], {}, Code.PENDING),
        (STUDENT, {}, [{}], {"missing": 1}, Code.PREREQUISITES),
        (STUDENT, {}, [{"must_join": True}], {"missing": 1}, Code.NOT_JOINED),
        (STUDENT, {}, [{"must_join": True}], {"missing": 1, "enrolled_at": NOW}, Code.PREREQUISITES),
        (STUDENT, {}, [], {"missing": 1}, Code.FREE),
        (STAFF, {}, [], {"missing": 1}, Code.STAFF),
        (STUDENT, {}, [{"starts_at": NOW + TICK}], {}, Code.PENDING),
        (STUDENT, {}, [{"status": "locked"}], {}, Code.PAYMENT_REQUIRED),
        (STUDENT, {}, [{"status": "expired"}], {}, Code.EXPIRED),
        (STUDENT, {}, [{"starts_at": NOW - DAY, "expires_at": NOW}], {}, Code.EXPIRED),
        (STUDENT, {}, [{"status": "revoked"}], {}, Code.REVOKED),
        (STUDENT, {"status": "locked"}, [{"status": "revoked"}], {}, Code.REVOKED),
        (STUDENT, {}, [], {"enrolled_at": NOW}, Code.FREE),
        (STUDENT, SOLD, [], {}, Code.PURCHASE),
        (STUDENT, SOLD | {"required_level": 1}, [], {}, Code.PURCHASE),
        (STUDENT, {"enrollment_method": "subscription_only", "required_level": 1}, [], {}, Code.SUBSCRIPTION),
        (STUDENT, {"enrollment_method": "invite_only"}, [], {}, Code.INVITE_ONLY),
        (STUDENT, {"enrollment_method": "cohort_only"}, [], {}, Code.COHORT_ONLY),
        (STUDENT, {"status": "locked"}, [], {}, Code.CLOSED),
        (STUDENT, {"status": "archived"} | SOLD, [], {}, Code.CLOSED),
    ],
)
def test_each_code_in_the_order_of_the_rules(user, fields, rows, flags, code):
    decision = decide(user, course(**fields), *(row(**each) for each in rows), **flags)

    assert (decision.code, decision.is_allowed) == (code, code in {Code.STAFF, Code.ACTIVE})


def test_every_code_of_a_course_is_in_the_table_above():
    table = next(mark for mark in test_each_code_in_the_order_of_the_rules.pytestmark if mark.name == "parametrize")

    assert {case[-1] for case in table.args[1]} == set(Code) - {Code.PREVIEW, Code.DRIP}


@pytest.mark.parametrize(
    ("moment", "code"),
    [(NOW - TICK, Code.PENDING), (NOW, Code.ACTIVE), (NOW + DAY - TICK, Code.ACTIVE), (NOW + DAY, Code.EXPIRED)],
)
def test_a_right_is_open_from_its_start_up_to_but_not_at_its_end(moment, code):
    assert decide(STUDENT, course(), row(expires_at=NOW + DAY), now=moment).code == code


@pytest.mark.parametrize(
    ("rows", "winner"),
    [
        ([{"pk": 1, "expires_at": NOW + DAY}, {"pk": 2, "expires_at": NOW + 2 * DAY}], 2),
        ([{"pk": 1}, {"pk": 2, "expires_at": NOW + 900 * DAY}], 1),
        ([{"pk": 1, "must_join": True}, {"pk": 2}], 2),
        ([{"pk": 1, "must_join": True}, {"pk": 2, "expires_at": NOW + DAY}], 1),
        ([{"pk": 7}, {"pk": 3}], 3),
        ([{"pk": 1, "status": "locked"}, {"pk": 2, "expires_at": NOW + DAY}], 2),
        ([{"pk": 1, "starts_at": NOW + DAY}, {"pk": 2, "expires_at": NOW + DAY}], 2),
    ],
)
def test_the_open_row_that_lasts_longest_decides(rows, winner):
    rows = [row(**each) for each in rows]

    assert {deciding_row(tuple(rows), NOW).pk, deciding_row(tuple(reversed(rows)), NOW).pk} == {winner}


@pytest.mark.parametrize(
    ("older", "newer", "code"),
    [
        ({"status": "revoked"}, {"status": "locked"}, Code.PAYMENT_REQUIRED),
        ({"status": "locked"}, {"status": "revoked"}, Code.REVOKED),
        ({"status": "pending", "starts_at": None}, {"status": "expired"}, Code.EXPIRED),
    ],
)
def test_without_an_open_row_the_newest_speaks(older, newer, code):
    rows = (row(pk=9, granted_at=NOW - DAY, **older), row(pk=2, **newer))

    decision = decide(STUDENT, course(), *rows)

    assert (decision.code, decision.access) == (code, rows[1])


def test_of_two_rows_of_one_moment_the_later_written_speaks():
    assert decide(STUDENT, course(), row(pk=1, status="locked"), row(pk=2, status="revoked")).code == Code.REVOKED


def test_the_chain_lists_the_rules_in_the_order_they_were_asked():
    decision = decide(STUDENT, course(), row(must_join=True))

    assert [(rule.name, rule.passed) for rule in decision.chain] == [
        ("staff", None),
        ("visible", True),
        ("not suspended", True),
        ("signed in", True),
        ("opened", True),
        ("open right", True),
        ("joined", False),
    ]


@pytest.mark.parametrize(
    ("user", "of", "lesson", "rows", "code"),
    [
        (VISITOR, {}, {"is_preview": True}, [], Code.PREVIEW),
        (STUDENT, SOLD, {"is_preview": True}, [], Code.PREVIEW),
        (VISITOR, {"status": "coming_soon"}, {"is_preview": True}, [], Code.PREVIEW),
        (VISITOR, {"status": "draft"}, {"is_preview": True}, [], Code.NOT_FOUND),
        (STUDENT, {"visibility": "private"}, {"is_preview": True}, [], Code.NOT_FOUND),
        (VISITOR, {"visibility": "members_only"}, {"is_preview": True}, [], Code.NOT_FOUND),
        (VISITOR, {}, {"is_preview": True, "is_published": False}, [], Code.NOT_FOUND),
        (STUDENT, {}, {"is_published": False}, [{}], Code.NOT_FOUND),
        (STAFF, {}, {"is_published": False}, [], Code.STAFF),
        (STUDENT, {}, {"is_preview": True}, [{}], Code.ACTIVE),
        (STUDENT, {}, {}, [{}], Code.ACTIVE),
        (VISITOR, {}, {}, [], Code.SIGN_IN),
        (STUDENT, {"status": "coming_soon"}, {}, [{}], Code.COMING_SOON),
        (STUDENT, SOLD, {}, [], Code.PURCHASE),
    ],
)
def test_a_lesson_is_decided_by_publication_preview_and_course(user, of, lesson, rows, code):
    standing = Standing(user, course(**of), tuple(row(**each) for each in rows))

    decision = decide_lesson(standing, Lesson(pk=1, course=standing.course, **lesson), NOW, is_completed=False)

    assert (decision.code, decision.is_allowed) == (code, code in {Code.STAFF, Code.ACTIVE, Code.PREVIEW})


def test_a_preview_stays_public_to_the_suspended():
    standing = Standing(STUDENT, course(), (row(),), is_suspended=True)
    preview = Lesson(pk=1, course=standing.course, is_preview=True)

    assert decide_lesson(standing, preview, NOW, is_completed=False).code == Code.PREVIEW


@pytest.mark.parametrize(
    ("user", "fields", "rows", "visible"),
    [
        (STAFF, {"status": "draft", "visibility": "private"}, [], True),
        (STUDENT, {"visibility": "private"}, [{"status": "revoked"}], True),
        (STUDENT, {"visibility": "members_only"}, [], True),
        (VISITOR, {"visibility": "hidden"}, [], True),
        (VISITOR, {"status": "archived"}, [], True),
    ],
)
def test_who_may_know_of_a_course(user, fields, rows, visible):
    assert is_visible(Standing(user, course(**fields), tuple(row(**each) for each in rows))) == visible


@pytest.mark.parametrize(
    ("fields", "is_to_come"),
    [
        ({"starts_at": NOW}, False),
        ({"starts_at": NOW + TICK}, True),
        ({"status": "pending", "starts_at": None}, True),
        ({"status": "pending", "starts_at": None, "expires_at": NOW}, False),
        ({"status": "locked", "starts_at": NOW + DAY}, False),
    ],
)
def test_a_right_is_to_come_while_it_has_not_begun_and_still_may(fields, is_to_come):
    assert row(**fields).is_to_come(NOW) == is_to_come
