"""What a folder says about a course, before anything is compared with the database."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Problem:
    """One reason why a folder cannot be imported."""

    path: str
    cause: str
    line: int | None = None

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.cause}" if self.line else f"{self.path}: {self.cause}"


class BadFolder(Exception):
    """The folder cannot be imported; nothing was saved. `problems` lists every cause found."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(str(problem) for problem in self.problems))


@dataclass(kw_only=True)
class Draft:
    """A row as a file describes it. `fields` holds only what the file decides; `lines` says where it stands."""

    path: str
    fields: dict[str, Any]
    lines: dict[str, int] = field(default_factory=dict)


@dataclass(kw_only=True)
class MaterialDraft:
    """A material: an address, or a file at `path` in the folder, to be kept under `stored_name`."""

    kind: str
    title: str
    url: str = ""
    stored_name: str = ""


@dataclass(kw_only=True)
class LessonDraft(Draft):
    """A lesson. None for materials or transcript means that the folder leaves them as they are."""

    materials: list[MaterialDraft] | None = None
    transcript: tuple[str, str] | None = None


@dataclass(kw_only=True)
class ModuleDraft(Draft):
    lessons: list[LessonDraft] = field(default_factory=list)


@dataclass(kw_only=True)
class CourseDraft(Draft):
    """A course with everything below it. `files` maps names in the storage to paths in the folder."""

    category: tuple[str, str] | None = None
    tags: list[str] | None = None
    prerequisites: list[str] | None = None  # slugs of courses that are there already
    modules: list[ModuleDraft] = field(default_factory=list)
    lessons: list[LessonDraft] = field(default_factory=list)
    files: dict[str, str] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    decides_category: bool = True
    # Fields that only a new course gets: staff may have changed them since.
    fields_when_new: dict[str, Any] = field(default_factory=dict)

    def all_lessons(self) -> Iterator[LessonDraft]:
        """Every lesson in reading order."""
        yield from self.lessons
        for module in self.modules:
            yield from module.lessons
