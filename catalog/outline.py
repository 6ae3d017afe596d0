"""What the outline of a course holds: modules and lessons added, named, copied, published and taken away.

Where they stand is `catalog.arranging`; what goes to the trash is `catalog.trash`. The lock is always the course first.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from django.core.files.storage import default_storage
from django.db import transaction
from django.utils.text import slugify

from accounts.models import User
from accounts.services import note_action
from catalog.arranging import Arrangement, OutlineChanged, Place, Shelf, lock_arrangement, store_arrangement
from catalog.models import RESERVED_LESSON_SLUGS, Course, Lesson, LessonType, Material, Module, Transcript
from catalog.pictures import files_under, lesson_pictures_address, lesson_shelf
from catalog.services import derive_lesson, derive_module, recount_lessons

SLUG_LENGTH = 100  # leaves room for a number behind it
COPY = " (copy)"


@transaction.atomic
def add_module(*, course: Course, title: str, description: str = "", actor: User) -> Module:
    """Add a module at the end of a course."""
    found = lock_arrangement(course)
    module = Module(course=course, title=title, description=description, order=len(found.modules) + 1)
    derive_module(module)
    module.save()
    store_arrangement(course, Arrangement([*found.shelves, Shelf(module.pk, ())]))
    note_action(actor=actor, verb="created", about=module, detail=f"In {course}")
    return module


@transaction.atomic
def change_module(*, module: Module, title: str, description: str, actor: User) -> Module:
    """Rename a module, and say what it is about."""
    was = module.title
    module.title, module.description = title, description
    derive_module(module)
    module.save(update_fields=["title", "description", "description_html"])
    detail = f"In {module.course}" + (f", was “{was}”" if was != title else "")
    note_action(actor=actor, verb="changed", about=module, detail=detail)
    return module


@dataclass(frozen=True)
class Unshelved:
    """What brings a deleted module back: its words, its number among the modules, what it held, and where that went."""

    title: str
    description: str
    position: int
    lessons: tuple[int, ...]
    hidden: tuple[int, ...]
    module_before: Module | None
    version: str


@transaction.atomic
def delete_module(*, module: Module, actor: User) -> Unshelved:
    """Delete a module; its lessons stay, in the same reading order: at the end of the module before it.

    The first module's lessons become lessons without a module, which stand before all modules. Those in the trash too.

    :raises OutlineChanged: if it is gone already
    """
    course = module.course
    found = lock_arrangement(course)
    if module.pk not in found.modules:
        raise OutlineChanged
    number = [shelf.module_id for shelf in found.shelves].index(module.pk)
    before, shelf = found.shelves[number - 1], found.shelves[number]
    joined = replace(before, lessons=before.lessons + shelf.lessons)
    wanted = Arrangement([*found.shelves[: number - 1], joined, *found.shelves[number + 1 :]])
    hidden = tuple(module.lessons.exclude(trashed_at=None).values_list("pk", flat=True))
    module.lessons.update(module_id=before.module_id)
    Module.objects.filter(pk=module.pk).delete()
    store_arrangement(course, wanted)
    note_action(actor=actor, verb="deleted", about=module, detail=f"In {course}; {len(shelf.lessons)} lessons stay")
    to = Module.objects.get(pk=before.module_id) if before.module_id else None
    return Unshelved(module.title, module.description, number, shelf.lessons, hidden, to, wanted.version)


@transaction.atomic
def bring_module_back(
    *,
    course: Course,
    title: str,
    description: str,
    position: int,
    lessons: Iterable[int],
    hidden: Iterable[int],
    version: str,
    actor: User,
) -> Module:
    """Undo `delete_module`: a module of these words at its place, with the lessons it held.

    :raises OutlineChanged: if the order changed since
    """
    found = lock_arrangement(course, version=version)
    held = tuple(lessons)
    module = Module(course=course, title=title, description=description)
    derive_module(module)
    module.save()
    rest = [replace(s, lessons=tuple(pk for pk in s.lessons if pk not in held)) for s in found.shelves]
    store_arrangement(course, Arrangement([*rest[:position], Shelf(module.pk, held), *rest[position:]]))
    Lesson.objects.filter(course=course, pk__in=list(hidden)).exclude(trashed_at=None).update(module=module)
    note_action(actor=actor, verb="restored", about=module, detail=f"In {course}")
    return module


@transaction.atomic
def add_lesson(
    *, course: Course, module_id: int | None, title: str, lesson_type: str = LessonType.VIDEO, actor: User
) -> Lesson:
    """Add an empty lesson at the end of a module, or without one; students see it when it is published.

    :raises NoSuchPlace: if the course has no such module
    """
    found = lock_arrangement(course)
    found.shelf(module_id)
    lesson = Lesson(course=course, module_id=module_id, title=title, lesson_type=lesson_type, is_published=False)
    lesson.slug = free_slug(course, title)
    derive_lesson(lesson)
    lesson.save()
    store_arrangement(course, found.with_lesson(lesson.pk, Place(module_id)))
    note_action(actor=actor, verb="created", about=lesson, detail=f"In {course}")
    return lesson


def free_slug(course: Course, title: str) -> str:
    """The address for a lesson of this title that no other lesson of the course has, also none in the trash.

    It is none of the site's own addresses and no number. The caller holds the course's lock.
    """
    wanted = slugify(title)[:SLUG_LENGTH].strip("-_") or "lesson"
    if wanted in RESERVED_LESSON_SLUGS or wanted.isdigit():
        wanted = f"lesson-{wanted}"
    taken = set(Lesson.objects.filter(course=course, slug__startswith=wanted).values_list("slug", flat=True))
    number, slug = 2, wanted
    while slug in taken:
        slug, number = f"{wanted}-{number}", number + 1
    return slug


@transaction.atomic
def rename_lesson(*, lesson: Lesson, title: str, actor: User) -> Lesson:
    """Give a lesson another title; its address stays, so that links to it hold.

    :raises OutlineChanged: if it lies in the trash
    """
    lock_arrangement(lesson.course).place_of(lesson.pk)
    row = Lesson.objects.get(pk=lesson.pk)
    was, row.title = row.title, title
    derive_lesson(row)
    row.save()
    recount_lessons(row.course_id)
    note_action(actor=actor, verb="renamed", about=row, detail=f"In {lesson.course}, was “{was}”")
    return row


@transaction.atomic
def publish_lesson(*, lesson: Lesson, is_published: bool, actor: User) -> bool:
    """Show a lesson to students, or hide it; counters follow. Returns whether that changed anything.

    :raises OutlineChanged: if it lies in the trash
    """
    lock_arrangement(lesson.course).place_of(lesson.pk)
    row = Lesson.objects.get(pk=lesson.pk)
    if row.is_published == is_published:
        return False
    row.is_published = is_published
    row.save(update_fields=["is_published", "updated_at"])
    recount_lessons(row.course_id)
    verb = "published" if is_published else "unpublished"
    note_action(actor=actor, verb=verb, about=row, detail=f"In {lesson.course}")
    return True


@transaction.atomic
def duplicate_lesson(*, lesson: Lesson, actor: User) -> Lesson:
    """Copy a lesson with everything an author made, right behind it; unpublished, and without anybody's progress.

    Files of materials are shared, pictures of its texts are copied once the change stands.

    :raises OutlineChanged: if it lies in the trash
    """
    course = lesson.course
    found = lock_arrangement(course)
    place = found.place_of(lesson.pk)
    copy = Lesson.objects.get(pk=lesson.pk)
    copy.pk, copy._state.adding = None, True
    copy.title = copy.title[: 200 - len(COPY)] + COPY
    copy.is_published, copy.slug = False, free_slug(course, copy.title)
    _point_at_own_pictures(copy, course.slug, lesson.slug)
    derive_lesson(copy)
    copy.save()
    _copy_attachments(lesson, copy)
    behind = Place(place.module_id, (place.position or 0) + 1)
    store_arrangement(course, found.with_lesson(copy.pk, behind))
    note_action(actor=actor, verb="duplicated", about=lesson, detail=f"In {course}, as “{copy.title}”")
    transaction.on_commit(lambda: _copy_pictures(course.slug, lesson.slug, copy.slug))
    return copy


def _point_at_own_pictures(copy: Lesson, course_slug: str, slug: str) -> None:
    old, new = (lesson_pictures_address(course_slug, name) for name in (slug, copy.slug))
    for name in ("description", "body", "homework"):
        setattr(copy, name, getattr(copy, name).replace(old, new))


def _copy_attachments(lesson: Lesson, copy: Lesson) -> None:
    materials = list(lesson.materials.order_by("order", "pk"))
    for material in materials:
        material.pk, material.lesson, material._state.adding = None, copy, True
    Material.objects.bulk_create(materials)
    for transcript in Transcript.objects.filter(lesson=lesson):
        transcript.pk, transcript.lesson, transcript._state.adding = copy.pk, copy, True
        transcript.save(force_insert=True)


def _copy_pictures(course_slug: str, slug: str, copy_slug: str) -> None:
    old, new = lesson_shelf(course_slug, slug), lesson_shelf(course_slug, copy_slug)
    for name in files_under(old):
        with default_storage.open(name) as picture:
            default_storage.save(new + name.removeprefix(old), picture)
