"""Reads: the decision for a viewer, and the same decision as SQL for lists."""

from datetime import datetime
from typing import Any

from django.db.models import (
    CharField,
    Exists,
    ExpressionWrapper,
    F,
    OuterRef,
    PositiveSmallIntegerField,
    Q,
    QuerySet,
    Subquery,
    Value,
)
from django.db.models.functions import Cast, Coalesce, JSONObject

from access.decisions import Decision, Standing, decide_course, decide_lesson
from access.models import CourseAccess, CourseEnrollment, Suspension, Tier
from access.standings import standing_of, standings_in
from accounts.http import Viewer
from accounts.models import User
from catalog.models import Course, CourseStatus, Lesson, Prerequisite, Visibility


def with_tier(courses: QuerySet[Course]) -> QuerySet[Course]:
    """Let each course carry the name and price of the tier that opens it; None where no membership does."""
    tier = Tier.objects.filter(level=OuterRef("required_level"), level__gte=1)
    return courses.annotate(tier=tier.values(data=JSONObject(**TIER_FACTS))[:1])


TIER_FACTS = {"name": "name", "yearly": "price_yearly_minor", "currency": "currency"}


def tier_of(course: Course) -> dict[str, Any] | None:
    """The same for a course that came without it; None when no tier opens the course."""
    tier = tier_for(course)
    return {name: getattr(tier, field) for name, field in TIER_FACTS.items()} if tier else None


def course_for_viewer(user: Viewer, slug: str) -> Course | None:
    """The course this viewer may know of, with category and tier; None if there is none."""
    return with_tier(courses_visible_to(user)).select_related("category").filter(slug=slug).first()


def standings_of(user: Viewer, courses: QuerySet[Course]) -> list[Standing]:
    """What this viewer holds in each of these courses, with their tiers: two queries, however many courses."""
    return standings_in(user, with_tier(courses))


def course_decision(user: Viewer, course: Course, now: datetime) -> Decision:
    """Decide whether the viewer may open the course at this moment."""
    return decide_course(standing_of(user, course), now)


def lesson_decision(user: Viewer, lesson: Lesson, now: datetime, *, is_completed: bool = False) -> Decision:
    """Decide whether the viewer may open the lesson at this moment; drip never locks what they completed."""
    return decide_lesson(standing_of(user, lesson.course), lesson, now, is_completed=is_completed)


def suspension_of(standing: Standing) -> Suspension | None:
    """The open suspension, for a student who has one."""
    return Suspension.objects.filter(user=standing.user.pk, course=standing.course, lifted_at=None).first()


def courses_visible_to(user: Viewer) -> QuerySet[Course]:
    """Every course whose page this viewer may see; a foreign one is a 404 without a branch."""
    courses = Course.objects.kept()
    if user.is_authenticated and user.is_staff:
        return courses
    known = ~Q(status=CourseStatus.DRAFT)
    if not user.is_authenticated:
        return courses.filter(known, visibility__in=[Visibility.PUBLIC, Visibility.HIDDEN])
    mine = Exists(_rows_covering(user))
    return courses.filter(known).filter(~Q(visibility=Visibility.PRIVATE) | mine)


def course_once_at(user: Viewer, slug: str) -> Course | None:
    """The course that had this address before its present one, if this viewer may know of it."""
    return courses_visible_to(user).filter(old_slugs__slug=slug).first()


def lesson_once_at(user: Viewer, course_slug: str, slug: str) -> Lesson | None:
    """The published lesson that was found here before it or its course got another address, if they may know of it."""
    courses = courses_visible_to(user)
    course = courses.filter(slug=course_slug).first() or course_once_at(user, course_slug)
    lessons = Lesson.objects.published().filter(course=course).select_related("course")
    return lessons.filter(slug=slug).first() or lessons.filter(old_slugs__slug=slug).first()


