"""Every public service writes exactly one event per right or suspension it changes, and that says who and why."""

import inspect
from datetime import timedelta
from types import SimpleNamespace

import pytest

from access import services
from access.models import AccessEvent, AccessType, CourseAccess, Suspension
from tests import factories as make
from tests.factories import NOW, CourseFactory

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
LATER = NOW + 30 * DAY
READ_ONLY = {"expiry_for"}


def public_services():
    found = {name for name in services.__all__ if inspect.isfunction(getattr(services, name))}
    return found - READ_ONLY


@pytest.fixture
def world(student, staff):
    """A student with a right in every state, suspended from one course, in a cohort, on a path and with a bundle."""
    world = SimpleNamespace(student=student, staff=staff, free=CourseFactory())
    for state, fields in STATES.items():
        setattr(world, state, give(student, **fields))
    services.lock_access(access=world.locked, now=NOW, reason="Open payment")
    world.suspension = services.suspend(user=student, course=CourseFactory(), actor=staff, reason="Shared", now=NOW)
    world.cohort = make.CohortFactory(grants_access=True)
    world.cohort.courses.add(*CourseFactory.create_batch(2))
    world.member = services.add_to_cohort(user=make.UserFactory(), cohort=world.cohort, now=NOW)[0]
    world.path = make.LearningPathFactory(is_free=True)
    make.PathStepFactory.create_batch(3, path=world.path, course__lesson_count=1)
    world.walker = services.join_path(user=make.UserFactory(), path=world.path, now=NOW)
    world.bundle = make.BundleFactory()
    make.BundleCourseFactory.create_batch(2, bundle=world.bundle)
    world.purchase = buy(world, make.UserFactory())
    return world


STATES = {
    "running": {"expires_at": NOW + 10 * DAY},
    "lifetime": {},
    "dated": {"starts_at": NOW + 5 * DAY},
    "waiting": {"is_pending": True},
    "locked": {},
}


def give(user, **fields):
    facts = {"course": CourseFactory(), "access_type": AccessType.MANUAL, "source_key": "k", "now": NOW}
    return services.grant_access(user=user, **facts | fields)


def buy(world, user):
    return services.buy_bundle(user=user, bundle=world.bundle, source_key="order:1", now=NOW)


def by_staff(world, **more):
    return {"actor": world.staff, "reason": "Asked for it", "now": LATER} | more


def one_more_course(world):
    """Something that came to the bundle, the cohort and the path after the students did."""
    make.BundleCourseFactory(bundle=world.bundle)
    world.cohort.courses.add(CourseFactory())
    make.PathStepFactory(path=world.path)


def finish_first_course(world):
    course = world.path.steps.order_by("order").first().course
    make.CourseEnrollmentFactory(user=world.walker.user, course=course, completed_at=NOW)
    return {"user_id": world.walker.user.pk, "course_id": course.pk, "now": LATER}


def moved(cohort):
    """A cohort with two students who wait for it, put off."""
    cohort.starts_on = (NOW + 9 * DAY).date()
    services.save_cohort(cohort=cohort, now=NOW)
    for user in make.UserFactory.create_batch(2):
        services.add_to_cohort(user=user, cohort=cohort, now=NOW)
    cohort.starts_on = (NOW + 60 * DAY).date()
    return cohort


def override(world):
    arguments = {"user": world.student, "level": 2, "until": LATER + DAY}
    services.override_tier(**arguments, **by_staff(world, now=NOW))
    return arguments


