"""Undoing a batch: for a day, only what it gave or extended and nobody touched since, told line by line."""

from datetime import timedelta

import pytest

from access.invariants import violations
from access.models import AccessBatch, AccessEvent, CourseAccess
from access.services import extend_access, lock_access, revoke_access, sweep_access
from access.services.bulk import BatchRefused
from access.services.bulk_telling import tell_chunk
from access.services.bulk_undoing import undo_batch, undo_chunk
from accounts.models import StaffAction
from tests import factories as make
from tests.access.bulk import DAY, LATER, MINUTE, applied, checked, outcomes, undo, wish
from tests.access.ledgers import give, rebuild
from tests.factories import NOW

pytestmark = pytest.mark.django_db
UNTIL = "2026-05-31"
SECOND = timedelta(seconds=1)


@pytest.fixture
def course():
    return make.CourseFactory(slug="camera")


def state_of(user):
    row = CourseAccess.objects.get(user=user)
    return row.status, row.expires_at, row.revocation_reason


def test_what_was_given_is_taken_back_with_a_reason(student, staff, course):
    batch = applied(staff, wish(student, course))

    undo(batch, staff)

    event = AccessEvent.objects.latest("pk")
    assert state_of(student) == ("revoked", None, f"Undone batch {batch.pk}")
    assert (event.action, event.actor, event.cause) == ("revoked", staff, f"batch:{batch.pk}:undo")
    assert (batch.state, batch.undone_by, batch.undone_at) == ("undone", staff, LATER + MINUTE)


def test_an_extended_right_gets_back_its_end(student, staff, course):
    give(student, course, expires_at=NOW + DAY)
    batch = applied(staff, wish(student, course, "extend", UNTIL))

    undo(batch, staff)

    assert (state_of(student), outcomes(batch)) == (("unlocked", NOW + DAY, ""), ["undone"])


@pytest.mark.parametrize("is_swept", [True, False])
def test_an_extended_right_that_had_ended_has_ended_again(student, staff, course, is_swept):
    give(student, course, now=NOW - 9 * DAY, expires_at=NOW - DAY)
    if is_swept:
        sweep_access(now=NOW)
    batch = applied(staff, wish(student, course, "extend", UNTIL))

    undo(batch, staff)

    row = CourseAccess.objects.get()
    assert (row.status, row.expires_at) == ("expired" if is_swept else "unlocked", NOW - DAY)
    assert (row.is_open(LATER), rebuild("--check")[1]) == (False, 0)


def test_a_locked_right_stays_locked(student, staff, course):
    lock_access(access=give(student, course, expires_at=NOW + DAY), now=NOW, reason="Open payment")
    batch = applied(staff, wish(student, course, "extend", UNTIL))

    undo(batch, staff)

    assert (state_of(student), rebuild("--check")[1]) == (("locked", NOW + DAY, ""), 0)


def test_what_was_revoked_stays_revoked_and_is_told(student, staff, course):
    give(student, course)
    batch = applied(staff, wish(student, course, "revoke", note="Left"))

    undo(batch, staff)

    assert (state_of(student), outcomes(batch)) == (("revoked", None, "Left"), ["gone"])


@pytest.mark.parametrize(
    "touch",
    [
        lambda row, staff: revoke_access(access=row, now=LATER, reason="Refund", actor=staff),
        lambda row, staff: extend_access(access=row, days=3, now=LATER, actor=staff),
        lambda row, staff: lock_access(access=row, now=LATER, reason="Asked", actor=staff),
    ],
)
def test_what_somebody_touched_since_is_left_alone_and_told(student, staff, course, touch):
    batch = applied(staff, wish(student, course, until=UNTIL))
    touch(CourseAccess.objects.get(), staff)
    before = CourseAccess.objects.values().get()

    undo(batch, staff)

    assert (CourseAccess.objects.values().get(), outcomes(batch)) == (before, ["changed"])


def test_other_rights_and_other_batches_are_left_alone(student, staff):
    bread, camera = make.CourseFactory.create_batch(2)
    other = applied(staff, wish(student, bread))
    give(student, camera, now=NOW - 9 * DAY, expires_at=NOW)
    batch = applied(staff, wish(student, camera))

    undo(batch, staff)

    live = CourseAccess.objects.exclude(status="revoked").order_by("pk").values_list("source_key", flat=True)
    assert list(live) == [f"batch:{other.pk}", "k"]


def test_the_counts_say_what_became_of_each_line(staff, course):
    students = make.UserFactory.create_batch(3)
    give(students[2], course)
    batch = applied(
        staff, *[wish(user, course) for user in students[:2]], wish(students[2], course, "revoke", note="x")
    )
    revoke_access(access=CourseAccess.objects.get(user=students[0]), now=LATER, reason="Refund")

    undo(batch, staff)

    assert (batch.counts["undo"], batch.done, batch.total) == ({"changed": 1, "undone": 1, "gone": 1}, 3, 3)
    assert list(StaffAction.objects.order_by("pk").values_list("verb", flat=True)) == ["applied", "undid"]


def test_a_second_undo_is_refused(student, staff, course):
    batch = applied(staff, wish(student, course))
    undo(batch, staff)
    count = AccessEvent.objects.count()

    with pytest.raises(BatchRefused, match="has been undone already"):
        undo_batch(batch=batch, actor=staff, now=LATER + MINUTE)

    assert AccessEvent.objects.count() == count


def test_a_batch_that_was_not_applied_is_not_undone(student, staff, course):
    with pytest.raises(BatchRefused, match="has not been applied"):
        undo_batch(batch=checked(staff, wish(student, course)), actor=staff, now=LATER)


@pytest.mark.parametrize(("after", "can_be"), [(DAY - SECOND, True), (DAY, False)])
def test_a_batch_can_be_undone_for_a_day(student, staff, course, after, can_be):
    batch = applied(staff, wish(student, course))

    assert batch.can_be_undone(LATER + after) == can_be
    if not can_be:
        with pytest.raises(BatchRefused, match="more than a day ago"):
            undo_batch(batch=batch, actor=staff, now=LATER + after)


def test_a_job_that_comes_twice_undoes_nothing_more(student, staff, course, run_jobs):
    batch = applied(staff, wish(student, course))
    undo(batch, staff)
    run_jobs()

    assert (undo_chunk(batch_id=batch.pk, now=LATER), AccessEvent.objects.count()) == (False, 2)


def test_nobody_is_told_of_what_is_undone_meanwhile(student, staff, course):
    batch = applied(staff, wish(student, course), tells=True)
    undo_batch(batch=batch, actor=staff, now=LATER + MINUTE)

    assert tell_chunk(batch_id=batch.pk, now=LATER) is False


def test_everything_is_still_whole(staff):
    students, courses = make.UserFactory.create_batch(3), make.CourseFactory.create_batch(2)
    give(students[0], courses[0], now=NOW - 9 * DAY, expires_at=NOW + DAY)
    lines = [wish(user, course) for user in students for course in courses]
    batch = applied(staff, wish(students[0], courses[0], "extend", UNTIL), *lines)

    undo(batch, staff)

    assert (rebuild("--check")[1], list(violations(LATER)), AccessBatch.objects.get().state) == (0, [], "undone")


def test_the_number_of_queries_does_not_grow_with_the_lines(staff, course, max_queries):
    batch = applied(staff, *[wish(user, course) for user in make.UserFactory.create_batch(50)])
    undo_batch(batch=batch, actor=staff, now=LATER)

    with max_queries(13):
        undo_chunk(batch_id=batch.pk, now=LATER)

    assert CourseAccess.objects.filter(status="revoked").count() == 50
