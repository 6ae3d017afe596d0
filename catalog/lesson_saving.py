"""Saving a lesson from its editor: its fields, its materials and what is said in it, all or nothing."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.core.files import File
from django.core.files.storage import default_storage
from django.db import IntegrityError, transaction
from django.db.models import Max

from accounts.models import User
from accounts.services import note_action
from catalog.addresses import remember_lesson_slug
from catalog.editing import EditConflict, lock_for_edit, lock_row
from catalog.held_uploads import HeldUpload
from catalog.leftovers import delete_files, delete_unused, files_or_nothing
from catalog.lesson_pictures import copy_lesson_pictures, lead_to_copies
from catalog.models import Course, Lesson, Material, Transcript
from catalog.services import save_lesson, save_transcript

EDITED = (
    "title", "slug", "module", "lesson_type", "description", "video_url", "video_duration_seconds", "body", "homework",
    "timestamps", "key_takeaways", "completion_threshold", "is_preview", "available_after_days", "live_starts_at",
    "meeting_url", "is_published",
)  # fmt: skip
MATERIALS = "materials/"


class SlugTaken(Exception):
    """Another lesson of the course has this address."""

    def __init__(self) -> None:
        super().__init__("Another lesson of this course, perhaps one in the trash, has this address.")


@dataclass(frozen=True)
class MaterialEdit:
    """A material as it shall be: one of the lesson's when it has a `pk`.

    A new one has a `file`, or one that was `held`; both were checked. The service notes where it is `stored`.
    """

    kind: str
    title: str
    pk: int | None = None
    url: str = ""
    file: "File[bytes] | None" = None
    held: HeldUpload | None = None
    stored: str = ""


@dataclass(frozen=True)
class LessonEdit:
    """What the editor holds. `fields` has names of `EDITED`, others stay; materials that are not in the list go.

    `captions` are those to keep from now on, None leaves what is there. An empty `spoken` is made from them.
    """

    fields: dict[str, Any]
    materials: Sequence[MaterialEdit] = ()
    captions: str | None = None
    spoken: str = ""


def add_lesson(*, course: Course, edit: LessonEdit, actor: User) -> Lesson:
    """Put a new lesson at the end of its module.

    :raises SlugTaken: if another lesson of the course has its address
    :raises StorageAway: if its files cannot be stored
    """
    lesson = Lesson(course=course, **edit.fields)
    _refuse_taken(lesson, lesson.slug)
    with files_or_nothing() as stored:
        edit = _put_files(edit, stored)
        with transaction.atomic():
            lock_row(course)  # nobody else takes the last place
            lesson.order = _last_place(lesson)
            _save(lesson, edit)
            note_action(actor=actor, verb="created", about=lesson, detail=f"In {course.title}")
    return lesson


def change_lesson(*, lesson: Lesson, version: str, edit: LessonEdit, actor: User) -> Lesson:
    """Save everything the editor holds, if nobody saved since it was loaded; returns the lesson as it is now.

    Pictures in its texts follow a new address of the lesson.

    :raises EditConflict: if somebody did
    :raises SlugTaken: if another lesson of the course has its address
    :raises StorageAway: if files cannot be stored
    """
    old_slug, slug = lesson.slug, edit.fields.get("slug", lesson.slug)
    _refuse_taken(lesson, slug)
    with files_or_nothing() as stored:
        edit = _put_files(edit, stored)
        copies = copy_lesson_pictures(lesson.course.slug, old_slug, slug, stored) if slug != old_slug else {}
        with transaction.atomic():
            row = _change(lesson, version, edit, copies, actor)
    # Nobody finds the originals any more: their lesson has another address.
    delete_files(copies)
    return row


def _change(lesson: Lesson, version: str, edit: LessonEdit, copies: dict[str, str], actor: User) -> Lesson:
    lock_row(lesson.course)  # whoever moves lessons locks the course before them
    row = lock_for_edit(lesson, version=version)
    before = {name: getattr(row, name) for name in EDITED}
    for name, value in edit.fields.items():
        setattr(row, name, value)
    if row.module != before["module"]:
        row.order = _last_place(row)
    if row.slug != before["slug"]:
        lead_to_copies(row, before["slug"], copies)
    _save(row, edit)
    if row.slug != before["slug"]:
        remember_lesson_slug(row, before["slug"])
    changed = [name.replace("_", " ") for name in EDITED if before[name] != getattr(row, name)]
    note_action(actor=actor, verb="changed", about=row, detail=", ".join(changed))
    return row


def _put_files(edit: LessonEdit, stored: list[str]) -> LessonEdit:
    return replace(edit, materials=[_put_file(material, stored) for material in edit.materials])


def _put_file(edit: MaterialEdit, stored: list[str]) -> MaterialEdit:
    if edit.held:
        with edit.held.file as file:
            stored.append(_put(file))
    elif edit.file:
        stored.append(_put(edit.file))
    else:
        return edit
    return replace(edit, held=None, file=None, stored=stored[-1])


def _put(file: "File[bytes]") -> str:
    return default_storage.save(f"{MATERIALS}{file.name}", file)


def _refuse_taken(lesson: Lesson, slug: str) -> None:
    """:raises SlugTaken: if another lesson of the course has this address"""
    if Lesson.objects.filter(course=lesson.course_id, slug=slug).exclude(pk=lesson.pk).exists():
        raise SlugTaken


def _last_place(lesson: Lesson) -> int:
    others = Lesson.objects.filter(course=lesson.course, module=lesson.module).exclude(pk=lesson.pk)
    last: int | None = others.aggregate(last=Max("order"))["last"]
    return 1 if last is None else last + 1


def _save(lesson: Lesson, edit: LessonEdit) -> None:
    try:
        with transaction.atomic():
            save_lesson(lesson)
    except IntegrityError:
        _refuse_taken(lesson, lesson.slug)
        raise
    _save_materials(lesson, edit.materials)
    _save_spoken(lesson, edit)


def _save_materials(lesson: Lesson, wanted: Sequence[MaterialEdit]) -> None:
    present = {material.pk: material for material in Material.objects.filter(lesson=lesson)}
    kept = {edit.pk for edit in wanted if edit.pk}
    if not kept <= present.keys():
        raise EditConflict(lesson)
    gone = [material for pk, material in present.items() if pk not in kept]
    Material.objects.filter(pk__in=[material.pk for material in gone]).delete()
    for order, edit in enumerate(wanted):
        material = present[edit.pk] if edit.pk else Material(lesson=lesson)
        material.kind, material.title, material.url, material.order = edit.kind, edit.title, edit.url, order
        if edit.stored:
            material.file.name = edit.stored
        material.save()
    files = [str(material.file.name) for material in gone if material.file]
    transaction.on_commit(lambda: delete_unused(files))


def _save_spoken(lesson: Lesson, edit: LessonEdit) -> None:
    before = Transcript.objects.filter(lesson=lesson).first()
    captions = edit.captions
    if captions is None:
        captions = before.captions if before else ""
    if captions or edit.spoken:
        save_transcript(lesson, captions=captions, text=edit.spoken)
    elif before:
        before.delete()
