"""The builder: what is done to one lesson of an outline."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from accounts.http import StudentRequest
from catalog.arranging import Moved, NoSuchPlace, OutlineChanged, Place, arrangement_of, move_lesson, step_lesson
from catalog.models import Lesson, Module
from catalog.outline import add_lesson, duplicate_lesson, publish_lesson, rename_lesson
from catalog.trash import trash_lesson
from dashboard.changing import posted
from dashboard.forms.outline import LessonPlaceForm, NewLessonForm, TitleForm
from dashboard.gates import edits_content
from dashboard.outline_pages import conflict_page, course_to_build, form_page, lesson_to_build, tell
from dashboard.outlining import (
    outline_address,
    place_in_words,
    tell_lesson_moved,
    tell_published,
    tell_trashed,
)


@require_http_methods(["GET", "POST"])
@edits_content
def outline_lesson_add(request: StudentRequest, slug: str) -> HttpResponse:
    """Add a lesson at the end of a module; students see it when it is published."""
    course = course_to_build(slug)
    form = NewLessonForm(posted(request), course=course, initial={"module": request.GET.get("module")})
    if not form.is_valid():
        return form_page(request, course, form, "Add a lesson", "Add lesson")
    said = form.cleaned_data
    try:
        lesson = add_lesson(
            course=course,
            module_id=_id(said["module"]),
            title=said["title"],
            lesson_type=said["lesson_type"],
            actor=request.user,
        )
    except NoSuchPlace:
        return conflict_page(request, course, f"Add {said['title']} to {said['module']}")
    tell(request, f"{lesson} is added. Students see it when it is published.")
    return redirect(outline_address(course, f"lesson-{lesson.pk}"))


def _id(module: Module | None) -> int | None:
    return module.pk if module else None


@require_http_methods(["GET", "POST"])
@edits_content
def outline_lesson_rename(request: StudentRequest, slug: str, lesson_id: int) -> HttpResponse:
    """Give a lesson another title; its address stays."""
    lesson = lesson_to_build(slug, lesson_id)
    form = TitleForm(posted(request), initial={"title": lesson.title})
    if not form.is_valid():
        says = ("Its address stays, so links to it hold.",)
        return form_page(request, lesson.course, form, f"Rename {lesson}", "Save", says=says)
    try:
        renamed = rename_lesson(lesson=lesson, title=form.cleaned_data["title"], actor=request.user)
    except OutlineChanged:
        return conflict_page(request, lesson.course, f"Rename {lesson}")
    tell(request, f"{renamed} is saved.")
    return _back_to(lesson)


@require_POST
@edits_content
def outline_lesson_up(request: StudentRequest, slug: str, lesson_id: int) -> HttpResponse:
    return _step(request, lesson_to_build(slug, lesson_id), -1)


@require_POST
@edits_content
def outline_lesson_down(request: StudentRequest, slug: str, lesson_id: int) -> HttpResponse:
    return _step(request, lesson_to_build(slug, lesson_id), 1)


def _step(request: StudentRequest, lesson: Lesson, by: int) -> HttpResponse:
    version = request.POST.get("version", "")
    try:
        moved = step_lesson(lesson=lesson, by=by, version=version, actor=request.user)
    except OutlineChanged:
        return conflict_page(request, lesson.course, f"Move {lesson} {'up' if by < 0 else 'down'}")
    return _moved(request, lesson, moved)


@require_http_methods(["GET", "POST"])
@edits_content
def outline_lesson_move(request: StudentRequest, slug: str, lesson_id: int) -> HttpResponse:
    """Put a lesson into a module, at a position."""
    lesson = lesson_to_build(slug, lesson_id)
    found = arrangement_of(lesson.course)
    initial = {"module": lesson.module_id, "version": found.version}
    form = LessonPlaceForm(posted(request), course=lesson.course, initial=initial)
    if not form.is_valid():
        return form_page(request, lesson.course, form, f"Move {lesson}", "Move lesson")
    module, position = form.cleaned_data["module"], form.cleaned_data["position"]
    to, version = Place(_id(module), position), form.cleaned_data["version"]
    try:
        moved = move_lesson(lesson=lesson, to=to, version=version, actor=request.user)
    except (OutlineChanged, NoSuchPlace):
        where = f"to position {position}" if position else "to the end"
        return conflict_page(request, lesson.course, f"Move {lesson} {where} of {module or 'no module'}")
    return _moved(request, lesson, moved)


def _moved(request: StudentRequest, lesson: Lesson, moved: Moved) -> HttpResponse:
    if moved.is_elsewhere:
        tell_lesson_moved(request, lesson, moved, timezone.now())
    else:
        messages.info(request, f"{lesson} is at {place_in_words(moved)} already.")
    return _back_to(lesson)


@require_POST
@edits_content
def outline_lesson_duplicate(request: StudentRequest, slug: str, lesson_id: int) -> HttpResponse:
    """Copy a lesson, right behind it."""
    lesson = lesson_to_build(slug, lesson_id)
    try:
        copy = duplicate_lesson(lesson=lesson, actor=request.user)
    except OutlineChanged:
        return conflict_page(request, lesson.course, f"Duplicate {lesson}")
    tell(request, f"{copy} stands behind {lesson}, unpublished.")
    return _back_to(copy)


@require_POST
@edits_content
def outline_lesson_publish(request: StudentRequest, slug: str, lesson_id: int) -> HttpResponse:
    return _publish(request, lesson_to_build(slug, lesson_id), is_published=True)


@require_POST
@edits_content
def outline_lesson_unpublish(request: StudentRequest, slug: str, lesson_id: int) -> HttpResponse:
    return _publish(request, lesson_to_build(slug, lesson_id), is_published=False)


def _publish(request: StudentRequest, lesson: Lesson, *, is_published: bool) -> HttpResponse:
    try:
        publish_lesson(lesson=lesson, is_published=is_published, actor=request.user)
    except OutlineChanged:
        return conflict_page(request, lesson.course, f"{'Publish' if is_published else 'Unpublish'} {lesson}")
    tell_published(request, lesson, timezone.now(), is_published=is_published)
    return _back_to(lesson)


@require_POST
@edits_content
def outline_lesson_delete(request: StudentRequest, slug: str, lesson_id: int) -> HttpResponse:
    """Put a lesson into the trash."""
    lesson = lesson_to_build(slug, lesson_id)
    now = timezone.now()
    trash_lesson(lesson=lesson, actor=request.user, now=now)
    tell_trashed(request, lesson, now)
    return redirect(outline_address(lesson.course))


def _back_to(lesson: Lesson) -> HttpResponse:
    return redirect(outline_address(lesson.course, f"lesson-{lesson.pk}"))
