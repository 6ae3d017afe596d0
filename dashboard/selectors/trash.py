"""What lies in the trash: who put it there and when, how long it stays, and what keeps it from being deleted."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import CharField, Exists, Model, OuterRef, QuerySet, Value

from accounts.models import StaffAction
from catalog.models import Course, Lesson
from catalog.trash import KEPT_FOR, protected_by

KINDS: dict[str, type[Model]] = {"course": Course, "lesson": Lesson}
# What keeps something in the trash for ever, in words; what is not named here is called as its table is.
HELD_BY = {
    "CourseEnrollment": "students who take it",
    "CourseAccess": "access that was given",
    "AccessEvent": "access that was given",
    "LessonProgress": "progress of students",
    "CourseProgress": "progress of students",
    "Suspension": "a suspension",
    "BundleCourse": "a bundle",
    "PathStep": "a learning path",
    "Prerequisite": "a course that asks for it first",
}


@dataclass(frozen=True)
class TrashLine:
    """A course or lesson in the trash; `held_by` says what keeps it, `action` is None if nobody noted it."""

    kind: str
    row: Course | Lesson
    action: StaffAction | None
    held_by: list[str]

    @property
    def course(self) -> Course | None:
        """The course of a lesson."""
        return self.row.course if isinstance(self.row, Lesson) else None

    def days_left(self, now: datetime) -> int:
        """The nights until it is deleted for good."""
        left = (self.row.trashed_at or now) + KEPT_FOR - now
        return max(0, left.days + 1)


def trash_found(words: str, kind: str) -> QuerySet[Any, tuple[str, int]]:
    """Kind and number of everything in the trash that fits, what came last first."""
    kinds = [kind] if kind else list(KINDS)
    first, *others = (_rows(name, words) for name in kinds)
    return first.union(*others, all=True).order_by("-trashed_at", "kind", "-pk")


def _rows(kind: str, words: str) -> QuerySet[Any, Any]:
    rows: QuerySet[Any] = KINDS[kind]._default_manager.exclude(trashed_at=None).order_by()
    for word in words.split():
        rows = rows.filter(title__icontains=word)
    named = rows.annotate(kind=Value(kind, CharField()))
    facts: QuerySet[Any, Any] = named.values_list("kind", "pk", "trashed_at")
    return facts


def trash_lines(found: Iterable[tuple[str, int, datetime]]) -> list[TrashLine]:
    """What the page shows of these: three queries, however many."""
    wanted = [(kind, pk) for kind, pk, _ in found]
    rows = {(kind, row.pk): row for kind in KINDS for row in _with_holders(kind, [pk for k, pk in wanted if k == kind])}
    actions = StaffAction.objects.filter(verb="moved to trash", object_id__in=[pk for _, pk in wanted])
    by = {(each.kind, each.object_id): each for each in actions.select_related("actor").order_by("pk")}
    return [TrashLine(key[0], rows[key], by.get(key), held_by(rows[key])) for key in wanted if key in rows]


def _with_holders(kind: str, ids: list[int]) -> QuerySet[Any]:
    """The rows, each with a mark for every kind of thing that must be kept with it."""
    model = KINDS[kind]
    rows: QuerySet[Any] = model._default_manager.filter(pk__in=ids)
    if model is Lesson:
        rows = rows.select_related("course")
    marks = {
        f"held_by_{holder.__name__}": Exists(holder._default_manager.filter(**{field: OuterRef("pk")}))
        for holder, field in protected_by(model).items()
    }
    marked: QuerySet[Any] = rows.annotate(**marks)
    return marked


def held_by(row: Any) -> list[str]:
    """What keeps a row of `_with_holders` in the trash, in words, each once."""
    names = [model.__name__ for model in protected_by(type(row)) if getattr(row, f"held_by_{model.__name__}")]
    return list(dict.fromkeys(HELD_BY.get(name, _plain(name)) for name in names))


def _plain(name: str) -> str:
    return re.sub(r"(?<!^)(?=[A-Z])", " ", name).lower()


def in_trash(kind: str, pk: int) -> QuerySet[Any]:
    """The one row, with its marks, if it lies in the trash."""
    return _with_holders(kind, [pk]).exclude(trashed_at=None)
