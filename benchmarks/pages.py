"""The pages of the site that are measured, with the people who visit them."""

import json
from collections.abc import Iterator
from itertools import islice

from django.conf import settings
from django.urls import reverse

from access.models import CourseEnrollment
from benchmarks.calls import Call, Page
from benchmarks.sessions import SESSIONS, session_key
from benchmarks.sizes import Size
from catalog.models import Course
from progress.models import LessonProgress, LessonStatus

VISITS = 40
REPORT = json.dumps({"timestamp": 35.5, "ranges": [[30, 45]], "duration": 600}).encode()
FORM = "application/x-www-form-urlencoded"


def pages_of(size: Size) -> list[Page]:
    return [*_visitor_pages(size), *_student_pages(size), *_lesson_pages(size), *_writes(size)]


def _cookies(student: int) -> dict[str, str]:
    return {settings.SESSION_COOKIE_NAME: session_key(student)}


def _course_url(course: int) -> str:
    return reverse("course_detail", args=[f"course-{course}"])


def _lesson_url(course: int, number: int) -> str:
    return reverse("lesson_detail", args=[f"course-{course}", f"lesson-{number}"])


def _visitor_pages(size: Size) -> list[Page]:
    catalog = Call(reverse("course_list"))
    sales = [Call(_course_url(course)) for course in range(1, VISITS + 1)]
    return [
        Page("catalog, visitor, uncached", [catalog], is_cold=True),
        Page("catalog, visitor, cached", [catalog] * VISITS),
        Page("course, visitor", sales, few=Call(_course_url(size.short_course)), many=sales[0]),
        Page("log-in page", [Call(reverse("account_login"))] * VISITS),
    ]


def _student_pages(size: Size) -> list[Page]:
    short, long = f"course-{size.short_course}", "course-1"
    few, many = _cookies(size.beginner), _cookies(size.collector)
    taken = list(_taken())
    mine = [Call(reverse("course_progress", args=[slug]), cookies=_cookies(student)) for student, slug in taken]
    dashboards = [Call(reverse("my_dashboard"), cookies=_cookies(student)) for student, _ in taken]
    return [
        Page(
            "course, enrolled",
            [Call(reverse("course_detail", args=[slug]), cookies=_cookies(student)) for student, slug in taken],
            few=Call(reverse("course_detail", args=[short]), cookies=few),
            many=Call(reverse("course_detail", args=[long]), cookies=many),
        ),
        Page(
            "my dashboard",
            dashboards,
            few=Call(reverse("my_dashboard"), cookies=few),
            many=Call(reverse("my_dashboard"), cookies=many),
        ),
        Page(
            "my course progress",
            mine,
            few=Call(reverse("course_progress", args=[short]), cookies=few),
            many=Call(reverse("course_progress", args=[long]), cookies=many),
        ),
    ]


def _taken() -> Iterator[tuple[int, str]]:
    """One course of each of the first students."""
    rows = CourseEnrollment.objects.filter(user__lte=SESSIONS).order_by("course_id", "user_id")
    students: set[int] = set()
    for student, slug in rows.values_list("user_id", "course__slug"):
        if student not in students and len(students) < VISITS:
            students.add(student)
            yield student, slug


def _lesson_pages(size: Size) -> list[Page]:
    begun = _begun()
    refused = [Call(_lesson_url(course, 2), cookies=_cookies(student), status=403) for student, course in _outsiders()]
    return [
        Page(
            "lesson",
            [Call(row.lesson.get_absolute_url(), cookies=_cookies(row.user_id)) for row in begun],
            few=Call(_lesson_url(size.short_course, 2), cookies=_cookies(size.beginner)),
            many=Call(_lesson_url(1, 2), cookies=_cookies(size.collector)),
        ),
        Page("lesson, refused", refused),
    ]


def _begun() -> list[LessonProgress]:
    """The lesson each of the first students is in."""
    rows = LessonProgress.objects.filter(user__lte=SESSIONS, status=LessonStatus.IN_PROGRESS)
    first = {row.user_id: row for row in rows.select_related("lesson__course").order_by("-course_id", "-pk")}
    return list(islice(first.values(), VISITS))


def _outsiders() -> Iterator[tuple[int, int]]:
    """Students, each with a course they do not take."""
    courses = list(Course.objects.order_by("pk").values_list("pk", flat=True)[:VISITS])
    for student in range(1, VISITS + 1):
        taken = set(CourseEnrollment.objects.filter(user=student).values_list("course_id", flat=True))
        yield student, next(course for course in courses if course not in taken)


def _writes(size: Size) -> list[Page]:
    begun = _begun()
    outsiders = [(student, course * 30 - 28) for student, course in _outsiders()]
    few, many = (_second_lesson(course) for course in (size.short_course, 1))
    return [
        Page(
            "progress call",
            [_report(row.user_id, row.lesson_id) for row in begun],
            few=_report(size.beginner, few),
            many=_report(size.collector, many),
        ),
        Page("progress call, refused", [_report(student, lesson, status=403) for student, lesson in outsiders]),
        Page(
            "complete, by call",
            [_complete(row) for row in begun],
            undo=[_complete_form(row, "false") for row in begun],
        ),
        Page(
            "complete, by form",
            [_complete_form(row, "true") for row in begun],
            undo=[_complete_form(row, "false") for row in begun],
        ),
    ]


def _second_lesson(course: int) -> int:
    return Course.objects.get(pk=course).lessons.get(slug="lesson-2").pk


def _report(student: int, lesson: int, *, status: int = 200) -> Call:
    return Call(f"/api/lessons/{lesson}/progress/", "POST", REPORT, cookies=_cookies(student), status=status)


def _complete(row: LessonProgress) -> Call:
    return Call(f"/api/lessons/{row.lesson_id}/complete/", "POST", b"{}", cookies=_cookies(row.user_id))


def _complete_form(row: LessonProgress, completed: str) -> Call:
    address = reverse("lesson_complete", args=[row.lesson.course.slug, row.lesson.slug])
    body = f"completed={completed}".encode()
    return Call(address, "POST", body, FORM, cookies=_cookies(row.user_id), status=302)
