"""Saving a course from its settings: fields, pictures, tags, what comes before it, and its address, all or nothing."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import IntegrityError, models, transaction

from accounts.models import User
from accounts.services import note_action
from catalog.addresses import copy_course_pictures, lead_to_copies, remember_course_slug
from catalog.editing import lock_for_edit, lock_row
from catalog.leftovers import IMAGES, delete_files, delete_unused, files_or_nothing
from catalog.models import Course, CourseStatus
from catalog.pictures import course_shelf
from catalog.services import lock_around, recount_lessons, require_first, save_course
from catalog.tagging import tags_named

PICTURES = "courses/"


class SlugTaken(Exception):
    """Another course has this address."""

    def __init__(self) -> None:
        super().__init__("Another course, perhaps one in the trash, has this address.")


class InTrash(Exception):
    """The course is in the trash: it is restored there, not published."""


@dataclass(frozen=True)
class CourseEdit:
    """What the settings hold: fields by name, the words of its tags, and the courses to complete before it."""

    fields: dict[str, Any]
    tags: Sequence[str] = ()
    first: Sequence[Course] = field(default_factory=list)


@transaction.atomic
def add_course(*, title: str, slug: str, actor: User) -> Course:
    """Make a draft that has a name and an address; everything else is for its settings.

    :raises SlugTaken: if another course has its address
    """
    course = Course(title=title, slug=slug)
    _save(course)
    note_action(actor=actor, verb="created", about=course)
    return course


def change_course(*, course: Course, version: str, edit: CourseEdit, actor: User) -> Course:
    """Save everything the settings hold, if nobody saved since they were loaded; returns the course as it is now.

    A new address takes the pictures along, and the old one leads to it.

    :raises EditConflict: if somebody did
    :raises SlugTaken: if another course has its address
    :raises PrerequisiteCycle: if one of the courses before it waits for it
    :raises StorageAway: if its pictures cannot be stored
    """
    old_slug, slug = course.slug, edit.fields.get("slug", course.slug)
    _refuse_taken(course, slug)
    with files_or_nothing() as stored:
        edit = _put_pictures(edit, stored)
        copies = copy_course_pictures(old_slug, slug, stored) if slug != old_slug else {}
        with transaction.atomic():
            row, pictures = _change(course, version, edit, copies, actor)
    delete_files(copies)
    delete_unused(pictures)
    return row


def _change(
    course: Course, version: str, edit: CourseEdit, copies: dict[str, str], actor: User
) -> tuple[Course, list[str]]:
    """The course as it is saved, and its pictures that nothing may show any more."""
    lock_around(course, edit.first)
    row = lock_for_edit(course, version=version)
    old_slug, before = row.slug, _state(row, edit)
    pictures = [str(getattr(row, name)) for name in IMAGES]
    for name, value in edit.fields.items():
        _field(name).save_form_data(row, value)
    if row.slug != old_slug:
        lead_to_copies(row, old_slug, copies)
    _save(row)
    if row.slug != old_slug:
        remember_course_slug(row, old_slug)
    row.tags.set(tags_named(edit.tags))
    require_first(row, edit.first)
    recount_lessons(row.pk)  # tags are part of what search finds
    changed = [str(_field(name).verbose_name) for name, value in _state(row, edit).items() if before[name] != value]
    note_action(actor=actor, verb="changed", about=row, detail=", ".join(changed))
    # What lies on the course's own shelf may be shown by its texts.
    return row, [name for name in pictures if name and not name.startswith(course_shelf(old_slug))]


def _put_pictures(edit: CourseEdit, stored: list[str]) -> CourseEdit:
    """Store the new pictures; their fields hold the names from then on."""
    fields = dict(edit.fields)
    for name in IMAGES:
        if isinstance(fields.get(name), ContentFile):
            fields[name] = default_storage.save(f"{PICTURES}{fields[name].name}", fields[name])
            stored.append(fields[name])
    return replace(edit, fields=fields)


@transaction.atomic
def set_status(*, course: Course, status: str, actor: User) -> str:
    """Give the course another status, whoever has its settings open; returns the one it had. Repeating is nothing.

    :raises InTrash: if it is in the trash, where it is always a draft
    """
    row = lock_row(course)
    if row.trashed_at:
        raise InTrash
    before = row.status
    if before != status:
        row.status = status
        row.save(update_fields=["status", "updated_at"])
        verb = "unpublished" if status == CourseStatus.DRAFT else "published"
        note_action(actor=actor, verb=verb, about=row, detail=f"{before} → {status}")
    return before


def _field(name: str) -> "models.Field[Any, Any]":
    return Course._meta.get_field(name)  # type: ignore[return-value] # settings hold no reverse relations


def _state(course: Course, edit: CourseEdit) -> dict[str, Any]:
    """What the settings hold, in a form that compares."""
    return {name: str(getattr(course, name)) if name in IMAGES else getattr(course, name) for name in edit.fields}


def _save(course: Course) -> None:
    try:
        with transaction.atomic():
            save_course(course)
    except IntegrityError:
        _refuse_taken(course, course.slug)
        raise


def _refuse_taken(course: Course, slug: str) -> None:
    """:raises SlugTaken: if another course has this address"""
    if Course.objects.filter(slug=slug).exclude(pk=course.pk).exists():
        raise SlugTaken
