"""The lists in SQL say the same as the judge in Python, for any rows, courses and moments (invariant 7)."""

import os
from datetime import date, timedelta

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from access.decisions import Code, decide_course, is_visible
from access.models import AccessStatus, AccessType, Cohort, CourseAccess, CourseEnrollment, Suspension
from access.selectors import (
    courses_listed_to,
    courses_open_to,
    courses_visible_to,
    missing_prerequisites,
    standings_of,
)
from access.standings import standing_of
from accounts.models import User
from catalog.models import Course, CourseStatus, EnrollmentMethod, Prerequisite, Visibility
from progress.prerequisites import beforehand
from tests.factories import NOW

pytestmark = pytest.mark.django_db
COURSES = 4
WITHOUT_A_LINK = [AccessType.PURCHASE, AccessType.MANUAL, AccessType.SUBSCRIPTION, AccessType.FREE]
HOUR, TICK = timedelta(hours=1), timedelta(microseconds=1)
EXAMPLES = int(os.environ.get("AGREEMENT_EXAMPLES", "80"))  # worlds; each holds 4 courses, 2 students, up to 7 rights
# Few moments, so that starts, ends and the present often fall together.
MOMENTS = st.integers(0, 4).map(lambda hour: NOW + timedelta(hours=hour))
LEVELLED = {EnrollmentMethod.PURCHASE: st.integers(0, 3), EnrollmentMethod.SUBSCRIPTION_ONLY: st.integers(1, 3)}

SCORES = st.sampled_from([None, 0, 69, 70, 71, 100])


@st.composite
def courses(draw):
    method = draw(st.sampled_from(EnrollmentMethod.values))
    return {
        "status": draw(st.sampled_from(CourseStatus.values)),
        "visibility": draw(st.sampled_from(Visibility.values)),
        "enrollment_method": method,
        "required_level": draw(LEVELLED.get(method, st.just(0))),
        "lesson_count": draw(st.sampled_from([0, 1, 1])),
        "required_quiz_count": draw(st.integers(0, 1)),
        "required_quiz_score": draw(SCORES),
    }


@st.composite
def rights(draw):
    status = draw(st.sampled_from([*AccessStatus.values, *[AccessStatus.UNLOCKED] * 5]))
    waits = status in {AccessStatus.PENDING, AccessStatus.REVOKED} and draw(st.booleans())
    starts_at, ends_at = None if waits else draw(MOMENTS), draw(st.none() | MOMENTS)
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
        "expires_at": ends_at if ends_at and (waits or ends_at > starts_at) else None,
        "revoked_at": NOW if status == AccessStatus.REVOKED else None,
        "revocation_reason": "Refund" if status == AccessStatus.REVOKED else "",
    }


COURSE = st.integers(0, COURSES - 1)
LINKS = st.sets(st.tuples(COURSE, COURSE).filter(lambda pair: pair[0] != pair[1]), max_size=3)
# Who takes part in what: whether they completed it, and the lowest score of its required quizzes.
TAKEN = st.dictionaries(
    st.tuples(st.integers(0, 1), COURSE), st.tuples(st.booleans(), st.sampled_from([None, 0, 69, 70, 100])), max_size=5
)
COHORT = st.fixed_dictionaries(
    {
        "is_active": st.sampled_from([True, True, False]),
        "starts_on": st.none() | st.dates(date(2026, 3, 1), date(2026, 3, 4)),
        "courses": st.sets(COURSE, max_size=2),
        "members": st.dictionaries(st.integers(0, 1), st.booleans(), max_size=2),  # who, and whether they left
    }
)
PAIRS = st.sets(st.tuples(st.integers(0, 1), st.integers(0, COURSES - 1)), max_size=4)
WORLDS = st.fixed_dictionaries(
    {
        "courses": st.lists(courses(), min_size=COURSES, max_size=COURSES),
        "rights": st.lists(rights(), max_size=7),
        "enrolled": TAKEN,
        "links": LINKS,
        "cohorts": st.lists(COHORT, max_size=3),
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
    taken = world["enrolled"].items()
    CourseEnrollment.objects.bulk_create(
        CourseEnrollment(user=people[u], course=made[c], enrolled_at=NOW, completed_at=NOW if is_done else None,
                         lowest_quiz_score=score)
        for (u, c), (is_done, score) in taken
    )  # fmt: skip
    Prerequisite.objects.bulk_create(Prerequisite(course=made[c], required=made[r]) for c, r in world["links"])
    of = {"reason": "Shared", "suspended_by": people[2], "suspended_at": NOW}
    lifted = {"lifted_at": NOW, "lifted_by": people[2]}
    Suspension.objects.bulk_create(
        [Suspension(user=people[u], course=made[c], **of) for u, c in world["suspended"]]
        + [Suspension(user=people[u], course=made[c], **of, **lifted) for u, c in world["lifted"]]
    )
    for number, of in enumerate(world["cohorts"]):
        build_cohort(number, of, people, made)
    return made


def build_cohort(number, of, people, made):
    cohort = Cohort.objects.create(name=f"k-{number}", is_active=of["is_active"], starts_on=of["starts_on"])
    cohort.courses.set([made[c] for c in of["courses"]])
    for u, has_left in of["members"].items():
        cohort.memberships.create(user=people[u], joined_at=NOW, left_at=NOW if has_left else None)


def slugs(queryset):
    return sorted(queryset.values_list("slug", flat=True))


def decided_open(user, now):
    standings = standings_of(user, Course.objects.all())
    return sorted(each.course.slug for each in standings if decide_course(each, now).code == Code.ACTIVE)


def known(user):
    return sorted(each.course.slug for each in standings_of(user, Course.objects.all()) if is_visible(each))


def parts(standing):
    rows = sorted(row.pk for row in standing.rows)
    facts = (standing.enrolled_at, standing.is_suspended, standing.missing, standing.cohort_starts_on)
    return standing.course.pk, rows, facts


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


@in_any_world(EXAMPLES // 4)
def test_what_is_missing_before_a_course_is_told_alike_everywhere(people, world, now):
    with transaction.atomic():
        build(world, people)

        for standing in [each for user in people[:2] for each in standings_of(user, Course.objects.order_by("pk"))]:
            listed = set(missing_prerequisites(standing.user, standing.course))
            assert listed == {line.course for line in beforehand(standing) if not line.is_met}
            assert standing.missing == len(listed)

        transaction.set_rollback(True)


def first_days(world, who, course):
    """The starts of the running cohorts of a course that this student is in."""
    mine = [of for of in world["cohorts"] if of["is_active"] and course in of["courses"]]
    return [of["starts_on"] for of in mine if of["members"].get(who) is False and of["starts_on"]]


@in_any_world(EXAMPLES // 4)
def test_the_start_that_counts_is_the_earliest_of_the_cohorts_one_is_in(people, world, now):
    with transaction.atomic():
        made = build(world, people)

        for who, user in enumerate(people[:2]):
            loaded = {each.course: each.cohort_starts_on for each in standings_of(user, Course.objects.all())}
            expected = {each: min(first_days(world, who, at), default=None) for at, each in enumerate(made)}
            assert loaded == expected

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
