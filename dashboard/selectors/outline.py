"""The outline of a course as the builder shows it: every module and lesson, also what students do not see yet."""

from dataclasses import dataclass

from django.db.models import Exists, OuterRef

from catalog.arranging import Arrangement, Shelf
from catalog.models import Course, Lesson, LessonType, Module, Transcript
from catalog.selectors import OUTLINE_FIELDS

WATCHED = {LessonType.VIDEO, LessonType.REPLAY, LessonType.AUDIO}


@dataclass(frozen=True)
class Line:
    """A lesson and what staff see of it at a glance; `goes_up` and `goes_down`: it is not at that end of the course."""

    lesson: Lesson
    number: int
    goes_up: bool
    goes_down: bool

    @property
    def needs_video(self) -> bool:
        return self.lesson.lesson_type in WATCHED

    @property
    def lacks_video(self) -> bool:
        return self.needs_video and not self.lesson.video_url

    @property
    def has_captions(self) -> bool:
        return bool(self.lesson.has_captions)  # type: ignore[attr-defined] # asked for with the lesson


@dataclass(frozen=True)
class Section:
    """A module and its lessons; without a module: those that stand before all modules."""

    module: Module | None
    lines: list[Line]
    number: int
    is_last: bool


@dataclass(frozen=True)
class Outline:
    """All of it, and the version of its order."""

    sections: list[Section]
    version: str
    lesson_count: int

    @property
    def has_loose(self) -> bool:
        return bool(self.sections[0].lines)

    @property
    def module_count(self) -> int:
        return len(self.sections) - 1


def builder_outline(course: Course) -> Outline:
    """Everything of a course but what lies in the trash, in reading order: two queries."""
    modules: list[Module | None] = [None, *Module.objects.filter(course=course).order_by("order", "pk")]
    captions = Transcript.objects.filter(lesson=OuterRef("pk")).exclude(captions="")
    lessons = (
        Lesson.objects.filter(course=course, trashed_at=None)
        .only(*OUTLINE_FIELDS, "video_url")
        .annotate(has_captions=Exists(captions))
        .order_by("order", "pk")
    )
    held: dict[int | None, list[Lesson]] = {}
    for lesson in lessons:
        held.setdefault(lesson.module_id, []).append(lesson)
    shelves = [held.get(module.pk if module else None, []) for module in modules]
    arrangement = Arrangement(
        Shelf(module.pk if module else None, tuple(lesson.pk for lesson in shelf))
        for module, shelf in zip(modules, shelves, strict=True)
    )
    return Outline(_sections(modules, shelves), arrangement.version, sum(map(len, shelves)))


def _sections(modules: list[Module | None], shelves: list[list[Lesson]]) -> list[Section]:
    shown = [number for number, shelf in enumerate(shelves) if number or shelf]
    first, last = min(shown, default=0), max(shown, default=0)
    return [
        Section(
            module,
            [
                Line(lesson, place, number > first or place > 1, number < last or place < len(shelf))
                for place, lesson in enumerate(shelf, 1)
            ],
            number,
            number == len(modules) - 1,
        )
        for number, (module, shelf) in enumerate(zip(modules, shelves, strict=True))
    ]
