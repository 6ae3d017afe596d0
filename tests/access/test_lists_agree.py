"""The lists in SQL say the same as the judge in Python, for any rows, courses and moments (invariant 7)."""

import os
from datetime import timedelta

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from access.decisions import Code, decide_course, is_visible
from access.models import AccessStatus, AccessType, CourseAccess, CourseEnrollment, Suspension
from access.selectors import (
    courses_listed_to,
    courses_open_to,
    courses_visible_to,
    standings_of,
)
from access.standings import standing_of
from accounts.models import User
from catalog.models import Course, CourseStatus, EnrollmentMethod, Visibility
from tests.factories import NOW

pytestmark = pytest.mark.django_db
COURSES = 4
WITHOUT_A_LINK = [AccessType.PURCHASE, AccessType.MANUAL, AccessType.SUBSCRIPTION, AccessType.FREE]
HOUR, TICK = timedelta(hours=1), timedelta(microseconds=1)
EXAMPLES = int(os.environ.get("AGREEMENT_EXAMPLES", "200"))  # worlds; each holds 4 courses, 2 students, up to 7 rights
# Few moments, so that starts, ends and the present often fall together.
MOMENTS = st.integers(0, 4).map(lambda hour: NOW + timedelta(hours=hour))
LEVELLED = {EnrollmentMethod.PURCHASE: st.integers(0, 3), EnrollmentMethod.SUBSCRIPTION_ONLY: st.integers(1, 3)}


@st.composite
def courses(draw):
    method = draw(st.sampled_from(EnrollmentMethod.values))
    return {
        "status": draw(st.sampled_from(CourseStatus.values)),
        "visibility": draw(st.sampled_from(Visibility.values)),
        "enrollment_method": method,
        "required_level": draw(LEVELLED.get(method, st.just(0))),
    }


@st.composite
def rights(draw):
    status = draw(st.sampled_from([*AccessStatus.values, *[AccessStatus.UNLOCKED] * 5]))
    starts_at, ends_at = draw(MOMENTS), draw(st.none() | MOMENTS)
    level = draw(st.none() | st.integers(1, 3))
    return {
        "user": draw(st.integers(0, 1)),
        "course": draw(st.integers(0, COURSES - 1)) if level is None else None,
        "tier_level": level,
        "access_type": draw(st.sampled_from(WITHOUT_A_LINK)),
        "status": status,
        "must_join": draw(st.booleans()),
        "granted_at": draw(MOMENTS),
        "starts_at": starts_at,
        "expires_at": ends_at if ends_at and ends_at > starts_at else None,
        "revoked_at": NOW if status == AccessStatus.REVOKED else None,
        "revocation_reason": "Refund" if status == AccessStatus.REVOKED else "",
    }


PAIRS = st.sets(st.tuples(st.integers(0, 1), st.integers(0, COURSES - 1)), max_size=4)
WORLDS = st.fixed_dictionaries(
    {
        "courses": st.lists(courses(), min_size=COURSES, max_size=COURSES),
        "rights": st.lists(rights(), max_size=7),
        "enrolled": PAIRS,
        "suspended": PAIRS,
        "lifted": PAIRS,
    }
)


@pytest.fixture
def people(student, stranger, staff):
    return [student, stranger, staff]


def build(world, people):
    names = [f"c-{number}" for number in range(COURSES)]
    made = [Course(title=name, slug=name, **of) for name, of in zip(names, world["courses"], strict=True)]
    made = Course.objects.bulk_create(made)
    rows = []
    for number, right in enumerate(world["rights"]):
        target = None if right["course"] is None else made[right["course"]]
        rows.append(CourseAccess(**right | {"user": people[right["user"]], "course": target}, source_key=f"s:{number}"))
    CourseAccess.objects.bulk_create(rows)
    CourseEnrollment.objects.bulk_create(
        [CourseEnrollment(user=people[u], course=made[c], enrolled_at=NOW) for u, c in world["enrolled"]]
    )
    of = {"reason": "Shared", "suspended_by": people[2], "suspended_at": NOW}
    lifted = {"lifted_at": NOW, "lifted_by": people[2]}
    Suspension.objects.bulk_create(
        [Suspension(user=people[u], course=made[c], **of) for u, c in world["suspended"]]
        + [Suspension(user=people[u], course=made[c], **of, **lifted) for u, c in world["lifted"]]
    )
    return made


def slugs(queryset):
    return sorted(queryset.values_list("slug", flat=True))


def decided_open(user, now):
    standings = standings_of(user, Course.objects.all())
    return sorted(each.course.slug for each in standings if decide_course(each, now).code == Code.ACTIVE)


def known(user):
    return sorted(each.course.slug for each in standings_of(user, Course.objects.all()) if is_visible(each))


def parts(standing):
    rows = sorted(row.pk for row in standing.rows)
    return standing.course.pk, rows, standing.is_enrolled, standing.is_suspended


def in_any_world(examples):
    """Run the test in that many worlds, each gone when its example ends."""
    slow_is_fine = settings(
        max_examples=examples,
        deadline=None,
        database=None,
        suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
    )

    def decorate(test):
        return slow_is_fine(given(world=WORLDS, now=MOMENTS)(test))

    return decorate


@in_any_world(EXAMPLES)
def test_the_list_of_open_courses_is_what_the_judge_opens(people, world, now):
    with transaction.atomic():
        build(world, people)

        for user in people[:2]:
            assert slugs(courses_open_to(user, now)) == decided_open(user, now)

        transaction.set_rollback(True)


@in_any_world(EXAMPLES // 4)
def test_the_list_of_visible_courses_is_what_the_judge_lets_know_of(people, world, now):
    with transaction.atomic():
        build(world, people)

        for user in (*people, AnonymousUser()):
            assert slugs(courses_visible_to(user)) == known(user)
            assert set(slugs(courses_listed_to(user))) <= set(known(user))

        transaction.set_rollback(True)


@in_any_world(EXAMPLES // 8)
def test_loading_one_standing_and_loading_many_give_the_same(people, world, now):
    with transaction.atomic():
        made = build(world, people)

        for user in people[:2]:
            one_by_one = [parts(standing_of(user, course)) for course in made]
            assert [parts(each) for each in standings_of(user, Course.objects.order_by("pk"))] == one_by_one

        transaction.set_rollback(True)


def test_staff_appear_in_no_list_of_rights(staff):
    Course.objects.create(title="C", slug="c", status="active")

    assert slugs(courses_open_to(User.objects.get(pk=staff.pk), NOW)) == []


@pytest.mark.parametrize(("hours", "is_open"), [(-TICK, False), (0 * HOUR, True), (HOUR - TICK, True), (HOUR, False)])
def test_the_list_opens_with_the_start_and_closes_with_the_end(student, hours, is_open):
    course = Course.objects.create(title="C", slug="c", status="active")
    CourseAccess.objects.create(
        user=student,
        course=course,
        access_type="manual",
        source_key="m",
        granted_at=NOW,
        starts_at=NOW,
        expires_at=NOW + HOUR,
    )

    assert slugs(courses_open_to(student, NOW + hours)) == (["c"] if is_open else [])
