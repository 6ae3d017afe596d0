"""The order of a course: which lessons stand in which module, and every way to move one of them.

Whoever moves something locks the course first and then finds the order as it is, so that of two movers at once the
second sees what the first did. What was shown carries a version; a move of what is no longer so is refused.
"""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from itertools import groupby
from typing import Any

from django.db import transaction
from django.db.models import QuerySet

from accounts.models import User
from accounts.services import note_action
from catalog.editing import lock_row
from catalog.models import Course, Lesson, Module


class OutlineChanged(Exception):
    """The order is no longer the one that was shown; nothing was moved."""

    def __init__(self) -> None:
        super().__init__("Somebody changed this outline in the meantime.")


class NoSuchPlace(Exception):
    """The place is not in this course; the message may be shown."""


@dataclass(frozen=True)
class Shelf:
    """A module's lessons in their order; the first shelf of a course has no module."""

    module_id: int | None
    lessons: tuple[int, ...]


@dataclass(frozen=True)
class Place:
    """Where a lesson stands, counted from 1; without a position: at the end. Without a module: before all modules."""

    module_id: int | None
    position: int | None = None


@dataclass(frozen=True)
class Moved:
    """What a move did: where the thing was, where it is, of how many, and the version of the order since then."""

    before: Place
    after: Place
    count: int
    version: str

    @property
    def is_elsewhere(self) -> bool:
        return self.before != self.after


class Arrangement:
    """The order of a course as values; changing it gives another one."""

    def __init__(self, shelves: Iterable[Shelf]) -> None:
        self.shelves = tuple(shelves)

    @property
    def version(self) -> str:
        """The same for the same order of the same lessons and modules."""
        said = repr([(shelf.module_id, shelf.lessons) for shelf in self.shelves])
        return hashlib.sha256(said.encode()).hexdigest()[:16]

    @property
    def modules(self) -> list[int]:
        return [shelf.module_id for shelf in self.shelves if shelf.module_id is not None]

    def shelf(self, module_id: int | None) -> Shelf:
        """:raises NoSuchPlace: if the course has no such module"""
        for shelf in self.shelves:
            if shelf.module_id == module_id:
                return shelf
        raise NoSuchPlace("There is no such module in this course.")

    def place_of(self, lesson_id: int) -> Place:
        """:raises OutlineChanged: if the lesson is not there any more"""
        for shelf in self.shelves:
            if lesson_id in shelf.lessons:
                return Place(shelf.module_id, shelf.lessons.index(lesson_id) + 1)
        raise OutlineChanged

    def with_lesson(self, lesson_id: int, place: Place) -> "Arrangement":
        """The lesson at this place, and nowhere else; a position past the end is the end."""
        self.shelf(place.module_id)
        without = [replace(s, lessons=tuple(pk for pk in s.lessons if pk != lesson_id)) for s in self.shelves]
        return Arrangement(
            replace(s, lessons=_inserted(s.lessons, lesson_id, place.position)) if s.module_id == place.module_id else s
            for s in without
        )

    def with_module(self, module_id: int, position: int) -> "Arrangement":
        """The module as the first, second … of all, with its lessons."""
        others = [shelf for shelf in self.shelves if shelf.module_id != module_id]
        index = max(1, min(position, len(others)))  # the first shelf has no module and stays first
        return Arrangement([*others[:index], self.shelf(module_id), *others[index:]])

    def step(self, lesson_id: int, by: int) -> Place | None:
        """One place up (-1) or down (1) in reading order, into the next module at its edge; None at the very end."""
        place = self.place_of(lesson_id)
        shown = [shelf for shelf in self.shelves if shelf.module_id is not None or shelf.lessons]
        number = [shelf.module_id for shelf in shown].index(place.module_id)
        position = (place.position or 0) + by
        if 1 <= position <= len(shown[number].lessons):
            return Place(place.module_id, position)
        if not 0 <= number + by < len(shown):
            return None
        neighbour = shown[number + by]
        return Place(neighbour.module_id, 1 if by > 0 else len(neighbour.lessons) + 1)


def _inserted(lessons: tuple[int, ...], lesson_id: int, position: int | None) -> tuple[int, ...]:
    index = len(lessons) if position is None else max(0, position - 1)
    return (*lessons[:index], lesson_id, *lessons[index:])


def arrangement_of(course: Course) -> Arrangement:
    """The order of a course in the database, without what lies in the trash: two queries."""
    modules = Module.objects.filter(course=course).order_by("order", "pk").values_list("pk", flat=True)
    rows = Lesson.objects.filter(course=course).kept().in_reading_order().values_list("module_id", "pk")
    shelves = {module_id: tuple(pk for _, pk in group) for module_id, group in groupby(rows, key=lambda row: row[0])}
    return Arrangement(Shelf(module_id, shelves.get(module_id, ())) for module_id in [None, *modules])


def lock_arrangement(course: Course, *, version: str | None = None) -> Arrangement:
    """The order as it is, nobody else's to change until the transaction ends; call inside one.

    :raises OutlineChanged: if it is not the version that was shown
    """
    lock_row(course)
    found = arrangement_of(course)
    if version is not None and found.version != version:
        raise OutlineChanged
    return found


