"""Lists of cohorts, bundles and learning paths, of the courses in one of them, and of the people who hold it."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, Model, Q, QuerySet

from access.models import (
    Bundle,
    BundleCourse,
    BundlePurchase,
    Cohort,
    CohortMembership,
    CourseAccess,
    LearningPath,
    PathMembership,
    PathStep,
    Tier,
)
from access.models.rights import CourseAccessQuerySet
from catalog.models import Course

Group = Cohort | Bundle | LearningPath
MOST_CHOICES = 20


@dataclass(frozen=True)
class Line:
    """A group as its list shows it."""

    group: Group
    courses: int
    people: int


def groups_found(groups: QuerySet[Any], *, words: str, state: str, order: list[Any], name: str) -> QuerySet[Any]:
    """Those whose name has all the words, active unless another state is asked for."""
    for word in words.split():
        groups = groups.filter(**{f"{name}__icontains": word})
    if state != "all":
        groups = groups.filter(is_active=state != "archived")
    return groups.order_by(*order)


def lines_of(groups: Iterable[Group]) -> list[Line]:
    """How many courses and people each of them has: two queries, however many there are."""
    shown = list(groups)
    if not shown:
        return []
    courses, people = _counts(type(shown[0]), [group.pk for group in shown])
    return [Line(group, courses.get(group.pk, 0), people.get(group.pk, 0)) for group in shown]


def _counts(model: type[Group], ids: list[int]) -> tuple[dict[int, int], dict[int, int]]:
    if model is Cohort:
        members = CohortMembership.objects.filter(left_at=None)
        return _count(Cohort.courses.through.objects.all(), "cohort", ids), _count(members, "cohort", ids)
    if model is Bundle:
        owners = BundlePurchase.objects.filter(ended_at=None)
        return _count(BundleCourse.objects.all(), "bundle", ids), _count(owners, "bundle", ids)
    walkers = PathMembership.objects.filter(left_at=None)
    return _count(PathStep.objects.all(), "path", ids), _count(walkers, "path", ids)


def _count(rows: QuerySet[Any], group: str, ids: list[int]) -> dict[int, int]:
    counted = rows.filter(**{f"{group}__in": ids}).order_by().values_list(group).annotate(Count("pk"))
    return dict(counted)


def people_of(group: Group, words: str = "") -> QuerySet[Any]:
    """The places in a cohort or on a path, or the purchases of a bundle, that have not ended; the newest first."""
    places: QuerySet[Any]
    if isinstance(group, Cohort):
        places = group.memberships.filter(left_at=None).select_related("user", "added_by").order_by("-joined_at", "-pk")
    elif isinstance(group, Bundle):
        owners = group.purchases.filter(ended_at=None)
        places = owners.select_related("user", "granted_by").order_by("-purchased_at", "-pk")
    else:
        places = group.memberships.filter(left_at=None).select_related("user").order_by("-joined_at", "-pk")
    for word in words.split():
        places = places.filter(Q(user__name__icontains=word) | Q(user__email__icontains=word))
    return places


def courses_of(group: Group) -> list[Any]:
    """What it holds, in the order of students; of a cohort by title. Each with its `course`, level or flag."""
    if isinstance(group, Cohort):
        through: QuerySet[Any] = Cohort.courses.through.objects.filter(cohort=group)
        return list(through.select_related("course").order_by("course__title", "course_id"))
    if isinstance(group, Bundle):
        return list(group.entries.select_related("course").order_by("level", "order", "pk"))
    return list(group.steps.select_related("course").order_by("order", "pk"))


def courses_to_add(group: Group, words: str) -> tuple[list[Course], int]:
    """The first courses with these words that the group does not have, and how many there are in all."""
    present: QuerySet[Course] = group.courses.order_by()
    courses = Course.objects.kept().exclude(pk__in=present.values("pk"))
    for word in words.split():
        courses = courses.filter(title__icontains=word)
    shown = courses.only("title", "slug", "status", "trashed_at").order_by("title", "pk")[:MOST_CHOICES]
    return list(shown), courses.count()


def courses_numbered(numbers: Iterable[str]) -> list[Course]:
    """The courses, not in the trash, that an address or a form names by number; what is none is left out."""
    ids = {int(number) for number in numbers if number.isascii() and number.isdecimal() and len(number) < 19}
    return list(Course.objects.kept().filter(pk__in=list(ids)[:100]).order_by("title", "pk"))


def is_used(group: Group) -> bool:
    """True if the database keeps it for somebody: then it is archived, not deleted."""
    if CourseAccess.objects.filter(**_source(group)).exists():
        return True
    held = group.purchases if isinstance(group, Bundle) else group.memberships
    return held.exists()


def _source(group: Group) -> dict[str, Model]:
    if isinstance(group, Cohort):
        return {"cohort": group}
    return {"bundle_purchase__bundle": group} if isinstance(group, Bundle) else {"path": group}


def rights_through(group: Group, courses: Collection[Course]) -> QuerySet[CourseAccess]:
    """What the group gave of these courses, and was not revoked."""
    return CourseAccess.objects.filter(course__in=courses, **_source(group)).exclude(status="revoked")


@dataclass(frozen=True)
class TierLine:
    """A tier as its list shows it."""

    tier: Tier
    members: int
    courses: int


def tier_lines(now: datetime) -> list[TierLine]:
    """Every tier with how many hold it at this moment, and how many courses ask for just this level."""
    tiers = list(Tier.objects.order_by("level"))
    held = CourseAccessQuerySet(CourseAccess).open_at(now).filter(tier_level__isnull=False)
    members = _by_level(held, "tier_level", "user")
    courses = _by_level(Course.objects.kept(), "required_level", "pk")
    return [TierLine(tier, members.get(tier.level, 0), courses.get(tier.level, 0)) for tier in tiers]


def _by_level(rows: QuerySet[Any], level: str, counted: str) -> dict[int, int]:
    return dict(rows.order_by().values_list(level).annotate(Count(counted, distinct=True)))
