"""Bundles and paths under two hands at once. Beside each race its twin, which fails without the guard."""

import threading
import time
from contextlib import contextmanager
from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.db.models import QuerySet

from access.models import AccessEvent, BundlePurchase, CourseAccess, CourseEnrollment, PathMembership
from access.services import (
    BundleRefused,
    buy_bundle,
    end_bundle_purchase,
    grant_bundle_access,
    join_path,
    leave_path,
    paths,
)
from progress.services import finish_course
from tests import factories as make
from tests.access.catching import catch_up_all
from tests.factories import NOW
from tests.races.conftest import at_once

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]
LATER = NOW + timedelta(days=1)


@pytest.fixture
def user():
    return make.UserFactory()


def path_of(count):
    path = make.LearningPathFactory()
    steps = [make.PathStepFactory(path=path, course__lesson_count=1) for _ in range(count)]
    return path, [step.course for step in steps]


def ready_to_complete(user, *courses):
    for course in courses:
        make.CourseEnrollmentFactory(user=user, course=course)
        make.CourseProgressFactory(user=user, course=course, completed_lessons=1)


def completing(user, course, pause=0):
    def complete():
        with transaction.atomic():
            finish_course(user_id=user.pk, course_id=course.pk, now=LATER)
            time.sleep(pause)

    return complete


def statuses(user):
    return list(CourseAccess.objects.filter(user=user).order_by("course").values_list("status", flat=True))


def granted_twice():
    granted = AccessEvent.objects.filter(action="granted").values_list("user", "course")
    return len(granted) != len(set(granted))


@pytest.mark.parametrize("turn", range(5))
def test_two_completions_at_once_open_what_waits_for_both(user, turn):
    path, courses = path_of(3)
    join_path(user=user, path=path, now=NOW)
    ready_to_complete(user, *courses[:2])

    at_once(*[completing(user, course) for course in courses[:2]])

    assert (statuses(user), AccessEvent.objects.filter(action="activated").count()) == (["unlocked"] * 3, 2)


def test_twin_without_the_lock_two_completions_miss_each_other(user, meet, linger, without_row_locks):
    path, courses = path_of(3)
    join_path(user=user, path=path, now=NOW)
    ready_to_complete(user, *courses[:2])
    meet("access.services.paths._open_reached", 2)
    linger("access.services.paths._rows_of")

    at_once(*[completing(user, course) for course in courses[:2]])

    assert statuses(user) == ["unlocked", "unlocked", "pending"]


@pytest.mark.parametrize("turn", range(5))
def test_completing_while_joining_leaves_the_next_course_open(user, turn):
    path, courses = path_of(2)
    ready_to_complete(user, courses[0])

    at_once(completing(user, courses[0]), lambda: join_path(user=user, path=path, now=NOW))

    assert statuses(user) == ["unlocked", "unlocked"]


@pytest.fixture
def both_have_written(monkeypatch):
    """The one who completes and the one who joins look only when each has written, and commit a moment later."""
    gate = threading.Barrier(2)

    def wait_first(name):
        original = getattr(paths, name)

        def wrapped(*args, **kwargs):
            gate.wait(timeout=20)
            return original(*args, **kwargs)

        monkeypatch.setattr(paths, name, wrapped)

    wait_first("required_steps")
    wait_first("_give_missing")


def test_twin_without_the_lock_completing_and_joining_miss_each_other(
    user, both_have_written, linger, without_row_locks
):
    path, courses = path_of(2)
    ready_to_complete(user, courses[0])
    linger("access.services.paths.announce_grants")

    at_once(completing(user, courses[0], pause=0.4), lambda: join_path(user=user, path=path, now=NOW))

    assert statuses(user) == ["unlocked", "pending"]


def test_twenty_joins_are_one_membership(user):
    path, _ = path_of(2)

    at_once(*[lambda: join_path(user=user, path=path, now=NOW)] * 20)

    assert (PathMembership.objects.count(), statuses(user), granted_twice()) == (1, ["unlocked", "pending"], False)


@pytest.mark.parametrize("turn", range(5))
def test_leaving_while_completing_leaves_nothing_open(user, turn):
    path, courses = path_of(2)
    membership = join_path(user=user, path=path, now=NOW)
    ready_to_complete(user, courses[0])

    at_once(completing(user, courses[0]), lambda: leave_path(membership=membership, now=LATER))

    assert (statuses(user), CourseEnrollment.objects.get().completed_at) == (["revoked"] * 2, LATER)


def test_two_leaves_write_one_event_for_each_row(user):
    membership = join_path(user=user, path=path_of(2)[0], now=NOW)

    at_once(*[lambda: leave_path(membership=membership, now=LATER)] * 20)

    assert AccessEvent.objects.filter(action="revoked").count() == 2


