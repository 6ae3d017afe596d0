"""One student as staff see them: courses with the judge's word, rights, groups, and what happened to them."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from django.db.models import Exists, F, Max, OuterRef, Q, QuerySet, prefetch_related_objects

from access.decisions import Standing, decide_course, deciding_row
from access.members import EnrollmentStatus, enrollment_status
from access.models import (
    OPENING,
    AccessEvent,
    AccessStatus,
    BundlePurchase,
    CohortMembership,
    CourseAccess,
    CourseEnrollment,
    PathMembership,
    Suspension,
    Tier,
)
from access.standings import standings_in
from accounts.models import User
from catalog.models import Course
from common.percentages import percent
from dashboard.wording import Sign, sign_of, sign_of_row, through, who
from progress.models import CourseProgress, LessonProgress, LessonStatus

LONG_TEXTS = ("description", "description_html", "instructor_bio", "search_text")
SOURCES = ("cohort", "bundle_purchase__bundle", "path")


@dataclass(frozen=True)
class CourseCard:
    """One course of the student: what the judge says now, the right that decides or would, and how far they are."""

    course: Course
    sign: Sign
    right: CourseAccess | None
    enrolled_at: datetime | None
    status: EnrollmentStatus | None
    is_suspended: bool
    done: int
    has_begun: bool

    @property
    def percent(self) -> int:
        return percent(self.done, self.course.lesson_count)


@dataclass(frozen=True)
class Right:
    """One row, and what staff may do with it now."""

    access: CourseAccess
    name: str
    sign: Sign
    can_extend: bool
    can_lock: bool
    can_unlock: bool
    can_open: bool
    can_revoke: bool


@dataclass(frozen=True)
class Ending:
    """What becomes of one course when a bundle is taken away: whether it is open now, and what keeps it so."""

    course: Course
    was_open: bool
    stays_through: CourseAccess | None


@dataclass(frozen=True)
class Entry:
    """One line of the timeline."""

    event: AccessEvent
    name: str
    who: str
    through: str


def tier_names() -> dict[int, str]:
    """What the memberships are called, by level."""
    return dict(Tier.objects.values_list("level", "name"))


def name_of(access: CourseAccess, tiers: Mapping[int, str]) -> str:
    """What a right opens: the course, or the membership by its name."""
    if access.course:
        return access.course.title
    return f"Membership {tiers.get(access.tier_level or 0, access.tier_level)}"


def last_seen(student: User) -> datetime | None:
    """The later of the last log-in and the last report of a lesson."""
    active = CourseProgress.objects.filter(user=student).aggregate(last=Max("last_active_at"))["last"]
    return max((moment for moment in (student.last_login, active) if moment), default=None)


def rights_of(student: User, tiers: Mapping[int, str], now: datetime) -> list[Right]:
    """Every right the student ever held, the newest first: one query."""
    rows = CourseAccess.objects.filter(user=student).select_related("course", "granted_by", "revoked_by", *SOURCES)
    return [_right(access, tiers, now) for access in rows.order_by("-granted_at", "-pk")]


def _right(access: CourseAccess, tiers: Mapping[int, str], now: datetime) -> Right:
    is_live = access.status != AccessStatus.REVOKED
    runs = access.is_open(now) or (access.is_to_come(now) and access.starts_at is not None)
    return Right(
        access,
        name_of(access, tiers),
        sign_of_row(access, now),
        can_extend=is_live and bool(access.expires_at or access.duration_days),
        can_lock=access.status in OPENING and runs,
        can_unlock=access.status == AccessStatus.LOCKED,
        can_open=access.is_to_come(now),
        can_revoke=is_live,
    )


def cards_of(student: User, rights: list[Right], now: datetime) -> list[CourseCard]:
    """The courses the student takes, held a right to or is suspended from, by title: two queries, however many.

    Those in the trash are left out; what the student holds in them stands in their rights and history.
    """
    rows = {right.access.pk: right.access for right in rights}
    cards = []
    for standing in standings_in(student, _courses_around(student)):
        decision = decide_course(standing, now)
        row = decision.access or deciding_row(standing.rows, now)
        card = CourseCard(
            course=standing.course,
            sign=sign_of(decision.code),
            right=rows.get(row.pk) if row else None,
            enrolled_at=standing.enrolled_at,
            status=enrollment_status(standing, now) if standing.is_enrolled else None,
            is_suspended=standing.is_suspended,
            done=getattr(standing.course, "done", None) or 0,
            has_begun=getattr(standing.course, "has_begun", False),
        )
        cards.append(card)
    return cards


def _courses_around(student: User) -> QuerySet[Course]:
    takes = Exists(CourseEnrollment.objects.filter(user=student, course=OuterRef("pk")))
    held = Exists(CourseAccess.objects.filter(user=student, course=OuterRef("pk")))
    suspended = Exists(Suspension.objects.filter(user=student, course=OuterRef("pk"), lifted_at=None))
    counters = CourseProgress.objects.filter(user=student, course=OuterRef("pk"))
    courses = Course.objects.kept().filter(Q(takes) | Q(held) | Q(suspended)).defer(*LONG_TEXTS)
    begun = LessonProgress.objects.filter(user=student, course=OuterRef("pk")).exclude(status=LessonStatus.NOT_STARTED)
    facts = {"done": counters.values("completed_lessons")[:1], "has_begun": Exists(begun)}
    return courses.annotate(**facts).order_by("title", "pk")


def cohorts_of(student: User) -> QuerySet[CohortMembership]:
    """The cohorts the student is or was in, the present ones first."""
    members = CohortMembership.objects.filter(user=student).select_related("cohort")
    return members.order_by(F("left_at").desc(nulls_first=True), "-joined_at", "-pk")


def paths_of(student: User) -> QuerySet[PathMembership]:
    """The learning paths the student is or was on, the present ones first."""
    members = PathMembership.objects.filter(user=student).select_related("path")
    return members.order_by(F("left_at").desc(nulls_first=True), "-joined_at", "-pk")


def bundles_of(student: User) -> QuerySet[BundlePurchase]:
    """The bundles the student bought or was given, the newest first."""
    bought = BundlePurchase.objects.filter(user=student).select_related("bundle", "granted_by")
    return bought.order_by("-purchased_at", "-pk")


def endings_of(purchase: BundlePurchase, now: datetime) -> list[Ending]:
    """The courses a purchase still gives, as the judge sees them with it and without, by title; few queries."""
    given = CourseAccess.objects.filter(bundle_purchase=purchase).exclude(status=AccessStatus.REVOKED)
    courses = Course.objects.filter(pk__in=given.values("course")).defer(*LONG_TEXTS).order_by("title", "pk")
    endings = [_ending(standing, purchase, now) for standing in standings_in(purchase.user, courses)]
    prefetch_related_objects([ending.stays_through for ending in endings if ending.stays_through], *SOURCES)
    return endings


def _ending(standing: Standing, purchase: BundlePurchase, now: datetime) -> Ending:
    others = tuple(row for row in standing.rows if row.bundle_purchase_id != purchase.pk)
    after = decide_course(replace(standing, rows=others), now)
    was_open = decide_course(standing, now).is_allowed
    return Ending(standing.course, was_open, after.access if after.is_allowed else None)


def events_of(student: User, course: Course | None) -> QuerySet[AccessEvent]:
    """What happened to the student's rights and suspensions, the newest first."""
    events = AccessEvent.objects.filter(user=student)
    if course:
        events = events.filter(course=course)
    told = events.select_related("actor", "course", *(f"access__{source}" for source in SOURCES))
    return told.order_by("-at", "-pk")


def entries_of(events: list[AccessEvent], tiers: Mapping[int, str]) -> list[Entry]:
    """The same in words."""
    return [Entry(event, _what(event, tiers), who(event), through(event)) for event in events]


def _what(event: AccessEvent, tiers: Mapping[int, str]) -> str:
    if event.course:
        return event.course.title
    level = event.access.tier_level if event.access else None
    return f"Membership {tiers.get(level or 0, level)}"
