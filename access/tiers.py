"""Reads of memberships: what each tier opens and costs, and which one a student has."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from django.db.models import Count, F, Q, Subquery, Window
from django.db.models.functions import RowNumber

from access.models import CourseAccess, Tier
from access.models.tiers import OVERRIDE
from accounts.http import Viewer
from accounts.models import User
from catalog.models import Course, EnrollmentMethod

HIGHEST = 3
TITLES_SHOWN = 3


class Mark(StrEnum):
    """How a tier stands to the viewer on the pricing page."""

    NONE = ""
    CURRENT = "current"
    INCLUDED = "included"
    ADDED = "added"


@dataclass(frozen=True)
class Membership:
    """The tier rights of one viewer that are open now: what lasts longest, and what staff added for a time  [T-6]."""

    base: CourseAccess | None = None
    override: CourseAccess | None = None

    @property
    def base_level(self) -> int:
        return (self.base and self.base.tier_level) or 0

    @property
    def level(self) -> int:
        """The higher of both: an override only ever raises  [T-8]."""
        return max(self.base_level, (self.override and self.override.tier_level) or 0)


@dataclass(frozen=True)
class Plan:
    """A tier on the pricing page: `courses` are some that it adds to the tier below, `course_count` all it opens."""

    tier: Tier
    below: Tier | None
    courses: tuple[Course, ...]
    added_count: int
    course_count: int
    mark: Mark

    @property
    def features(self) -> list[str]:
        """What staff wrote, without the line that the page writes itself from the name of the tier below  [T-3]."""
        return [text for text in self.tier.features if not text.startswith("Everything in ")]

    @property
    def more_courses(self) -> int:
        return self.added_count - len(self.courses)

    @property
    def is_popular(self) -> bool:
        return self.tier.slug == "main"

    @property
    def yearly_by_month(self) -> int | None:
        """A month's share of the yearly price, in minor units."""
        return self.tier.price_yearly_minor and round(self.tier.price_yearly_minor / 12)


def effective_level(user: Viewer, now: datetime) -> int:
    """The membership level that counts: 0 without one; staff have the highest  [T-7, T-8]."""
    if user.is_authenticated and user.is_staff:
        return HIGHEST
    return membership_of(user, now).level


def membership_of(user: Viewer, now: datetime) -> Membership:
    """The memberships open to the viewer now: one query, none for a visitor."""
    if not user.is_authenticated:
        return Membership()
    rows = CourseAccess.objects.filter(user=user, tier_level__isnull=False)
    found = [
        row for row in rows.order_by("-tier_level", F("expires_at").desc(nulls_first=True), "pk") if row.is_open(now)
    ]
    base = next((row for row in found if row.source_key != OVERRIDE), None)
    return Membership(base, next((row for row in found if row.source_key == OVERRIDE), None))


def tier_name_of(user: User, now: datetime) -> Subquery:
    """The name of the highest tier open to the student now, for a query about something else to carry  [T-12]."""
    rows = CourseAccess.objects.filter(user=user, tier_level__isnull=False).open_at(now)
    highest = rows.order_by("-tier_level").values("tier_level")[:1]
    return Subquery(Tier.objects.filter(level=Subquery(highest)).values("name")[:1])


def plans_for(membership: Membership, *, is_member: bool, now: datetime) -> list[Plan]:
    """The tiers in ascending order, each with what it opens: two queries. `is_member`: the viewer has an account."""
    courses = _courses_by_level(now)
    plans: list[Plan] = []
    for tier in Tier.objects.order_by("level"):
        added = courses.get(tier.level, [])
        count = added[0].level_count if added else 0  # type: ignore[attr-defined] # annotated
        below = plans[-1] if plans else None
        total = count + (below.course_count if below and below.tier.level else 0)
        mark = _mark(tier, membership) if is_member else Mark.NONE
        plans.append(Plan(tier, below.tier if below else None, tuple(added), count, total, mark))
    return plans


def _courses_by_level(now: datetime) -> dict[int, list[Course]]:
    """The first public courses of each level; each carries how many there are. A level of 0 means the free ones."""
    order = [F("display_order").asc(), F("created_at").desc(), F("pk").desc()]
    courses = Course.objects.listed().taking_new_students_at(now)
    courses = courses.filter(Q(enrollment_method=EnrollmentMethod.OPEN) | Q(required_level__gte=1)).annotate(
        place=Window(RowNumber(), partition_by="required_level", order_by=order),
        level_count=Window(Count("*"), partition_by="required_level"),
    )
    found: dict[int, list[Course]] = {}
    few = courses.filter(place__lte=TITLES_SHOWN).only("title", "slug", "required_level").order_by("place")  # type: ignore[misc] # annotated above
    for course in few:
        found.setdefault(course.required_level, []).append(course)
    return found


def _mark(tier: Tier, membership: Membership) -> Mark:
    if tier.level == membership.base_level:
        return Mark.CURRENT
    if membership.override and tier.level == membership.override.tier_level and tier.level > membership.base_level:
        return Mark.ADDED
    return Mark.INCLUDED if tier.level < membership.level else Mark.NONE


def yearly_saving(plans: list[Plan]) -> int:
    """How many per cent a year paid at once saves at least; 0 if not every price is given."""
    pairs = [(plan.tier.price_yearly_minor, plan.tier.price_monthly_minor) for plan in plans if plan.tier.level]
    savings = [100 - round(100 * yearly / (12 * monthly)) for yearly, monthly in pairs if yearly and monthly]
    return max(0, min(savings, default=0))


def is_anything_priced() -> bool:
    """True if some tier has a price: only then do menus lead to the pricing page."""
    return Tier.objects.filter(Q(price_yearly_minor__gt=0) | Q(price_monthly_minor__gt=0)).exists()
