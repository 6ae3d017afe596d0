"""Seats under parallel joins, leaves and edits; each beside a twin without its guard, which goes wrong."""

import threading
import time
from collections import Counter
from contextlib import contextmanager
from itertools import chain

import pytest
from django.db import connection
from django.db.models import F, QuerySet

from access.models import AccessEvent, Cohort, CohortMembership, CourseAccess
from access.services import (
    CohortFull,
    NotAMember,
    SeatsBelowMembers,
    add_to_cohort,
    join_cohort,
    leave_cohort,
    save_cohort,
)
from tests.access.catching import catch_up_all
from tests.factories import NOW, CohortFactory, CourseFactory, UserFactory
from tests.races.conftest import at_once

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]


def cohort_of(course, **fields):
    cohort = CohortFactory(**fields)
    cohort.courses.add(course)
    return cohort


def joining(cohort, course, user=None):
    user = user or UserFactory()
    return lambda: join_cohort(user=user, cohort=Cohort.objects.get(pk=cohort.pk), course=course, now=NOW)


def in_turn(*calls):
    """A call that makes these one after the other and returns what each returned or raised."""
    return lambda: [outcome_of(call) for call in calls]


def outcome_of(call):
    try:
        return call()
    except CohortFull as refusal:
        return refusal


def leaving(cohort, user):
    return lambda: leave_cohort(user=user, cohort=Cohort.objects.get(pk=cohort.pk), now=NOW)


def kinds(results):
    return Counter(type(result) for result in results)


def seats():
    """What the cohort counts, and who is in it."""
    return Cohort.objects.get().member_count, CohortMembership.objects.filter(left_at=None).count()


@contextmanager
def constraint_dropped(model, name):
    """Its rows are removed before it returns: they may break it."""
    guard = next(guard for guard in model._meta.constraints if guard.name == name)
    with connection.schema_editor() as editor:
        editor.remove_constraint(model, guard)
    yield
    CohortMembership.objects.all().delete()
    Cohort.objects.update(member_count=0)
    with connection.schema_editor() as editor:
        editor.add_constraint(model, guard)


def seats_for_every_member():
    return constraint_dropped(Cohort, "cohort_has_a_seat_for_every_member")


def test_the_last_seat_with_200_joins_is_taken_once():
    course = CourseFactory()
    cohort = cohort_of(course, max_participants=20, member_count=19)

    # A server lends two hundred connections at most, so each of a hundred asks for two students.
    results = at_once(*[in_turn(joining(cohort, course), joining(cohort, course)) for _ in range(100)])

    assert kinds(chain.from_iterable(results)) == {tuple: 1, CohortFull: 199}
    assert (seats(), CourseAccess.objects.count(), AccessEvent.objects.count()) == ((20, 1), 1, 1)


def test_twin_that_counts_before_it_takes_sells_the_last_seat_again(monkeypatch, meet):
    def look(cohort):
        return Cohort.objects.get(pk=cohort.pk).seats_left > 0

    def take(cohort):
        return Cohort.objects.filter(pk=cohort.pk).update(member_count=F("member_count") + 1)

    monkeypatch.setattr(
        "access.services.cohorts._has_taken_one", lambda cohort: look(cohort) and pause(cohort) and take(cohort)
    )
    meet("tests.races.test_cohorts.pause", 2)
    course = CourseFactory()
    cohort = cohort_of(course, max_participants=20, member_count=19)

    with seats_for_every_member():
        at_once(*[joining(cohort, course) for _ in range(2)])
        found = seats()

    assert found == (21, 2)


def pause(cohort):
    return True


def test_fifty_clicks_of_one_student_take_one_seat():
    course, user = CourseFactory(), UserFactory()
    cohort = cohort_of(course, max_participants=3)

    results = at_once(*[joining(cohort, course, user) for _ in range(50)])

    assert (sum(is_new for _, is_new in results), len({membership.pk for membership, _ in results})) == (1, 1)
    assert seats() == (1, 1)


def test_fifty_clicks_for_the_last_seat_never_tell_the_member_that_it_is_full():
    course, user = CourseFactory(), UserFactory()
    cohort = cohort_of(course, max_participants=1)

    results = at_once(*[joining(cohort, course, user) for _ in range(50)], may_fail=True)

    assert (kinds(results), seats()) == ({tuple: 50}, (1, 1))


