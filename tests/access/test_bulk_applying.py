"""Applying a batch: the same rows and events as one by one, once, and what changed since the check is reported."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import DatabaseError

from access import tasks
from access.models import AccessBatch, AccessEvent, AccessType, CourseAccess
from access.services import (
    extend_access,
    grant_access,
    grant_by_hand,
    lock_access,
    revoke_access,
    revoke_course,
    suspend,
)
from access.services.bulk import BatchRefused, apply_batch, apply_chunk, continue_batch, expire_batches
from accounts.models import StaffAction, User
from common.models import Job
from tests import factories as make
from tests.access.bulk import DAY, LATER, applied, apply, checked, everything, verdicts, wish, without
from tests.access.ledgers import give
from tests.factories import NOW

pytestmark = pytest.mark.django_db
UNTIL, ENDS = "2026-05-31", datetime(2026, 5, 31, 22, tzinfo=UTC)
HOUR = timedelta(hours=1)


@pytest.fixture
def course():
    return make.CourseFactory(slug="camera", title="Camera")


def events():
    return list(AccessEvent.objects.order_by("pk").values_list("action", "cause", "reason"))


def test_a_grant_is_what_staff_would_have_given_by_hand(student, staff, course):
    batch = applied(staff, wish(student, course, until=UNTIL, note="Prize"))
    in_bulk = everything()
    other = make.UserFactory()
    key = {"source_key": batch.source_key, "expires_at": ENDS, "notes": "Prize"}
    grant_by_hand(user=other, course=course, actor=staff, now=LATER, **key)

    one_by_one = [[without(row, "user_id") for row in rows[1:]] for rows in everything()]
    assert one_by_one == [[without(row, "user_id") for row in rows] for rows in in_bulk]


@pytest.mark.parametrize(
    "rule",
    [
        {},
        {"access_duration_type": "fixed_days", "access_duration_days": 30},
        {"access_duration_type": "until_date", "access_until": NOW + 9 * DAY},
        {"access_duration_type": "drip"},
    ],
)
def test_the_rule_of_the_course_is_copied(student, staff, rule):
    course = make.CourseFactory(**rule)
    one = grant_access(
        user=make.UserFactory(), course=course, access_type=AccessType.MANUAL, source_key="k", actor=staff, now=LATER
    )

    applied(staff, wish(student, course))

    row = CourseAccess.objects.get(user=student)
    assert (row.status, row.starts_at, row.expires_at) == (one.status, one.starts_at, one.expires_at)


def test_an_extension_and_a_revocation_are_what_the_services_do(staff, course):
    first, second, third, fourth = make.UserFactory.create_batch(4)
    rights = [give(user, course, expires_at=NOW + 10 * DAY) for user in (first, second, third, fourth)]
    until = (NOW + 40 * DAY).isoformat()

    batch = applied(staff, wish(first, course, "extend", until, "Ill"), wish(second, course, "revoke", note="Left"))
    said = {"now": LATER, "actor": staff, "cause": batch.source_key}
    extend_access(access=rights[2], days=30, reason="Ill", **said)
    revoke_access(access=rights[3], reason="Left", **said)

    rows, history = everything()
    for one, other in [(0, 2), (1, 3)]:
        assert without(rows[one], "user_id") == without(rows[other], "user_id")
        assert [without(event, "user_id") for event in history[2 * one : 2 * one + 2]] == [
            without(event, "user_id") for event in history[2 * other : 2 * other + 2]
        ]


def test_the_longest_right_that_is_not_locked_is_extended(student, staff, course):
    locked, short, _ = (give(student, course, str(days), expires_at=NOW + days * DAY) for days in (30, 10, 20))
    lock_access(access=locked, now=NOW, reason="Open payment")

    applied(staff, wish(student, course, "extend", UNTIL))

    ends = dict(CourseAccess.objects.values_list("source_key", "expires_at"))
    assert ends == {"30": locked.expires_at, "10": short.expires_at, "20": ENDS}


def test_a_right_that_has_ended_opens_again(student, staff, course):
    ended = give(student, course, now=NOW - 9 * DAY, expires_at=NOW - DAY)
    CourseAccess.objects.update(status="expired")
    make.AccessEventFactory(access=ended, action="expired", starts_at=ended.starts_at, expires_at=ended.expires_at)

    batch = applied(staff, wish(student, course, "extend", UNTIL))

    row, line = CourseAccess.objects.get(), batch.rows.get()
    assert (row.status, row.expires_at, row.is_open(LATER)) == ("unlocked", ENDS, True)
    assert (line.access, line.status_before, line.ended_before) == (row, "expired", ended.expires_at)


def test_revoking_takes_every_right_on_the_course_as_one_by_one(student, staff, course):
    for key in ("a", "b"):
        give(student, course, key)
    give(student, make.CourseFactory(), "c")

    batch = applied(staff, wish(student, course, "revoke", note="Left"))

    live = CourseAccess.objects.exclude(status="revoked").values_list("source_key", flat=True)
    assert (list(live), batch.rows.get().access.source_key) == (["c"], "b")
    assert revoke_course(user=student, course=course, actor=staff, reason="Left", now=LATER) is None


def test_the_batch_says_what_became_of_it(student, staff, course):
    batch = applied(staff, wish(student, course), wish("nobody", course))

    facts = AccessBatch.objects.values("state", "applied_at", "applied_by", "finished_at", "counts", "done", "total")
    counts = {"verdicts": {"grant": 1, "unknown_email": 1}, "late": 0}
    assert facts.get() == {
        "state": "applied", "applied_at": LATER, "applied_by": staff.pk, "finished_at": LATER, "counts": counts,
        "done": 1, "total": 1,
    }  # fmt: skip
    assert list(StaffAction.objects.values_list("verb", "kind", "object_id")) == [("applied", "access batch", batch.pk)]


def test_the_same_file_once_more_changes_nothing(student, staff, course):
    lines = [wish(student, course), wish(make.UserFactory(), course, until=UNTIL)]
    applied(staff, *lines)
    before = everything()

    again = checked(staff, *lines, now=LATER)

    assert (verdicts(again), again.total) == (["held", "held"], 0)
    with pytest.raises(BatchRefused, match="No line of this batch changes anything"):
        apply_batch(batch=again, actor=staff, now=LATER)
    assert everything() == before


def test_a_second_apply_is_refused(student, staff, course):
    batch = applied(staff, wish(student, course))
    before = everything()

    with pytest.raises(BatchRefused, match="has been applied already"):
        apply_batch(batch=batch, actor=staff, now=LATER)

    assert (everything(), Job.objects.count()) == (before, 1)


@pytest.mark.parametrize(("after", "is_taken"), [(HOUR - timedelta(seconds=1), True), (HOUR, False)])
def test_a_check_lasts_an_hour(student, staff, course, after, is_taken):
    batch = checked(staff, wish(student, course))

    assert batch.can_be_applied(NOW + after) == is_taken
    if not is_taken:
        with pytest.raises(BatchRefused, match="older than an hour"):
            apply(batch, staff, now=NOW + after)


def test_a_job_that_comes_too_late_or_twice_does_nothing(student, staff, course, run_jobs):
    batch = applied(staff, wish(student, course))
    before = everything()

    run_jobs()

    assert (apply_chunk(batch_id=batch.pk, now=LATER), everything()) == (False, before)


def test_a_draft_is_not_applied_by_a_job(student, staff, course):
    batch = checked(staff, wish(student, course))

    assert (apply_chunk(batch_id=batch.pk, now=LATER), everything()) == (False, ([], []))


def granted_meanwhile(student, course, staff):
    give(student, course)
    return "held"


def suspended_meanwhile(student, course, staff):
    suspend(user=student, course=course, actor=staff, reason="Shared", now=NOW)
    return "suspended"


def hired_meanwhile(student, course, staff):
    User.objects.filter(pk=student.pk).update(is_staff=True)
    return "staff"


def ended_meanwhile(student, course, staff):
    type(course).objects.filter(pk=course.pk).update(access_duration_type="until_date", access_until=NOW)
    return "too_late"


def deleted_meanwhile(student, course, staff):
    User.objects.filter(pk=student.pk).delete()
    return "unknown_email"


@pytest.mark.parametrize(
    "change", [granted_meanwhile, suspended_meanwhile, hired_meanwhile, ended_meanwhile, deleted_meanwhile]
)
def test_a_student_changed_since_the_check_is_reported_not_forced(student, staff, course, change):
    batch = checked(staff, wish(student, course), wish(make.UserFactory(), make.CourseFactory()))
    verdict = change(student, course, staff)

    apply(batch, staff)

    line = batch.rows.get(line=2)
    assert (line.verdict, line.is_late, line.access, batch.counts["late"]) == (verdict, True, None, 1)
    assert batch.counts["verdicts"] == {verdict: 1, "grant": 1}


def test_a_course_deleted_since_the_check_is_reported(student, staff, course):
    batch = checked(staff, wish(student, course))
    course.delete()

    apply(batch, staff)

    assert verdicts(batch) == ["unknown_course"]


def test_it_goes_chunk_by_chunk_with_all_lines_of_a_student_together(staff, monkeypatch):
    monkeypatch.setattr("access.services.bulk.CHUNK", 2)
    students, courses = make.UserFactory.create_batch(3), make.CourseFactory.create_batch(3)
    batch = checked(staff, *[wish(user, course) for course in courses for user in students])
    apply_batch(batch=batch, actor=staff, now=LATER)

    done = []
    while apply_chunk(batch_id=batch.pk, now=LATER):
        batch.refresh_from_db()
        done.append((batch.done, batch.reached))

    assert done == [(3, students[0].pk), (6, students[1].pk), (9, students[2].pk)]


def test_a_chunk_that_fails_leaves_nothing_behind_and_the_next_job_goes_on(
    student, staff, course, monkeypatch, run_jobs
):
    batch = checked(staff, wish(student, course))
    apply_batch(batch=batch, actor=staff, now=LATER)
    with monkeypatch.context() as broken:
        broken.setattr("access.services.bulk._extend", fail)
        with pytest.raises(DatabaseError):
            tasks.apply_batch(batch.pk)
    batch.refresh_from_db()
    stopped = (batch.state, batch.done, batch.cause, batch.is_halted(LATER), everything())

    run_jobs()

    batch.refresh_from_db()
    assert stopped == ("applying", 0, "DatabaseError: lock timeout", True, ([], []))
    assert (batch.state, batch.cause, CourseAccess.objects.count()) == ("applied", "", 1)


def fail(*_):
    raise DatabaseError("lock timeout")


def test_who_waits_may_let_a_stopped_job_go_on(student, staff, course, run_jobs):
    batch = checked(staff, wish(student, course))
    apply_batch(batch=batch, actor=staff, now=LATER)
    Job.objects.update(attempts=5)  # given up
    run_jobs()

    with pytest.raises(BatchRefused, match="has not stopped"):
        continue_batch(batch=batch, actor=staff, now=LATER + 9 * HOUR / 60)
    continue_batch(batch=batch, actor=staff, now=LATER + 10 * HOUR / 60)
    run_jobs()

    assert AccessBatch.objects.get().state == "applied"


def test_old_checks_are_let_go(student, staff, course):
    old, new = checked(staff, wish(student, course)), checked(staff, wish(student, course), now=LATER)

    count = expire_batches(now=NOW + HOUR)

    states = dict(AccessBatch.objects.values_list("pk", "state"))
    assert (count, states, old.rows.count(), new.rows.count()) == (1, {old.pk: "expired", new.pk: "draft"}, 0, 1)


def test_the_hourly_job_lets_old_checks_go(student, staff, course):
    checked(staff, wish(student, course))

    tasks.expire_checks()

    assert AccessBatch.objects.get().state == "expired"


def test_the_number_of_queries_of_a_chunk_does_not_grow_with_its_lines(staff, course, max_queries):
    batch = checked(staff, *[wish(user, course) for user in make.UserFactory.create_batch(50)])
    apply_batch(batch=batch, actor=staff, now=LATER)

    with max_queries(14):
        apply_chunk(batch_id=batch.pk, now=LATER)

    assert CourseAccess.objects.count() == 50
