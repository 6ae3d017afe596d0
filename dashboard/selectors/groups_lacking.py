"""What a change of courses means for the people of a group: who does not get a new one, who keeps one taken out.

It counts what `access.services.catching_up` would give; a test lets it give, and compares.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from access.models import (
    Bundle,
    BundlePurchase,
    BundleType,
    Cohort,
    CohortMembership,
    CourseAccess,
    LearningPath,
    PathMembership,
)
from access.services.rights import LIVE, expiry_for
from catalog.models import Course
from dashboard.selectors.groups import Group, rights_through


@dataclass(frozen=True)
class Lack:
    """A course of a group, and how many of its people it should be given to and is not."""

    course: Course
    people: int


def lacks_of(group: Group, places: Iterable[tuple[Course, int]], now: datetime) -> list[Lack]:
    """Of these courses, each with its level in the group, those that somebody lacks; three queries at most.

    A course whose last day has passed can be given to nobody.
    """
    lasting = [(course, level) for course, level in places if _lasts(course, now)]
    if not lasting:
        return []
    found = _owners_without(group, lasting) if isinstance(group, Bundle) else _members_without(group, lasting)
    return [lack for lack in found if lack.people > 0]


def keepers_of(group: Group, course: Course) -> int:
    """How many hold a right to the course through the group: they keep it when the course is taken out."""
    return rights_through(group, [course]).order_by().values("user").distinct().count()


def _lasts(course: Course, now: datetime) -> bool:
    ends = expiry_for(course, now)
    return ends is None or ends > now


def _members_without(group: Cohort | LearningPath, places: list[tuple[Course, int]]) -> list[Lack]:
    """What a member once had through this place is not given again, on a path unless it was lost before they joined."""
    if isinstance(group, Cohort) and not group.grants_access:
        return []
    rights = CourseAccess.objects.filter(course__in=[course for course, _ in places])
    if isinstance(group, Cohort):
        members: QuerySet[CohortMembership] | QuerySet[PathMembership] = group.memberships.filter(left_at=None)
        mine = members.filter(user=OuterRef("user"), joined_at__lte=OuterRef("granted_at"))
        had = rights.filter(Exists(mine), cohort=group)
    else:
        members = group.memberships.filter(left_at=None)
        mine = members.filter(user=OuterRef("user"))
        lost_here = Q(Exists(mine.filter(joined_at__lt=OuterRef("revoked_at"))))
        had = rights.filter(Q(status__in=LIVE) | lost_here, Exists(mine), path=group)
    counted = dict(had.order_by().values_list("course").annotate(Count("user", distinct=True)))
    total = members.count()
    return [Lack(course, total - counted.get(course.pk, 0)) for course, _ in places]


def _owners_without(bundle: Bundle, places: list[tuple[Course, int]]) -> list[Lack]:
    """Who picked has what they picked; a level owes what is up to it, a fixed bundle everything.

    A purchase gives a course once, so its rights are counted as they are.
    """
    chosen = BundlePurchase.selected_courses.through.objects.filter(bundlepurchase=OuterRef("pk"))
    owners = BundlePurchase.objects.filter(~Exists(chosen), bundle=bundle, ended_at=None)
    totals = Counter(dict(owners.order_by().values_list("level").annotate(Count("pk"))))
    had = CourseAccess.objects.filter(bundle_purchase__in=owners.values("pk"), course__in=[c for c, _ in places])
    grouped = had.order_by().values_list("course", "bundle_purchase__level")
    given = {(course, level): count for course, level, count in grouped.annotate(Count("pk"))}
    return [Lack(course, _owed(bundle, course, level, totals, given)) for course, level in places]


def _owed(
    bundle: Bundle,
    course: Course,
    lowest: int,
    totals: Counter[int | None],
    given: dict[tuple[int, int | None], int],
) -> int:
    levels = [
        level
        for level in totals
        if (level is not None and level >= lowest) or (level is None and bundle.bundle_type == BundleType.FIXED)
    ]
    return sum(totals[level] - given.get((course.pk, level), 0) for level in levels)
