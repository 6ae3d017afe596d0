"""Batches at once with themselves, with each other and with staff who change one right; twins without the guard."""

import threading
from datetime import timedelta

import pytest
from django.db import IntegrityError
from django.db.models import QuerySet

from access.models import AccessBatch, AccessEvent, CourseAccess
from access.services import bulk, bulk_undoing, grant_access, revoke_access
from access.services.bulk import apply_batch, apply_chunk, continue_batch, note_halt
from access.services.bulk_telling import tell_chunk
from access.services.bulk_undoing import undo_batch, undo_chunk
from accounts.models import User
from catalog.models import Course
from common.models import OutgoingMail
from tests import factories as make
from tests.access.bulk import LATER, applied, checked, verdicts, wish, work
from tests.access.ledgers import rebuild
from tests.factories import NOW
from tests.races.conftest import at_once

TELLING = "access.services.bulk_telling"
pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def staff():
    return make.StaffFactory()


def wishes(count=5):
    course = make.CourseFactory()
    return [wish(user, course) for user in make.UserFactory.create_batch(count)]


def state():
    """How many rights and events there are, and whether they agree."""
    return CourseAccess.objects.count(), AccessEvent.objects.count(), rebuild("--check")[1]


def pressing(batch, staff):
    return lambda: apply_batch(batch=AccessBatch.objects.get(pk=batch.pk), actor=staff, now=LATER)


def working(batch, chunk=apply_chunk):
    return lambda: work(chunk, AccessBatch.objects.get(pk=batch.pk), LATER)


def test_apply_pressed_by_six_at_once_is_taken_once(staff):
    batch = checked(staff, *wishes())

    results = at_once(*[pressing(batch, staff)] * 6, may_fail=True)

    assert sorted(type(result).__name__ for result in results) == ["BatchRefused"] * 5 + ["NoneType"]


def test_twin_without_the_condition_apply_is_taken_twice(staff, monkeypatch):
    batch, update = checked(staff, *wishes()), QuerySet.update
    monkeypatch.setattr(QuerySet, "update", lambda rows, **values: update(rows.model.objects.all(), **values))

    results = at_once(*[pressing(batch, staff)] * 2, may_fail=True)

    assert [type(result).__name__ for result in results] == ["NoneType"] * 2


def test_two_jobs_on_one_batch_give_each_right_once(staff, monkeypatch, linger):
    monkeypatch.setattr("access.services.bulk.CHUNK", 2)
    linger("access.services.bulk.grant_many", 0.05)
    batch = checked(staff, *wishes(9))
    apply_batch(batch=batch, actor=staff, now=LATER)

    at_once(working(batch), working(batch))

    batch.refresh_from_db()
    assert (state(), batch.state, batch.done, verdicts(batch)) == ((9, 9, 0), "applied", 9, ["grant"] * 9)


def test_twin_without_the_lock_both_jobs_give_and_only_the_constraint_stops_one(staff, without_row_locks, meet):
    batch = checked(staff, *wishes(3))
    apply_batch(batch=batch, actor=staff, now=LATER)
    meet("access.services.bulk.grant_many", 2)

    results = at_once(working(batch), working(batch), may_fail=True)

    assert sorted(type(result).__name__ for result in results) == ["IntegrityError", "NoneType"]


def both_applied(staff, lines):
    batches = [checked(staff, *lines) for _ in range(2)]
    for batch in batches:
        apply_batch(batch=batch, actor=staff, now=LATER)
    at_once(*[working(batch) for batch in batches])
    return CourseAccess.objects.count()


def test_two_batches_for_the_same_students_give_each_one_right(staff, linger):
    linger("access.services.bulk.grant_many", 0.2)

    assert both_applied(staff, wishes()) == 5


def test_twin_without_the_lock_of_the_students_they_get_two(staff, meet, monkeypatch):
    people = dict.fromkeys
    monkeypatch.setattr("access.services.bulk.locked_people", lambda ids: people(ids, False))
    meet("access.services.bulk.grant_many", 2)

    assert both_applied(staff, wishes()) == 10


def test_a_batch_beside_staff_who_grant_the_same_leaves_whole_rights(staff):
    lines = wishes(3)
    batch = checked(staff, *lines)
    apply_batch(batch=batch, actor=staff, now=LATER)
    row = batch.rows.select_related("user", "course").first()
    source = {"access_type": "manual", "source_key": "staff:abcdefghijkl", "now": LATER, "actor": staff}

    at_once(working(batch), lambda: grant_access(user=row.user, course=row.course, **source))

    rights, events, code = state()
    assert (rights in {3, 4}, rights == events, code) == (True, True, 0)