@pytest.fixture
def both_look_before_either_joins(monkeypatch):
    create, gate = QuerySet.create, threading.Barrier(2)

    def patched(rows, **values):
        if rows.model is CohortMembership:
            gate.wait(timeout=20)
        return create(rows, **values)

    monkeypatch.setattr(QuerySet, "create", patched)


def test_twin_without_the_constraint_one_student_takes_two_seats(both_look_before_either_joins):
    course, user = CourseFactory(), UserFactory()
    cohort = cohort_of(course)

    with constraint_dropped(CohortMembership, "membership_once_per_cohort"):
        at_once(*[joining(cohort, course, user) for _ in range(2)])
        found = seats()

    assert found == (2, 2)


def member_with_access(others=1):
    """A cohort that gives rights, a member, and as many other members."""
    cohort, user = cohort_of(CourseFactory(), grants_access=True), UserFactory()
    for person in [user, *(UserFactory() for _ in range(others))]:
        add_to_cohort(user=person, cohort=cohort, now=NOW)
    return cohort, user


def test_two_leaves_at_once_free_one_seat_and_write_one_event():
    cohort, user = member_with_access()

    results = at_once(*[leaving(cohort, user) for _ in range(2)], may_fail=True)

    assert kinds(results) == {type(None): 1, NotAMember: 1}
    assert (seats(), AccessEvent.objects.filter(action="revoked").count()) == ((1, 1), 1)


def test_twin_that_looks_before_it_leaves_frees_two_seats(monkeypatch, meet):
    def look_then_leave(membership, now):
        pause(membership)
        return CohortMembership.objects.filter(pk=membership.pk).update(left_at=now)

    monkeypatch.setattr("access.services.cohorts._has_left", look_then_leave)
    meet("tests.races.test_cohorts.pause", 2)
    cohort, user = member_with_access()

    at_once(*[leaving(cohort, user) for _ in range(2)])

    assert seats() == (0, 1)


def lowering(cohort, to):
    def lower():
        edited = Cohort.objects.get(pk=cohort.pk)
        edited.max_participants = to
        return save_cohort(cohort=edited, now=NOW)

    return lower


@pytest.mark.parametrize("to", [1, 10, 19])
def test_capacity_lowered_during_joins_is_never_below_the_members(to):
    course = CourseFactory()
    cohort = cohort_of(course, max_participants=20)
    joins = [joining(cohort, course) for _ in range(40)]

    results = at_once(*joins[:20], lowering(cohort, to), *joins[20:], may_fail=True)

    cohort.refresh_from_db()
    assert set(kinds(results)) <= {tuple, CohortFull, Cohort, SeatsBelowMembers}
    assert kinds(results)[tuple] == cohort.member_count == seats()[1] == cohort.max_participants
    assert cohort.max_participants == (to if kinds(results)[Cohort] else 20)


def test_twin_without_the_lock_the_capacity_falls_below_the_members(meet, linger, without_row_locks):
    course = CourseFactory()
    cohort = cohort_of(course, max_participants=20)
    meet("tests.races.test_cohorts.pause", 2)
    linger("access.services.cohorts.refuse_fewer_seats_than_members")

    def join():
        pause(cohort)
        return [joining(cohort, course, user)() for user in users]

    users = [UserFactory() for _ in range(3)]
    with seats_for_every_member():
        at_once(join, lambda: pause(cohort) and lowering(cohort, 2)())
        found = Cohort.objects.get()

    assert (found.max_participants, found.member_count) == (2, 3)


def test_a_course_given_to_members_beside_a_leave_stays_with_no_one_who_left(linger):
    cohort, user = member_with_access(others=3)
    cohort.courses.add(CourseFactory())
    linger("access.services.cohorts._give", 0.1)

    at_once(leaving(cohort, user), lambda: catch_up_all(cohort))

    live = CourseAccess.objects.exclude(status="revoked")
    assert (live.filter(user=user).count(), live.count()) == (0, 6)


def test_twin_without_the_lock_who_left_gets_the_course_all_the_same(linger, without_row_locks):
    cohort, user = member_with_access(others=0)
    cohort.courses.add(CourseFactory())
    linger("access.services.cohorts._give")

    at_once(lambda: after(0.1, leaving(cohort, user)), lambda: catch_up_all(cohort))

    assert CourseAccess.objects.exclude(status="revoked").filter(user=user).count() == 1


def after(seconds, call):
    time.sleep(seconds)
    return call()
