"""Reads: what a viewer holds, the decision for it, and the same decision as SQL for lists."""

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
    Value,
)
from django.db.models.functions import Cast, JSONObject

from access.decisions import Decision, Standing, decide_course, decide_lesson
from access.models import CourseAccess, CourseEnrollment, Suspension, Tier
from accounts.http import Viewer
from accounts.models import User
from catalog.models import Course, CourseStatus, Lesson, Visibility


def with_viewer(courses: QuerySet[Course], user: Viewer) -> QuerySet[Course]:
    """Let each course carry the viewer's flags and its tier's price, so that a page pays one query for all."""
    tier = Tier.objects.filter(level=OuterRef("required_level"))
    courses = courses.annotate(
        tier=tier.values(data=JSONObject(name="name", yearly="price_yearly_minor", currency="currency"))[:1]
    )
    if not user.is_authenticated:
        return courses
    return courses.annotate(**_viewer_flags(user, "pk"))


def lesson_for_viewer(lessons: QuerySet[Lesson], user: Viewer) -> Lesson:
    """Get the one lesson with its course, which carries the viewer's flags.

    :raises Lesson.DoesNotExist: if the queryset is empty
    """
    lessons = lessons.select_related("course")
    if not user.is_authenticated:
        return lessons.get()
    lesson = lessons.annotate(**_viewer_flags(user, "course_id")).get()
    for flag in FLAGS:
        setattr(lesson.course, flag, getattr(lesson, flag))
    return lesson


FLAGS = ("viewer_id", "viewer_is_enrolled", "viewer_is_suspended")


def _viewer_flags(user: User, course_ref: str) -> dict[str, Value | Exists]:
    """The flags name their viewer, so that they never speak for anybody else."""
    enrolled = CourseEnrollment.objects.filter(user=user, course=OuterRef(course_ref))
    suspended = Suspension.objects.filter(user=user, course=OuterRef(course_ref), lifted_at=None)
    return dict(zip(FLAGS, (Value(user.pk), Exists(enrolled), Exists(suspended)), strict=True))


def standing_of(user: Viewer, course: Course) -> Standing:
    """Load what this viewer holds in one course: one query if the course came with the viewer's flags, else two."""
    if not user.is_authenticated:
        return Standing(user, course)
    flags = _flags_on(course, user)
    if flags is None:
        flags = list(Course.objects.annotate(**_viewer_flags(user, "pk")).values_list(*FLAGS[1:]).get(pk=course.pk))
    return Standing(user, course, tuple(CourseAccess.objects.filter(user=user).for_course(course)), *flags)


def _flags_on(course: Course, user: User) -> list[bool] | None:
    """The flags the course came with, if they are this viewer's."""
    if getattr(course, "viewer_id", None) != user.pk:
        return None
    return [getattr(course, flag) for flag in FLAGS[1:]]


def is_loaded_as_enrolled(course: Course, user: User) -> bool:
    """True if the course came with this viewer's flags and they say so; False is "not known"."""
    flags = _flags_on(course, user)
    return flags is not None and flags[0]


def course_for_viewer(user: Viewer, slug: str) -> Course | None:
    """The course this viewer may know of, with category, flags and tier; None if there is none."""
    return with_viewer(courses_visible_to(user), user).select_related("category").filter(slug=slug).first()


def standings_of(user: Viewer, courses: QuerySet[Course]) -> list[Standing]:
    """Load what this viewer holds in each of these courses, in their order: two queries, however many courses."""
    found = list(with_viewer(courses, user))
    if not user.is_authenticated:
        return [Standing(user, course) for course in found]
    ids = [course.pk for course in found]
    rows = list(CourseAccess.objects.filter(user=user).filter(Q(course__in=ids) | Q(tier_level__gte=1)))
    return [
        Standing(
            user,
            course,
            tuple(row for row in rows if _covers(row, course)),
            *(getattr(course, flag) for flag in FLAGS[1:]),
        )
        for course in found
    ]


def course_decision(user: Viewer, course: Course, now: datetime) -> Decision:
    """Decide whether the viewer may open the course at this moment."""
    return decide_course(standing_of(user, course), now)


def lesson_decision(user: Viewer, lesson: Lesson, now: datetime) -> Decision:
    """Decide whether the viewer may open the lesson at this moment."""
    return decide_lesson(standing_of(user, lesson.course), lesson, now)


def has_course_access(user: User, course: Course, now: datetime) -> tuple[bool, CourseAccess | None, str]:
    """The decision in the seed's words: (has_access, access_record, reason)  [001]."""
    decision = course_decision(user, course, now)
    return decision.is_allowed, decision.access, decision.code.value


def courses_visible_to(user: Viewer) -> QuerySet[Course]:
    """Every course whose page this viewer may see; a foreign one is a 404 without a branch."""
    courses = Course.objects.all()
    if user.is_authenticated and user.is_staff:
        return courses
    known = ~Q(status=CourseStatus.DRAFT)
    if not user.is_authenticated:
        return courses.filter(known, visibility__in=[Visibility.PUBLIC, Visibility.HIDDEN])
    mine = Exists(_rows_covering(user))
    return courses.filter(known).filter(~Q(visibility=Visibility.PRIVATE) | mine)


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
    )


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


def _covers(row: CourseAccess, course: Course) -> bool:
    if row.course_id is not None:
        return row.course_id == course.pk
    return 1 <= course.required_level <= (row.tier_level or 0)
