"""How courses do: all of them in one table, and one of them step by step. Staff are in none of it  [X-48]."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, F, FilteredRelation, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce, Lower

from access.models import CourseEnrollment
from catalog.models import Course, Lesson
from common.percentages import percent
from dashboard.selectors.figures import MONTH, staff_ids
from progress.models import CourseProgress, LessonProgress

SHARES = (25, 50, 75)
COMPLETED = Q(completed_at__isnull=False)


@dataclass(frozen=True)
class CourseLine:
    """A course in numbers. `average` is the mean progress of all who joined, in whole per cent."""

    slug: str
    title: str
    joined: int
    active: int
    average: int
    completed: int

    @property
    def rate(self) -> int:
        return percent(self.completed, self.joined)


@dataclass(frozen=True)
class Step:
    """How many students came this far."""

    label: str
    students: int


@dataclass(frozen=True)
class LessonLine:
    """How many students completed a lesson."""

    lesson: Lesson
    number: int
    students: int


def course_lines(now: datetime) -> list[CourseLine]:
    """Every course that is not in the trash: three queries, of which one reads all who joined."""
    counts = {row["course"]: row for row in _counts(now)}
    courses = Course.objects.kept().only("title", "slug", "lesson_count").order_by(Lower("title"), "pk")
    return [_line(course, counts.get(course.pk, {})) for course in courses]


def _counts(now: datetime) -> Iterable[Mapping[str, Any]]:
    """Of those who joined, begun or not; who only looked into a preview has a counter too, and is not here."""
    mine = FilteredRelation("user__course_progress", condition=Q(user__course_progress__course=F("course")))
    joined = CourseEnrollment.objects.exclude(user__in=staff_ids()).annotate(mine=mine).order_by()
    return joined.values("course").annotate(
        joined=Count("*"),
        completed=Count("completed_at"),
        lessons=Coalesce(Sum("mine__completed_lessons"), 0),
        active=Count("mine__pk", Q(mine__last_active_at__gte=now - MONTH)),
    )


def _line(course: Course, counts: Mapping[str, Any]) -> CourseLine:
    joined = counts.get("joined", 0)
    return CourseLine(
        course.slug,
        course.title,
        joined,
        counts.get("active", 0),
        percent(counts.get("lessons", 0), joined * course.lesson_count),
        counts.get("completed", 0),
    )


def funnel_of(course: Course) -> list[Step]:
    """Joined, started, a quarter, half, three quarters, all: each holds those after it. Two queries."""
    reached = {f"reached_{share}": _reached(share * course.lesson_count) for share in SHARES}
    found = with_counters(course).aggregate(
        joined=Count("pk"),
        started=Count("pk", Q(done__isnull=False) | COMPLETED),
        completed=Count("pk", COMPLETED),
        **{name: Count("pk", condition) for name, condition in reached.items()},
    )
    steps = [Step("Joined", found["joined"]), Step("Started", found["started"])]
    steps += [Step(f"{share} %", found[f"reached_{share}"]) for share in SHARES]
    return [*steps, Step("100 %", found["completed"])]


def with_counters(course: Course) -> QuerySet[CourseEnrollment]:
    """Who joined a course, each with how many lessons they have `done`; None for who began none."""
    counters = CourseProgress.objects.filter(user=OuterRef("user"), course=course).values("completed_lessons")
    joined = CourseEnrollment.objects.filter(course=course).exclude(user__in=staff_ids())
    return joined.annotate(done=Subquery(counters))


def _reached(hundredths: int) -> Q:
    """Done so many lessons, in hundredths; of a course without lessons nobody has done a share."""
    lessons = -(-hundredths // 100)
    return (Q(done__gte=lessons) | COMPLETED) if lessons else COMPLETED


def lesson_lines(course: Course) -> list[LessonLine]:
    """The published lessons in reading order, and how many students completed each: three queries."""
    done = LessonProgress.objects.filter(lesson__course=course, completed_at__isnull=False)
    counted = done.exclude(user__in=staff_ids()).order_by().values("lesson").annotate(students=Count("pk"))
    students = {row["lesson"]: row["students"] for row in counted}
    lessons = Lesson.objects.filter(course=course).published().in_reading_order().only("title", "slug", "course")
    found = [LessonLine(lesson, number, students.get(lesson.pk, 0)) for number, lesson in enumerate(lessons, start=1)]
    for line in found:
        line.lesson.course = course  # known already: an address of a lesson names its course
    return found