def extended_beside_a_revocation(staff, overlap):
    """What became of a right that staff take away while a batch is about to extend it."""
    line = wishes(1)[0]
    user, course = User.objects.get(email=line.email), Course.objects.get(slug=line.slug)
    source = {"access_type": "manual", "source_key": "k", "now": NOW, "expires_at": LATER + timedelta(days=9)}
    right = grant_access(user=user, course=course, **source)
    batch = checked(staff, wish(user, course, "extend", "2027-05-31"))
    apply_batch(batch=batch, actor=staff, now=LATER)
    revoking = {"access": right, "now": LATER, "reason": "Refund", "actor": staff}
    failed = overlap("access.services.bulk.judge", working(batch), lambda: revoke_access(**revoking))
    return [type(each) for each in failed if each], CourseAccess.objects.get().status


def test_a_right_taken_away_while_a_batch_extends_it_stays_taken(staff, overlap):
    assert extended_beside_a_revocation(staff, overlap) == ([], "revoked")


def test_twin_without_the_lock_of_the_right_the_batch_would_open_it_again(staff, overlap, monkeypatch):
    unlocked = bulk.holdings_of
    monkeypatch.setattr(bulk, "holdings_of", lambda *about, **_: unlocked(*about))

    assert extended_beside_a_revocation(staff, overlap) == ([IntegrityError], "revoked")


def halted(staff):
    batch = checked(staff, *wishes(1))
    apply_batch(batch=batch, actor=staff, now=LATER)
    note_halt(batch_id=batch.pk, cause="No memory")
    return lambda: continue_batch(batch=batch, actor=staff, now=LATER)


def test_of_two_who_let_a_batch_go_on_one_did(staff, overlap):
    results = overlap("access.services.bulk.note_action", *[halted(staff)] * 2)

    assert [type(result).__name__ for result in results] == ["NoneType", "BatchRefused"]


def test_twin_without_the_lock_both_did(staff, overlap, without_row_locks):
    assert overlap("access.services.bulk.note_action", *[halted(staff)] * 2) == [None, None]


def told_by_two(staff, overlap):
    """How many mails there are after two jobs told at once of what a batch gave."""
    batch = applied(staff, *wishes(3))
    OutgoingMail.objects.all().delete()
    AccessBatch.objects.update(told_until=0)
    overlap(f"{TELLING}.announce_many_grants", *[lambda: tell_chunk(batch_id=batch.pk, now=LATER)] * 2)
    return OutgoingMail.objects.count()


def test_two_jobs_tell_each_student_once(staff, overlap):
    assert told_by_two(staff, overlap) == 3


def test_twin_without_the_lock_they_tell_twice(staff, overlap, without_row_locks):
    assert told_by_two(staff, overlap) == 6


def test_undo_pressed_by_six_at_once_is_taken_once(staff):
    batch = applied(staff, *wishes())

    results = at_once(*[lambda: undo_batch(batch=batch, actor=staff, now=LATER)] * 6, may_fail=True)

    assert sorted(type(result).__name__ for result in results) == ["BatchRefused"] * 5 + ["NoneType"]


@pytest.fixture
def undone_beside_a_revocation(staff, monkeypatch):
    """The right is revoked by staff after the undoing has looked at it and before it writes."""

    def run():
        batch, (looked, revoked) = applied(staff, *wishes(1)), (threading.Event(), threading.Event())
        undo_batch(batch=batch, actor=staff, now=LATER)
        right, write = CourseAccess.objects.get(), bulk_undoing.revoke_many

        def waiting(**said):
            looked.set()
            revoked.wait(0.5)
            write(**said)

        def revoke():
            looked.wait(20)
            revoke_access(access=right, now=LATER, reason="Refund", actor=staff)
            revoked.set()

        monkeypatch.setattr(bulk_undoing, "revoke_many", waiting)
        at_once(working(batch, undo_chunk), revoke)
        return list(AccessEvent.objects.order_by("pk").values_list("action", flat=True)), rebuild("--check")[1]

    return run


def test_undoing_beside_a_revocation_takes_the_right_once(undone_beside_a_revocation):
    assert undone_beside_a_revocation() == (["granted", "revoked"], 0)


def test_twin_without_the_lock_of_the_rights_it_is_taken_twice(undone_beside_a_revocation, monkeypatch):
    monkeypatch.setattr(bulk_undoing, "_locked", lambda rights: rights.order_by("pk"))

    assert undone_beside_a_revocation() == (["granted", "revoked", "revoked"], 1)