def store_arrangement(course: Course, wanted: Arrangement) -> None:
    """Number modules and lessons anew, and write those that change. The caller holds the lock."""
    numbers = {pk: number for number, pk in enumerate(wanted.modules, 1)}
    modules = [m for m in Module.objects.filter(course=course).only("order") if m.order != numbers[m.pk]]
    for module in modules:
        module.order = numbers[module.pk]
    Module.objects.bulk_update(modules, ["order"])
    places = {pk: (s.module_id, number) for s in wanted.shelves for number, pk in enumerate(s.lessons, 1)}
    rows = Lesson.objects.filter(course=course, pk__in=places).only("module_id", "order").order_by("pk")
    lessons = [row for row in rows if (row.module_id, row.order) != places[row.pk]]
    for lesson in lessons:
        lesson.module_id, lesson.order = places[lesson.pk]
    Lesson.objects.bulk_update(lessons, ["module", "order"])


@transaction.atomic
def move_lesson(*, lesson: Lesson, to: Place, version: str | None, actor: User) -> Moved:
    """Put a lesson at a place of its course; without a version, whatever the order is by now.

    :raises OutlineChanged: if the order is not the one that was shown, or the lesson lies in the trash
    :raises NoSuchPlace: if the course has no such module
    """
    found = lock_arrangement(lesson.course, version=version)
    before, wanted = found.place_of(lesson.pk), found.with_lesson(lesson.pk, to)
    after = wanted.place_of(lesson.pk)
    moved = Moved(before, after, len(wanted.shelf(to.module_id).lessons), wanted.version)
    if moved.is_elsewhere:
        store_arrangement(lesson.course, wanted)
        note_action(actor=actor, verb="moved", about=lesson, detail=f"In {lesson.course}: {_path(moved)}")
    return moved


@transaction.atomic
def step_lesson(*, lesson: Lesson, by: int, version: str | None, actor: User) -> Moved:
    """Move a lesson one place up (-1) or down (1) in reading order, from module to module.

    :raises OutlineChanged: as `move_lesson`
    """
    found = lock_arrangement(lesson.course, version=version)
    to = found.step(lesson.pk, by) or found.place_of(lesson.pk)
    return move_lesson(lesson=lesson, to=to, version=version, actor=actor)


@transaction.atomic
def move_module(*, module: Module, position: int, version: str | None, actor: User) -> Moved:
    """Put a module, with its lessons, at a place among the modules; past the end is the end.

    :raises OutlineChanged: if the order is not the one that was shown, or the module is gone
    """
    found = lock_arrangement(module.course, version=version)
    if module.pk not in found.modules:
        raise OutlineChanged
    wanted = found.with_module(module.pk, position)
    before, after = (Place(None, order.modules.index(module.pk) + 1) for order in (found, wanted))
    moved = Moved(before, after, len(wanted.modules), wanted.version)
    if moved.is_elsewhere:
        store_arrangement(module.course, wanted)
        note_action(actor=actor, verb="moved", about=module, detail=f"In {module.course}: {_path(moved)}")
    return moved


@transaction.atomic
def step_module(*, module: Module, by: int, version: str | None, actor: User) -> Moved:
    """Move a module one place up (-1) or down (1).

    :raises OutlineChanged: as `move_module`
    """
    found = lock_arrangement(module.course, version=version)
    if module.pk not in found.modules:
        raise OutlineChanged
    position = found.modules.index(module.pk) + 1 + by
    return move_module(module=module, position=max(1, position), version=version, actor=actor)


def _path(moved: Moved) -> str:
    return f"from position {moved.before.position} to {moved.after.position}"


class SeveralCourses(Exception):
    """What shall be ordered belongs to more than one course; nothing was changed."""

    def __init__(self) -> None:
        super().__init__("They belong to more than one course: order one course at a time.")


@transaction.atomic
def number_modules(*, numbers: Mapping[int, int], actor: User) -> int:
    """Give modules of one course the places that are said, and return how many there are.

    Ids of nothing are passed over  [T-30]; equal numbers stand in order of their ids. All or nothing (T84).

    :raises SeveralCourses: if they belong to more than one course
    """
    return _number(Module.objects.filter(course__trashed_at=None), numbers, actor)


@transaction.atomic
def number_lessons(*, numbers: Mapping[int, int], actor: User) -> int:
    """Give lessons of one course the places in their modules that are said; the rest as `number_modules`.

    :raises SeveralCourses: as `number_modules`
    """
    return _number(Lesson.objects.filter(course__trashed_at=None, trashed_at=None), numbers, actor)


def _number(known: QuerySet[Any], numbers: Mapping[int, int], actor: User) -> int:
    asked = known.filter(pk__in=list(numbers))
    courses = list(Course.objects.filter(pk__in=asked.values("course")).order_by("pk")[:2])
    if len(courses) > 1:
        raise SeveralCourses
    if not courses:
        return 0
    course = lock_row(courses[0])
    rows = list(asked.filter(course=course).only("order"))
    for row in rows:
        row.order = numbers[row.pk]
    known.model.objects.bulk_update(rows, ["order"])
    kind = known.model._meta.verbose_name_plural
    note_action(actor=actor, verb="reordered", about=course, detail=f"{len(rows)} {kind}")
    return len(rows)