# Of each service: what it is called with, and how many rights and suspensions it changes then.
CALLS = {
    "activate_access": (lambda w: {"access": w.waiting, "cause": "order:1", "now": LATER}, 1),
    "add_to_cohort": (lambda w: {"user": w.student, "cohort": w.cohort, "now": LATER}, 3),
    "advance_paths": (finish_first_course, 1),
    "buy_bundle": (lambda w: {"user": w.student, "bundle": w.bundle, "source_key": "order:2", "now": LATER}, 3),
    "end_bundle_purchase": (lambda w: {"bundle_purchase": w.purchase, **by_staff(w)}, 2),
    "enroll": (lambda w: {"user": w.student, "course": w.free, "now": LATER}, 0),
    "enroll_free": (lambda w: {"user": w.student, "course": w.free, "now": LATER}, 1),
    "extend_access": (lambda w: {"access": w.running, "days": 3, **by_staff(w)}, 1),
    "grant_access": (lambda w: {"user": w.student, "course": w.free, **GIFT, **by_staff(w)}, 1),
    "grant_bundle_access": (lambda w: {"user": w.purchase.user, "bundle_purchase": w.purchase, **by_staff(w)}, 1),
    "grant_by_hand": (
        lambda w: {"user": w.student, "course": w.free, "actor": w.staff, "notes": "Prize", "now": LATER},
        1,
    ),
    "join_cohort": (lambda w: {"user": w.student, **open_cohort(w), "now": LATER}, 1),
    "join_course": (lambda w: {"user": w.student, "course": w.lifetime.course, "now": LATER}, 0),
    "join_path": (lambda w: {"user": w.student, "path": w.path, **by_staff(w)}, 4),
    "leave_cohort": (lambda w: {"user": w.member.user, "cohort": w.cohort, "now": LATER}, 2),
    "leave_path": (lambda w: {"membership": w.walker, **by_staff(w)}, 3),
    "lock_access": (lambda w: {"access": w.lifetime, **by_staff(w)}, 1),
    "move_access": (
        lambda w: {"access": w.dated, "starts_at": LATER, "expires_at": LATER + DAY, **by_staff(w)},
        1,
    ),
    "open_by_hand": (lambda w: {"access": w.waiting, **by_staff(w)}, 1),
    "override_tier": (lambda w: {**override(w), **by_staff(w)}, 2),
    "reinstate": (lambda w: {"suspension": w.suspension, **by_staff(w)}, 1),
    "remove_from_cohort": (
        lambda w: {"user": w.member.user, "cohort": w.cohort, "keep_access": True, **by_staff(w)},
        4,
    ),
    "revoke_access": (lambda w: {"access": w.running, **by_staff(w)}, 1),
    "revoke_course": (lambda w: {"user": w.student, "course": w.locked.course, **by_staff(w)}, 1),
    "save_bundle": (lambda w: {"bundle": w.bundle}, 0),
    "save_cohort": (lambda w: {"cohort": moved(w.cohort), "now": NOW}, 6),
    "start_path": (lambda w: {"user": w.student, "path": w.path, "now": LATER}, 4),
    "suspend": (lambda w: {"user": w.student, "course": w.free, **by_staff(w)}, 1),
    "sweep_access": (lambda w: {"now": LATER}, 2),
    "unlock_access": (lambda w: {"access": w.locked, **by_staff(w)}, 1),
}
GIFT = {"access_type": AccessType.MANUAL, "source_key": "gift"}


def open_cohort(world):
    cohort = make.CohortFactory()
    cohort.courses.add(world.free)
    return {"cohort": cohort, "course": world.free}


def rows():
    """Every right and suspension with all its columns."""
    tables = {"access": CourseAccess, "suspension": Suspension}
    return {(kind, row["id"]): row for kind, model in tables.items() for row in model.objects.values()}


def test_every_public_service_is_called_here():
    assert set(CALLS) == public_services()


@pytest.mark.parametrize("name", sorted(CALLS))
def test_each_changed_row_has_exactly_one_event(world, name):
    arguments, count = CALLS[name]
    one_more_course(world)
    call = arguments(world)
    before, newest = rows(), AccessEvent.objects.latest("pk").pk

    getattr(services, name)(**call)

    changed = sorted(key for key, row in rows().items() if before.get(key) != row)
    events = AccessEvent.objects.filter(pk__gt=newest).values_list("access", "suspension")
    assert (changed, len(changed)) == (sorted(target(*event) for event in events), count)


def target(access, suspension):
    return ("access", access) if access else ("suspension", suspension)


@pytest.mark.parametrize("name", sorted(CALLS))
def test_each_event_says_who_why_and_what_caused_it(world, name):
    arguments, _ = CALLS[name]
    one_more_course(world)
    call = arguments(world)
    newest = AccessEvent.objects.latest("pk").pk

    getattr(services, name)(**call)

    events = AccessEvent.objects.filter(pk__gt=newest)
    by = call["user"] if name == "leave_cohort" else call.get("actor")  # who leaves a cohort does so themselves
    assert [event for event in events if (event.at, event.actor) != (call["now"], by)] == []
    assert [event for event in events if not (event.cause or event.reason)] == []
