"""The search of the whole dashboard: the first few of each kind that hold every word, a query for each kind."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar
from urllib.parse import urlencode

from django.db.models import Model, Q, QuerySet
from django.urls import reverse

from access.models import Bundle, Cohort, LearningPath
from accounts.models import User
from catalog.models import Course, CourseStatus, Lesson
from dashboard.course_words import STATUS_SIGNS
from dashboard.selectors.students import Wanted, students_found

SHOWN = 5
LONGEST = 100
Row = TypeVar("Row", bound=Model)


@dataclass(frozen=True)
class Hit:
    """A line: what it is called, where it leads, and what tells it from others."""

    name: str
    address: str
    note: str = ""


@dataclass(frozen=True)
class Group:
    """What was found of one kind; `more` leads to the list of all of it."""

    title: str
    hits: list[Hit]
    more: str
    has_more: bool


def words_of(text: str) -> str:
    """What is looked for, as a database takes it, and not without end."""
    return " ".join(text.replace("\x00", " ").encode("utf-8", "ignore").decode().split())[:LONGEST].strip()


def found_everywhere(words: str, now: datetime, *, may_edit: bool) -> list[Group]:
    """The kinds of which something was found, each with its first few; lessons lead to their editor who may edit."""
    students = students_found(Wanted(words=words, order="name"), now)
    courses = _holding(Course.objects.kept().only("title", "slug", "status"), words, "title", "slug")
    lessons = _holding(Lesson.objects.kept(), words, "title", "slug").select_related("course")
    lessons = lessons.only("title", "slug", "course__title", "course__slug")
    cohorts = _holding(Cohort.objects.all(), words, "name")
    bundles = _holding(Bundle.objects.defer("description"), words, "name", "slug")
    paths = _holding(LearningPath.objects.defer("description"), words, "title", "slug")
    groups = (
        _group("Students", students, _student, _list("student_list", words)),
        _group("Courses", courses, _course, _list("course_list", words)),
        _group("Lessons", lessons, _edited if may_edit else _lesson, _list("lesson_list", words)),
        _group("Cohorts", cohorts, _cohort, _list("cohort_list", words)),
        _group("Bundles", bundles, _bundle, _list("bundle_list", words)),
        _group("Paths", paths, _path, _list("path_list", words)),
    )
    return [group for group in groups if group.hits]


def _holding(rows: QuerySet[Row], words: str, *fields: str) -> QuerySet[Row]:
    """The rows that hold every word in one of the fields, by the first of these."""
    for word in words.split():
        condition = Q()
        for field in fields:
            condition |= Q(**{f"{field}__icontains": word})
        rows = rows.filter(condition)
    return rows.order_by(fields[0], "pk")


def _group(title: str, rows: QuerySet[Row], hit: Callable[[Row], Hit], more: str) -> Group:
    found = [hit(row) for row in rows[: SHOWN + 1]]
    return Group(title, found[:SHOWN], more, has_more=len(found) > SHOWN)


def _list(name: str, words: str) -> str:
    return f"{reverse(f'dashboard:{name}')}?{urlencode({'q': words})}"


def _student(student: User) -> Hit:
    return Hit(student.display_name, reverse("dashboard:student_detail", args=[student.pk]), student.email)


def _course(course: Course) -> Hit:
    return Hit(
        course.title,
        reverse("dashboard:course_edit", args=[course.slug]),
        STATUS_SIGNS[CourseStatus(course.status)].text,
    )


def _lesson(lesson: Lesson) -> Hit:
    return Hit(lesson.title, lesson.get_absolute_url(), lesson.course.title)


def _edited(lesson: Lesson) -> Hit:
    return Hit(lesson.title, reverse("dashboard:lesson_edit", args=[lesson.pk]), lesson.course.title)


def _cohort(cohort: Cohort) -> Hit:
    return Hit(cohort.name, reverse("dashboard:cohort_detail", args=[cohort.pk]))


def _bundle(bundle: Bundle) -> Hit:
    return Hit(bundle.name, reverse("dashboard:bundle_detail", args=[bundle.pk]))


def _path(path: LearningPath) -> Hit:
    return Hit(path.title, reverse("dashboard:path_detail", args=[path.pk]))
