"""The demo's groups: a membership, a cohort, a bundle and a path, so that each can be looked at."""

from datetime import datetime, timedelta

from django.utils import timezone

from access.models import AccessType, Bundle, Cohort, LearningPath
from access.services import buy_bundle, enroll, grant_access, join_cohort, join_path
from accounts.models import User
from catalog.models import Course


def open_a_cohort(course: Course, member: User, *, now: datetime) -> None:
    """A group of twenty that starts on the Monday three weeks ahead, with one student in it."""
    today = timezone.localdate(now, timezone.get_default_timezone())
    starts_on = today + timedelta(days=21 - today.weekday())
    cohort = Cohort.objects.create(
        name=f"{course.title.title()}, {starts_on:%B %Y}",
        description="Six weeks together: two lessons a week, and a call every Friday.",
        starts_on=starts_on,
        ends_on=starts_on + timedelta(weeks=6),
        max_participants=20,
        grants_access=False,
    )
    cohort.courses.add(course)
    join_cohort(user=member, cohort=cohort, course=course, now=now)


def give_a_membership(member: User, course: Course, *, now: datetime) -> None:
    """A running membership, and the course in it begun the day before yesterday: its lessons open day by day."""
    grant_access(
        user=member,
        tier_level=course.required_level,
        access_type=AccessType.SUBSCRIPTION,
        source_key="demo",
        now=now - timedelta(days=2),
        expires_at=now + timedelta(days=31),
    )
    enroll(user=member, course=course, now=now - timedelta(days=2))


def sell_a_bundle(courses: list[Course], buyer: User, *, now: datetime) -> None:
    bundle = Bundle.objects.create(
        name="Calm desk, clear numbers",
        slug="calm-desk-clear-numbers",
        description="Two courses for people whose work reaches them through a screen.",
    )
    for order, course in enumerate(courses):
        bundle.entries.create(course=course, order=order)
    buy_bundle(user=buyer, bundle=bundle, source_key="demo", now=now)


def lay_a_path(courses: list[Course], walker: User, *, now: datetime) -> None:
    path = LearningPath.objects.create(
        title="From the first take to a course of your own",
        slug="first-take-to-own-course",
        description="Learn to speak on camera, then choose where your films live.",
        is_free=True,
    )
    for order, course in enumerate(courses):
        path.steps.create(course=course, order=order)
    join_path(user=walker, path=path, now=now)


def let_access_end(student: User, course: Course, *, now: datetime) -> None:
    """Ninety days that are over: the progress stays, and the page says how to go on."""
    start = now - timedelta(days=100)
    grant_access(
        user=student,
        course=course,
        access_type=AccessType.PURCHASE,
        source_key="demo",
        now=start,
        expires_at=start + timedelta(days=90),
    )
    enroll(user=student, course=course, now=start)