def is_shown_after_sign_in(user: Viewer, slug: str) -> bool:
    """A visitor asks for a members-only course: signing in would show it, so say that instead of 404  [X-11]."""
    if user.is_authenticated:
        return False
    return Course.objects.published().filter(slug=slug, visibility=Visibility.MEMBERS_ONLY).exists()


def courses_listed_to(user: Viewer) -> QuerySet[Course]:
    """What the catalog and search show this viewer: nothing hidden, archived, draft or private."""
    listed = [Visibility.PUBLIC, Visibility.MEMBERS_ONLY] if user.is_authenticated else [Visibility.PUBLIC]
    return Course.objects.filter(
        visibility__in=listed,
        status__in=[CourseStatus.ACTIVE, CourseStatus.COMING_SOON, CourseStatus.LOCKED],
    )


def courses_open_to(user: User, now: datetime) -> QuerySet[Course]:
    """The courses this student may open now: `decide_course` as SQL. Staff hold no rights and get none here."""
    open_rows = _rows_covering(user).open_at(now)  # type: ignore[attr-defined] # the stubs know the queryset as a plain one
    longest = open_rows.order_by(F("expires_at").desc(nulls_first=True), "must_join", "pk")
    enrolled = CourseEnrollment.objects.filter(user=user, course=OuterRef("pk"))
    suspended = Suspension.objects.filter(user=user, course=OuterRef("pk"), lifted_at=None)
    return (
        Course.objects.exclude(status__in=[CourseStatus.DRAFT, CourseStatus.COMING_SOON])
        .annotate(must_join=longest.values("must_join")[:1])
        .filter(Q(must_join=False) | (Q(must_join=True) & Exists(enrolled)))
        .exclude(Exists(suspended))
        .exclude(Exists(_missing_links(user).filter(course=OuterRef("pk"))))
    )


def missing_prerequisites(user: Viewer, course: Course, *, by: datetime | None = None) -> QuerySet[Course]:
    """The courses to complete first, or to reach a score in: empty ones count as done, as do those in the trash
    [001, X-27, X-28].

    `by` asks for what was missing at a moment; scores and courses are as of today.
    """
    links = _missing_links(user, by=by).filter(course=course)
    return Course.objects.filter(pk__in=links.values("required")).order_by("title", "pk")


def _missing_links(user: Viewer, *, by: datetime | None = None) -> QuerySet[Prerequisite]:
    completed = Q(completed_at__isnull=False) if by is None else Q(completed_at__lte=by)
    mine = CourseEnrollment.objects.filter(completed, user=user.pk, course=OuterRef("required"))
    asked = Q(course__required_quiz_score__isnull=False, required__required_quiz_count__gt=0)
    reached = Coalesce(Subquery(mine.values("lowest_quiz_score")[:1]), 0)
    short = Q(reached__lt=F("course__required_quiz_score"))
    links = Prerequisite.objects.filter(required__lesson_count__gt=0, required__trashed_at=None).annotate(
        reached=reached
    )
    return links.filter(~Exists(mine) | (asked & short))


def tier_for(course: Course) -> Tier | None:
    """The tier that opens this course, or None when no tier does."""
    if course.required_level < 1:
        return None
    return Tier.objects.filter(level=course.required_level).first()


def tier_options() -> QuerySet[Tier, Any]:
    """The paid tiers as rows of the catalog's filter: kind, key, label, place."""
    tiers = Tier.objects.filter(level__gte=1).annotate(
        kind=Value("level"), key=Cast("level", CharField()), label=F("name"), place=F("level")
    )
    return tiers.values_list("kind", "key", "label", "place")


def _rows_covering(user: User) -> QuerySet[CourseAccess]:
    """This user's rows on the outer course, or a membership that reaches its level."""
    level = ExpressionWrapper(OuterRef("required_level"), PositiveSmallIntegerField())
    return (
        CourseAccess.objects.filter(user=user)
        .annotate(level=level)
        .filter(Q(course=OuterRef("pk")) | Q(level__gte=1, tier_level__gte=F("level")))
    )
