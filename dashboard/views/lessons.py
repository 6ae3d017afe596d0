"""Lessons of all courses: the list, the same as a table to keep, and the editor."""

from http import HTTPStatus
from typing import Any

from django.contrib import messages
from django.http import HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from accounts.http import StudentRequest
from catalog.editing import EditConflict
from catalog.lesson_saving import SlugTaken, add_lesson, change_lesson
from catalog.models import Lesson
from catalog.video_check import VideoCheck, check_video
from common.csv_rows import csv_response
from common.durations import format_clock
from common.storages import StorageAway
from dashboard.forms.lesson_filters import ChooseCourseForm, LessonFilter
from dashboard.gates import edits_content, may_edit_content, staff_only
from dashboard.lesson_conflict import Conflict, after_conflict, conflict_of
from dashboard.lesson_editing import Editor, editor_of
from dashboard.lesson_preview import shown_in
from dashboard.lists import page_of, query_of
from dashboard.lookups import course_asked
from dashboard.selectors.lessons import all_columns, columns_of, kept_lessons, lessons_found, neighbours_of

COLUMNS = ("Course", "Module", "Lesson", "Address", "Type", "Length", "Captions", "Preview", "Published")


@require_safe
@staff_only
def index(request: StudentRequest) -> HttpResponse:
    """Every lesson, fifty at a time; the address says what was asked for."""
    form = LessonFilter(request.GET)
    page = page_of(request, lessons_found(form.wanted()))
    can_edit = may_edit_content(request.user)
    lessons = columns_of(page.object_list)
    context = {"form": form, "page": page, "lessons": lessons, "query": query_of(request), "can_edit": can_edit}
    return render(request, "dashboard/lessons/index.html", context)


@require_safe
@staff_only
def export(request: StudentRequest) -> StreamingHttpResponse:
    """All that the list found, as CSV."""
    lessons = all_columns(lessons_found(LessonFilter(request.GET).wanted()))
    name = f"lessons-{timezone.localdate():%Y-%m-%d}.csv"
    return csv_response(name, COLUMNS, map(_cells, lessons))


def _cells(lesson: Lesson) -> list[Any]:
    length = format_clock(lesson.video_duration_seconds) if lesson.video_duration_seconds else ""
    marks = [getattr(lesson, "has_captions"), lesson.is_preview, lesson.is_published]  # noqa: B009 - an annotation
    words = ["yes" if mark else "no" for mark in marks]
    module = lesson.module.title if lesson.module else ""
    return [lesson.course.title, module, lesson.title, lesson.slug, lesson.get_lesson_type_display(), length, *words]


@require_http_methods(["GET", "POST"])
@edits_content
def add(request: StudentRequest) -> HttpResponse:
    """Write a new lesson of the course that the address names; without one, ask for which course."""
    if request.method == "GET" and not request.GET.get("course"):
        return render(request, "dashboard/lessons/choose_course.html", {"form": ChooseCourseForm()})
    course = course_asked(request)
    start = {"module": request.GET.get("module", ""), "completion_threshold": 90}
    editor = editor_of(request, course, None, **start)
    if request.method == "POST" and editor.is_valid():
        try:
            lesson = add_lesson(course=course, edit=editor.edit(), actor=request.user)
        except (SlugTaken, StorageAway) as refusal:
            editor.refuse(refusal)
        else:
            editor.drop_held()
            messages.success(request, f"{lesson.title} is saved.")
            return redirect("dashboard:lesson_edit", lesson.pk)
    return _page(request, editor)


@require_http_methods(["GET", "POST"])
@edits_content
def edit(request: StudentRequest, lesson_id: int) -> HttpResponse:
    """Change a lesson; who saves second sees what the first one saved."""
    lessons = kept_lessons() if request.method == "GET" else Lesson.objects.filter(course__trashed_at=None)
    lesson = get_object_or_404(lessons.select_related("course", "module"), pk=lesson_id)
    editor = editor_of(request, lesson.course, lesson)
    if request.method == "POST" and editor.is_valid():
        version = editor.form.cleaned_data["version"]
        try:
            saved = change_lesson(lesson=lesson, version=version, edit=editor.edit(), actor=request.user)
        except (SlugTaken, StorageAway) as refusal:
            editor.refuse(refusal)
        except EditConflict as conflict:
            return _conflict(request, editor, Lesson.objects.select_related("course").get(pk=conflict.current.pk))
        else:
            return _saved(request, editor, saved, lesson.slug)
    return _page(request, editor)


def _saved(request: StudentRequest, editor: Editor, lesson: Lesson, old_slug: str) -> HttpResponse:
    editor.drop_held()
    moved = "" if lesson.slug == old_slug else " Its old address leads to the new one."
    messages.success(request, f"{lesson.title} is saved.{moved}")
    return redirect("dashboard:lesson_edit", lesson.pk)


def _conflict(request: StudentRequest, editor: Editor, current: Lesson) -> HttpResponse:
    found = conflict_of(editor, current)
    if found.is_settled:
        return _saved(request, editor, current, current.slug)
    return _page(request, after_conflict(request, editor, current), conflict=found)


def _page(request: StudentRequest, editor: Editor, conflict: Conflict | None = None) -> HttpResponse:
    status = HTTPStatus.OK
    if conflict:
        status = HTTPStatus.CONFLICT
    elif editor.form.is_bound:
        editor.keep_files()
        status = HTTPStatus.UNPROCESSABLE_ENTITY
    context = {
        "editor": editor,
        "course": editor.course,
        "lesson": editor.lesson,
        "form": editor.form,
        "materials": editor.materials,
        "conflict": conflict,
        "shown": shown_in(editor, timezone.now()),
        "video_check": _check_of(editor),
        "around": neighbours_of(editor.lesson) if editor.lesson else None,
    }
    return render(request, "dashboard/lessons/edit.html", context, status=status)


def _check_of(editor: Editor) -> VideoCheck | None:
    """What the address in the form is; what was refused is said at its field."""
    pasted = str(editor.form["video_url"].value() or "")
    return check_video(pasted) if pasted and "video_url" not in editor.form.errors else None
