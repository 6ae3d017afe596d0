"""How the builder tells what it did to a course, and takes it back."""

from dataclasses import asdict
from datetime import datetime
from typing import Any

from django.urls import reverse

from accounts.http import StudentRequest
from accounts.models import User
from catalog.arranging import Moved, NoSuchPlace, OutlineChanged, Place, move_lesson, move_module
from catalog.models import Course, Lesson, Module
from catalog.outline import Unshelved, bring_module_back, publish_lesson
from catalog.trash import restore_lesson
from dashboard.gates import may_edit_content
from dashboard.undoing import CannotUndo, offer_undo, undoes

CHANGED_SINCE = "The outline was changed since, so this can no longer be undone."


def outline_address(course: Course, fragment: str = "") -> str:
    return reverse("dashboard:course_outline", args=[course.slug]) + (f"#{fragment}" if fragment else "")


def place_in_words(moved: Moved) -> str:
    """Return where a lesson is now: `position 1 of 3 in Welcome`."""
    module_id = moved.after.module_id
    shelf = f"in {Module.objects.get(pk=module_id)}" if module_id else "without a module"
    return f"position {moved.after.position} of {moved.count} {shelf}"


def tell_lesson_moved(request: StudentRequest, lesson: Lesson, moved: Moved, now: datetime) -> None:
    """Say where a lesson is now, with Undo."""
    told = f"{lesson} moved to {place_in_words(moved)}."
    back = outline_address(lesson.course, f"lesson-{lesson.pk}")
    facts = {"lesson": lesson.pk, "place": asdict(moved.before), "version": moved.version}
    offer_undo(request, told, "move lesson", back=back, now=now, **facts)


def tell_module_moved(request: StudentRequest, module: Module, moved: Moved, now: datetime) -> None:
    """Say where a module is now, with Undo."""
    told = f"{module} moved to position {moved.after.position} of {moved.count}."
    back = outline_address(module.course, f"module-{module.pk}")
    facts = {"module": module.pk, "position": moved.before.position, "version": moved.version}
    offer_undo(request, told, "move module", back=back, now=now, **facts)


def tell_published(request: StudentRequest, lesson: Lesson, now: datetime, *, is_published: bool) -> None:
    """Say whether students see a lesson now, with Undo."""
    told = f"{lesson} is published." if is_published else f"{lesson} is unpublished: students do not see it."
    back = outline_address(lesson.course, f"lesson-{lesson.pk}")
    offer_undo(request, told, "publish lesson", back=back, now=now, lesson=lesson.pk, was=not is_published)


def tell_trashed(request: StudentRequest, lesson: Lesson, now: datetime) -> None:
    """Say that a lesson is in the trash, with Undo."""
    told = f"{lesson} is in the trash for 30 days. What students did in it is kept."
    offer_undo(request, told, "trash lesson", back=outline_address(lesson.course), now=now, lesson=lesson.pk)


def tell_module_deleted(request: StudentRequest, course: Course, gone: Unshelved, now: datetime) -> None:
    """Say where the lessons of a deleted module are, with Undo."""
    told = f"{gone.title} is deleted." + _where_lessons_went(gone)
    facts = asdict(gone)
    del facts["module_before"]
    back = outline_address(course)
    offer_undo(request, told, "delete module", back=back, now=now, course=course.pk, **facts)


def _where_lessons_went(gone: Unshelved) -> str:
    if not gone.lessons:
        return ""
    shelf = f"at the end of {gone.module_before}" if gone.module_before else "without a module, before the first"
    count = len(gone.lessons)
    return f" Its lesson is {shelf}." if count == 1 else f" Its {count} lessons are {shelf}."


@undoes("move lesson", may_edit_content)
def _put_lesson_back(facts: dict[str, Any], *, actor: User, now: datetime) -> str:
    lesson = _lesson(facts)
    try:
        moved = move_lesson(lesson=lesson, to=Place(**facts["place"]), version=facts["version"], actor=actor)
    except (OutlineChanged, NoSuchPlace):
        raise CannotUndo(CHANGED_SINCE) from None
    return f"{lesson} is back at {place_in_words(moved)}."


@undoes("move module", may_edit_content)
def _put_module_back(facts: dict[str, Any], *, actor: User, now: datetime) -> str:
    kept = Module.objects.filter(course__trashed_at=None).select_related("course")
    module = kept.filter(pk=facts["module"]).first()
    if module is None:
        raise CannotUndo(CHANGED_SINCE)
    try:
        moved = move_module(module=module, position=facts["position"], version=facts["version"], actor=actor)
    except OutlineChanged:
        raise CannotUndo(CHANGED_SINCE) from None
    return f"{module} is back at position {moved.after.position} of {moved.count}."


@undoes("publish lesson", may_edit_content)
def _publish_as_it_was(facts: dict[str, Any], *, actor: User, now: datetime) -> str:
    lesson = _lesson(facts)
    try:
        publish_lesson(lesson=lesson, is_published=facts["was"], actor=actor)
    except OutlineChanged:
        raise CannotUndo(CHANGED_SINCE) from None
    return f"{lesson} is {'published' if facts['was'] else 'unpublished'} again."


@undoes("trash lesson", may_edit_content)
def _take_out_of_trash(facts: dict[str, Any], *, actor: User, now: datetime) -> str:
    lesson = _lesson(facts)
    restore_lesson(lesson=lesson, actor=actor, now=now)
    return f"{lesson} is back."


@undoes("delete module", may_edit_content)
def _bring_module_back(facts: dict[str, Any], *, actor: User, now: datetime) -> str:
    course = Course.objects.kept().filter(pk=facts.pop("course")).first()
    if course is None:
        raise CannotUndo(CHANGED_SINCE)
    try:
        module = bring_module_back(course=course, actor=actor, **facts)
    except OutlineChanged:
        raise CannotUndo(CHANGED_SINCE) from None
    return f"{module} is back, with its lessons."


def _lesson(facts: dict[str, Any]) -> Lesson:
    """:raises CannotUndo: if it or its course is gone"""
    lesson = Lesson.objects.select_related("course").filter(pk=facts["lesson"], course__trashed_at=None).first()
    if lesson is None:
        raise CannotUndo(CHANGED_SINCE)
    return lesson
