"""Courses: the list, the same as a table to keep, a new one, its settings, and the button that publishes it."""

from http import HTTPStatus
from typing import Any

import structlog
from django.contrib import messages
from django.db.models import ObjectDoesNotExist
from django.http import Http404, HttpResponse, HttpResponseBadRequest, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.http import StudentRequest
from catalog.course_saving import InTrash, SlugTaken, add_course, change_course, set_status
from catalog.editing import EditConflict, version_of
from catalog.models import Course, CourseStatus
from catalog.services import PrerequisiteCycle
from common.csv_rows import csv_response
from common.storages import StorageAway
from dashboard.changing import posted
from dashboard.course_settings import (
    Conflict,
    after_conflict,
    conflict_of,
    edit_of,
    facts_of,
    groups_of,
    pictures_of,
    settings_form,
)
from dashboard.course_words import METHOD_NAMES, STATUS_SAYS, STATUS_SIGNS, VISIBILITY_NAMES
from dashboard.forms.course_filters import CourseFilter
from dashboard.forms.courses import CourseForm, NewCourseForm
from dashboard.gates import edits_content, may_edit_content, staff_only
from dashboard.lists import page_of, query_of
from dashboard.lookups import course_named
from dashboard.publishing import tell_status
from dashboard.selectors.courses import CourseLine, all_course_lines, course_lines, courses_found

REFUSALS = (SlugTaken, PrerequisiteCycle, StorageAway)
# The field that a refusal belongs to; a storage that is away is nobody's fault.
REFUSED_AT: dict[type[Exception], str] = {SlugTaken: "slug", PrerequisiteCycle: "prerequisites"}
COLUMNS = (
    "Title", "Address", "Status", "Who finds it", "How students start", "Category", "Tags", "Lessons", "Students",
    "Completed", "Completed %", "Changed",
)  # fmt: skip

log = structlog.get_logger(__name__)


def course_here(slug: str) -> Course:
    """:raises Http404: for a course that is not there, or in the trash"""
    course = course_named(slug)
    if course is None:
        raise Http404
    return course


@require_safe
@staff_only
def course_list(request: StudentRequest) -> HttpResponse:
    """Every course that is not in the trash, fifty at a time; the address says what was asked for."""
    form = CourseFilter(request.GET)
    page = page_of(request, courses_found(form.wanted()))
    context = {
        "form": form,
        "page": page,
        "lines": course_lines(page.object_list),  # type: ignore[arg-type] # courses, sliced
        "query": query_of(request),
        "can_change": may_edit_content(request.user),
    }
    return render(request, "dashboard/courses/index.html", context)


@require_safe
@staff_only
def course_export(request: StudentRequest) -> StreamingHttpResponse:
    """All that the list found, on however many pages, as CSV."""
    wanted = CourseFilter(request.GET).wanted()
    log.info("courses_exported", by=request.user.pk, query=query_of(request))
    name = f"courses-{timezone.localdate():%Y-%m-%d}.csv"
    return csv_response(name, COLUMNS, map(_cells, all_course_lines(courses_found(wanted))))


def _cells(line: CourseLine) -> list[Any]:
    course = line.course
    words = [
        STATUS_SIGNS[CourseStatus(course.status)].text,
        VISIBILITY_NAMES[course.visibility],  # type: ignore[index] # a member equals its value
        METHOD_NAMES[course.enrollment_method],  # type: ignore[index] # as above
        course.category.name if course.category else "",
        ", ".join(line.tags),
    ]
    counts = [course.lesson_count, line.students, line.completed, line.completed_share]
    return [course.title, course.slug, *words, *counts, course.updated_at]


@require_http_methods(["GET", "POST"])
@edits_content
def course_add(request: StudentRequest) -> HttpResponse:
    """A new course: a draft with a name and an address."""
    form = NewCourseForm(posted(request))
    if form.is_valid():
        try:
            course = add_course(actor=request.user, **form.cleaned_data)
        except SlugTaken as refusal:
            form.add_error("slug", str(refusal))
        else:
            messages.success(request, f"{course} is a draft. Fill in what it is, then add its lessons in the outline.")
            return redirect("dashboard:course_edit", course.slug)
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.is_bound else HTTPStatus.OK
    return render(request, "dashboard/courses/add.html", {"form": form}, status=status)


@require_http_methods(["GET", "POST"])
@staff_only
def course_edit(request: StudentRequest, slug: str) -> HttpResponse:
    """The settings of a course: a form for who may change them, the same in words for other staff."""
    course = course_here(slug)
    if not may_edit_content(request.user):
        return _facts(request, course)
    form = settings_form(request, course)
    return _save(request, course, form) if form.is_valid() else _show(request, course, form)


def _facts(request: StudentRequest, course: Course) -> HttpResponse:
    context = {"course": course, "groups": facts_of(course), **_status_words(course)}
    status = HTTPStatus.FORBIDDEN if request.method == "POST" else HTTPStatus.OK
    return render(request, "dashboard/courses/facts.html", context, status=status)


def _save(request: StudentRequest, course: Course, form: CourseForm) -> HttpResponse:
    try:
        saved = change_course(
            course=course, version=form.cleaned_data["version"], edit=edit_of(form), actor=request.user
        )
    except EditConflict as refusal:
        return _conflict(request, course_here(refusal.current.slug), form)
    except ObjectDoesNotExist:
        raise Http404 from None
    except REFUSALS as refusal:
        form.add_error(REFUSED_AT.get(type(refusal)), str(refusal))
        return _show(request, course, form)
    form.drop_held()
    return _saved(request, saved)


def _saved(request: StudentRequest, course: Course) -> HttpResponse:
    messages.success(request, f"{course} is saved.")
    return redirect("dashboard:course_edit", course.slug)


def _conflict(request: StudentRequest, current: Course, form: CourseForm) -> HttpResponse:
    """409 with both versions; a form that was only sent twice has been saved."""
    conflict = conflict_of(form, current)
    if not conflict.differences:
        return _saved(request, current)
    return _show(request, current, after_conflict(form, current), conflict)


def _show(request: StudentRequest, course: Course, form: CourseForm, conflict: Conflict | None = None) -> HttpResponse:
    status = HTTPStatus.CONFLICT if conflict else HTTPStatus.UNPROCESSABLE_ENTITY if form.is_bound else HTTPStatus.OK
    context = {
        "course": course,
        "form": form,
        "groups": groups_of(form),
        "conflict": conflict,
        "pictures": pictures_of(form),
        "version": form.data.get("version", "") if form.is_bound else version_of(course),
        **_status_words(course),
    }
    return render(request, "dashboard/courses/settings.html", context, status=status)


def _status_words(course: Course) -> dict[str, Any]:
    status = CourseStatus(course.status)
    return {"sign": STATUS_SIGNS[status], "says": STATUS_SAYS[status], "is_draft": status == CourseStatus.DRAFT}


@require_POST
@edits_content
def course_publish(request: StudentRequest, slug: str) -> HttpResponse:
    """Give the course the status the button names, with Undo."""
    course, status = course_here(slug), request.POST.get("status", "")
    if status not in CourseStatus:
        return HttpResponseBadRequest("There is no such status.")
    try:
        before = set_status(course=course, status=status, actor=request.user)
    except InTrash:
        raise Http404 from None
    tell_status(request, course, before=before, status=status, now=timezone.now())
    return redirect(reverse("dashboard:course_edit", args=[course.slug]))