def test_a_catch_up_beside_joins_gives_everybody_everything_once():
    path, _ = path_of(2)
    users = [make.UserFactory() for _ in range(8)]
    joins = [lambda user=user: join_path(user=user, path=path, now=NOW) for user in users]
    make.PathStepFactory(path=path, course__lesson_count=1)

    at_once(*joins, *[lambda: catch_up_all(path)] * 4)

    assert ([len(statuses(user)) for user in users], granted_twice()) == ([3] * 8, False)


def picked_from(count, most):
    bundle = make.BundleFactory(bundle_type="pick_your_own", max_course_selections=most)
    return bundle, [make.BundleCourseFactory(bundle=bundle).course.pk for _ in range(count)]


def picking(user, bundle, *course_ids):
    return lambda: buy_bundle(user=user, bundle=bundle, source_key="order:1", now=NOW, course_ids=course_ids)


def test_of_many_picks_at_once_one_counts_and_gives_exactly_itself(user):
    bundle, courses = picked_from(30, 2)
    picks = [courses[n : n + 2] for n in range(0, 30, 2)]

    results = at_once(*[picking(user, bundle, *pick) for pick in picks], may_fail=True)

    taken = [purchase for purchase in results if isinstance(purchase, BundlePurchase)]
    chosen = set(taken[0].selected_courses.values_list("pk", flat=True))
    assert (len(taken), {type(other) for other in results if other not in taken}) == (1, {BundleRefused})
    assert set(CourseAccess.objects.values_list("course", flat=True)) == chosen
    assert sorted(chosen) in picks


def test_a_hundred_calls_for_one_purchase_are_one(user):
    bundle, courses = picked_from(3, 2)

    results = at_once(*[picking(user, bundle, *courses[:2])] * 100)

    assert (len({purchase.pk for purchase in results}), statuses(user)) == (1, ["unlocked"] * 2)
    assert AccessEvent.objects.count() == 2


@contextmanager
def constraint_dropped(model, name):
    guard = next(guard for guard in model._meta.constraints if guard.name == name)
    with connection.schema_editor() as editor:
        editor.remove_constraint(model, guard)
    yield
    with connection.cursor() as cursor:
        cursor.execute(f"TRUNCATE {model._meta.db_table} CASCADE")
    with connection.schema_editor() as editor:
        editor.add_constraint(model, guard)


@pytest.fixture
def both_look_before_either_buys(monkeypatch):
    create, gate = QuerySet.create, threading.Barrier(2)

    def patched(rows, **values):
        if rows.model is BundlePurchase:
            gate.wait(timeout=20)
        return create(rows, **values)

    monkeypatch.setattr(QuerySet, "create", patched)


def test_twin_without_the_constraint_two_picks_give_more_than_the_most(user, both_look_before_either_buys):
    bundle, courses = picked_from(4, 2)

    with constraint_dropped(BundlePurchase, "bundle_purchase_once_per_source"):
        at_once(picking(user, bundle, *courses[:2]), picking(user, bundle, *courses[2:]))
        found = statuses(user)

    assert found == ["unlocked"] * 4


@pytest.mark.parametrize("turn", range(5))
def test_ending_beside_a_catch_up_leaves_nothing_open(user, turn):
    bundle = make.BundleCourseFactory().bundle
    purchase = buy_bundle(user=user, bundle=bundle, source_key="order:1", now=NOW)
    make.BundleCourseFactory(bundle=bundle)

    at_once(
        lambda: end_bundle_purchase(bundle_purchase=purchase, now=LATER, reason="Refund"),
        lambda: grant_bundle_access(user=user, bundle_purchase=purchase, now=LATER),
    )

    assert set(statuses(user)) == {"revoked"}


def test_twin_without_the_lock_a_catch_up_gives_after_the_end(user, linger, without_row_locks):
    bundle = make.BundleCourseFactory().bundle
    purchase = buy_bundle(user=user, bundle=bundle, source_key="order:1", now=NOW)
    make.BundleCourseFactory(bundle=bundle)
    linger("access.services.bundles._courses_of")

    at_once(
        lambda: end_bundle_purchase(bundle_purchase=purchase, now=LATER, reason="Refund"),
        lambda: grant_bundle_access(user=user, bundle_purchase=purchase, now=LATER),
    )

    assert sorted(statuses(user)) == ["revoked", "unlocked"]


def test_bundles_with_the_same_courses_in_another_order_do_not_wait_for_each_other_for_ever(user):
    courses = [make.CourseFactory() for _ in range(4)]
    bundles = [make.BundleFactory() for _ in range(20)]
    for number, bundle in enumerate(bundles):
        for course in courses[:: -1 if number % 2 else 1]:
            make.BundleCourseFactory(bundle=bundle, course=course)

    at_once(*[lambda b=bundle: buy_bundle(user=user, bundle=b, source_key="order:1", now=NOW) for bundle in bundles])

    assert CourseAccess.objects.count() == 80
