"""The list of courses: found, filtered and sorted in SQL, and what its columns say of the few that are shown."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce, Lower

from access.models import CourseAccess, CourseEnrollment
from catalog.models import Category, Course, Tag
from common.aggregates import JSONList
from common.percentages import percent

BATCH = 200
LONG_TEXTS = ("description", "description_html", "instructor_bio", "search_text")
ORDERS: dict[str, list[Any]] = {
    "changed": ["-updated_at", "-pk"],
    "title": [Lower("title"), "pk"],
    "newest": ["-created_at", "-pk"],
    "place": ["display_order", Lower("title"), "pk"],
    "students": ["-student_count", Lower("title"), "pk"],
}


@dataclass(frozen=True)
class WantedCourses:
    """Which courses: every part may be empty."""

    words: str = ""
    status: str = ""
    visibility: str = ""
    category: Category | None = None
    tag: Tag | None = None
    method: str = ""
    order: str = "changed"


@dataclass(frozen=True)
class CourseLine:
    """A course as the list shows it; its tags are slugs."""

    course: Course
    tags: list[str]
    students: int
    completed: int

    @property
    def completed_share(self) -> int:
        return percent(self.completed, self.students)


def courses_found(wanted: WantedCourses) -> QuerySet[Course]:
    """The courses somebody looks for, in their order; none of the trash."""
    courses = Course.objects.kept()
    for word in wanted.words.split():
        courses = courses.filter(Q(title__icontains=word) | Q(slug__icontains=word))
    exact = {
        "status": wanted.status,
        "visibility": wanted.visibility,
        "category": wanted.category,
        "tags": wanted.tag,
        "enrollment_method": wanted.method,
    }
    courses = courses.filter(**{name: value for name, value in exact.items() if value})
    if wanted.order == "students":
        taken = CourseEnrollment.objects.filter(course=OuterRef("pk")).order_by().values("course")
        courses = courses.annotate(student_count=Coalesce(Subquery(taken.annotate(n=Count("*")).values("n")), 0))
    return courses.order_by(*ORDERS[wanted.order])


def course_lines(courses: QuerySet[Course]) -> list[CourseLine]:
    """The columns of these courses, in their order: two queries, however many."""
    tags = Tag.objects.filter(courses=OuterRef("pk")).order_by().values("courses")
    named = tags.annotate(slugs=JSONList("slug")).values("slugs")
    rows = list(courses.annotate(tag_slugs=named).select_related("category").defer(*LONG_TEXTS))
    taken = CourseEnrollment.objects.filter(course__in=[row.pk for row in rows]).order_by().values("course")
    counts = {
        row["course"]: (row["students"], row["completed"])
        for row in taken.annotate(students=Count("pk"), completed=Count("completed_at"))
    }
    return [CourseLine(row, sorted(row.tag_slugs or []), *counts.get(row.pk, (0, 0))) for row in rows]


def all_course_lines(courses: QuerySet[Course]) -> Iterator[CourseLine]:
    """The same of all of them, some at a time, for a table that is sent while it is read."""
    ids = list(courses.values_list("pk", flat=True))
    for start in range(0, len(ids), BATCH):
        some = ids[start : start + BATCH]
        lines = {line.course.pk: line for line in course_lines(Course.objects.filter(pk__in=some))}
        yield from (lines[pk] for pk in some if pk in lines)


def categories_to_choose() -> QuerySet[Category]:
    return Category.objects.order_by("order", "name")


def tags_to_choose() -> QuerySet[Tag]:
    return Tag.objects.order_by("slug")


@dataclass(frozen=True)
class Ties:
    """What hangs on a course: how many take it, finished it, hold access to it, and the names of what contains it."""

    students: int
    completed: int
    holders: int
    needed_by: list[str]
    bundles: list[str]
    paths: list[str]
    cohorts: list[str]

    @property
    def groups(self) -> list[str]:
        """What contains it, with its kind."""
        kinds = (("bundle", self.bundles), ("learning path", self.paths), ("cohort", self.cohorts))
        return [f"the {kind} “{name}”" for kind, names in kinds for name in names]


def ties_of(course: Course) -> Ties:
    """What a course is to others: six queries."""
    taken = CourseEnrollment.objects.filter(course=course)
    counts = taken.aggregate(students=Count("pk"), completed=Count("completed_at"))
    return Ties(
        **counts,
        holders=CourseAccess.objects.filter(course=course).aggregate(n=Count("user", distinct=True))["n"],
        needed_by=_names(Course.objects.kept().filter(prerequisite_links__required=course), "title"),
        bundles=_names(course.bundle_entries.all(), "bundle__name"),
        paths=_names(course.path_steps.all(), "path__title"),
        cohorts=_names(course.cohorts.all(), "name"),
    )


def _names(rows: QuerySet[Any], field: str) -> list[str]:
    return list(rows.order_by(F(field)).values_list(field, flat=True).distinct())
