"""The trash: a course or lesson goes out of sight at once, comes back as it was, and is deleted for good after 30 days.

What somebody holds a right to, takes or has progress in is never deleted: it stays in the trash, hidden, for ever.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.core.exceptions import ObjectDoesNotExist
from django.db import transaction
from django.db.models import PROTECT, ForeignObjectRel, Model, QuerySet

from accounts.models import User
from accounts.services import note_action
from catalog.editing import lock_row
from catalog.leftovers import delete_unused, files_of
from catalog.models import Course, CourseStatus, Lesson
from catalog.services import recount_lessons
from common.storages import StorageAway

KEPT_FOR = timedelta(days=30)


class StillHeld(Exception):
    """Something that must not be lost hangs on it; `holders` says what and how much."""

    def __init__(self, holders: dict[type[Model], int]) -> None:
        super().__init__("It cannot be deleted for good: something that must be kept belongs to it.")
        self.holders = holders


@dataclass(frozen=True)
class Purged:
    """How many were deleted for good, and how many stay hidden because something belongs to them."""

    deleted: int
    kept: int


@transaction.atomic
def trash_course(*, course: Course, actor: User, now: datetime) -> Course:
    """Make the course a draft that only the trash shows. What students hold and have done stays; repeating is nothing.

    Its lessons stay as they are. An editor who has it open gets an `EditConflict`.
    """
    row = lock_row(course)
    if row.trashed_at is None:
        row.status_before_trash, row.status, row.trashed_at = row.status, CourseStatus.DRAFT, now
        row.save(update_fields=["status_before_trash", "status", "trashed_at", "updated_at"])
        note_action(actor=actor, verb="moved to trash", about=row)
    return row


@transaction.atomic
def restore_course(*, course: Course, actor: User, now: datetime) -> Course:
    """Give the course back the status it had, and so the students what they had in it; repeating is nothing."""
    row = lock_row(course)
    if row.trashed_at is not None:
        days = (now - row.trashed_at).days
        row.status, row.status_before_trash, row.trashed_at = row.status_before_trash, "", None
        row.save(update_fields=["status_before_trash", "status", "trashed_at", "updated_at"])
        note_action(actor=actor, verb="restored", about=row, detail=f"After {days} days in the trash")
    return row


@transaction.atomic
def trash_lesson(*, lesson: Lesson, actor: User, now: datetime) -> Lesson:
    """Take the lesson from students, who count one less; their progress in it stays. Repeating is nothing."""
    lock_row(lesson.course)  # before its lessons, as whoever moves or edits them does
    row = lock_row(lesson)
    if row.trashed_at is None:
        row.was_published, row.is_published, row.trashed_at = row.is_published, False, now
        row.save(update_fields=["was_published", "is_published", "trashed_at", "updated_at"])
        recount_lessons(row.course_id)
        note_action(actor=actor, verb="moved to trash", about=row)
    return row


@transaction.atomic
def restore_lesson(*, lesson: Lesson, actor: User, now: datetime) -> Lesson:
    """Put the lesson back where it was, published if it was, with everybody's progress. Repeating is nothing."""
    lock_row(lesson.course)  # before its lessons, as whoever moves or edits them does
    row = lock_row(lesson)
    if row.trashed_at is not None:
        days = (now - row.trashed_at).days
        row.is_published, row.was_published, row.trashed_at = row.was_published, False, None
        row.save(update_fields=["was_published", "is_published", "trashed_at", "updated_at"])
        recount_lessons(row.course_id)
        note_action(actor=actor, verb="restored", about=row, detail=f"After {days} days in the trash")
    return row


def holders_of(row: Course | Lesson) -> dict[type[Model], int]:
    """What must not be lost and belongs to the row: rights, progress and the like, counted by their kind."""
    counts = {
        model: model._default_manager.filter(**{name: row}).count() for model, name in protected_by(type(row)).items()
    }
    return {model: count for model, count in counts.items() if count}


def protected_by(kind: type[Model]) -> dict[type[Model], str]:
    """The kinds of rows that keep a course or lesson from being deleted, and the field by which they refer to it."""
    relations = [each for each in kind._meta.get_fields(include_hidden=True) if isinstance(each, ForeignObjectRel)]
    return {each.related_model: each.field.name for each in relations if each.on_delete is PROTECT}


def delete_for_good(*, row: Course | Lesson, actor: User, now: datetime) -> None:
    """Delete what lies in the trash now instead of after 30 days.

    :raises StillHeld: if something that must be kept belongs to it
    :raises ObjectDoesNotExist: if it is not in the trash
    :raises StorageAway: if nobody can say which files belong to it
    """
    files = files_of(row)
    with transaction.atomic():
        note_action(actor=actor, verb="deleted for good", about=row)
        _delete(row, trashed_by=now)
    delete_unused(files)


def purge_trash(*, now: datetime) -> Purged:
    """Delete for good what was put into the trash 30 days ago or earlier and nobody holds anything in."""
    gone = [
        _purge(row, trashed_by=now - KEPT_FOR)
        for model in (Lesson, Course)
        for row in model.objects.filter(trashed_at__lte=now - KEPT_FOR).order_by("pk")
    ]
    return Purged(deleted=gone.count(True), kept=gone.count(False))


def _purge(row: Course | Lesson, *, trashed_by: datetime) -> bool:
    """True if it is deleted; not what is held, was restored a moment ago, or has files in a storage that is away."""
    if holders_of(row):
        return False
    try:
        files = files_of(row)
        with transaction.atomic():
            _delete(row, trashed_by=trashed_by)
    except (StillHeld, ObjectDoesNotExist, StorageAway):
        return False
    delete_unused(files)
    return True


def _delete(row: Course | Lesson, *, trashed_by: datetime) -> None:
    if isinstance(row, Lesson):
        lock_row(row.course)  # before its lessons, as whoever moves or edits them does
    lying: QuerySet[Any] = type(row).objects.filter(trashed_at__lte=trashed_by)
    locked = lying.select_for_update(of=("self",)).get(pk=row.pk)  # nobody may come to hold it meanwhile
    if holders := holders_of(locked):
        raise StillHeld(holders)
    locked.delete()
