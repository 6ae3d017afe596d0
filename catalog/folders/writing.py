"""A course as the files of our format: the same course always gives the same bytes."""

import posixpath
import shutil
from pathlib import Path
from typing import Any

from django.core.files.storage import default_storage
from django.utils.text import slugify

from catalog.folders.attachments import FILES
from catalog.folders.fields import IMAGES, write_fields
from catalog.folders.front_matter import join_document
from catalog.folders.links import course_address, relative_address, rewrite_links
from catalog.folders.reading import COURSE_FILE, HOMEWORK, HOMEWORK_MARK, MODULE_FILE
from catalog.models import Course, Lesson, Material, Module, Transcript
from catalog.pictures import course_shelf, lesson_shelf, stored_picture
from catalog.video_links import parse_video_url


class FolderNotEmpty(Exception):
    """The folder holds something that is no exported course; it is left alone."""


def write_course(course: Course, directory: Path, *, is_dry_run: bool = False) -> list[str]:
    """Write the course into `directory`, replacing a course exported there before; return the paths written.

    :raises FolderNotEmpty: if the folder holds anything else
    """
    if directory.exists() and any(directory.iterdir()) and not (directory / COURSE_FILE).is_file():
        raise FolderNotEmpty(f"{directory} is not empty and holds no {COURSE_FILE}.")
    texts, files = course_files(course)
    if is_dry_run:
        return sorted([*texts, *files])
    _clear(directory)
    for path, text in texts.items():
        target = directory / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(text.encode())
    for path, stored in files.items():
        target = directory / path
        target.parent.mkdir(parents=True, exist_ok=True)
        with default_storage.open(stored) as source, target.open("wb") as sink:
            shutil.copyfileobj(source, sink)
    return sorted([*texts, *files])


def course_files(course: Course) -> tuple[dict[str, str], dict[str, str]]:
    """Return the texts by path, and for each further file the name under which it is stored."""
    writing = _Writing(course)
    modules = list(course.modules.order_by("order", "pk"))
    places = [(_directory(module, index, len(modules)), module) for index, module in enumerate(modules, 1)]
    writing.place_lessons("", None)
    for directory, module in places:
        writing.place_lessons(directory, module)
    writing.write_course()
    for index, (directory, module) in enumerate(places, 1):
        writing.write_module(module, directory, index)
    for stem, index, lesson in writing.lessons:
        writing.write_lesson(lesson, stem, index)
    return writing.texts, writing.files


class _Writing:
    def __init__(self, course: Course) -> None:
        self.course = course
        self.texts: dict[str, str] = {}
        self.files: dict[str, str] = {}
        self.lessons: list[tuple[str, int, Lesson]] = []
        self.lesson_paths: dict[str, str] = {}

    def place_lessons(self, directory: str, module: Module | None) -> None:
        """Give each lesson its path before any text is written, for texts refer to each other."""
        lessons = list(Lesson.objects.kept().filter(course=self.course, module=module).order_by("order", "pk"))
        for index, lesson in enumerate(lessons, 1):
            stem = posixpath.join(directory, f"{_number(index, len(lessons))}-{lesson.slug}")
            self.lessons.append((stem, index, lesson))
            self.lesson_paths[f"{course_address(self.course.slug)}{lesson.slug}/"] = f"{stem}.md"

    def write_course(self) -> None:
        course = self.course
        fields = write_fields(course)
        if course.category:
            name, slug = course.category.name, course.category.slug
            fields["category"] = name if slugify(name) == slug else {"slug": slug, "name": name}
        if tags := list(course.tags.order_by("slug").values_list("slug", flat=True)):
            fields["tags"] = tags
        if first := list(course.prerequisites.filter(trashed_at=None).order_by("slug").values_list("slug", flat=True)):
            fields["prerequisites"] = first
        fields |= {name: self.keep(getattr(course, name).name) for name in IMAGES if getattr(course, name)}
        self.texts[COURSE_FILE] = join_document(fields, self.relative(course.description, ""))

    def write_module(self, module: Module, directory: str, index: int) -> None:
        fields = write_fields(module) | _order(module.order, index)
        self.texts[f"{directory}/{MODULE_FILE}"] = join_document(fields, self.relative(module.description, directory))

    def write_lesson(self, lesson: Lesson, stem: str, index: int) -> None:
        directory = posixpath.dirname(stem)
        fields = write_fields(lesson) | _order(lesson.order, index)
        link = parse_video_url(lesson.video_url)
        if link and fields.get("video_thumbnail") == link.thumbnail_url:
            del fields["video_thumbnail"]
        if materials := [self.material(row) for row in lesson.materials.order_by("order", "pk")]:
            fields["materials"] = materials
        self.texts[f"{stem}.md"] = join_document(fields, self.relative(lesson.body, directory, lesson.slug))
        if lesson.homework or HOMEWORK_MARK in lesson.body:
            self.texts[stem + HOMEWORK] = self.relative(lesson.homework, directory, lesson.slug) + "\n"
        self.write_transcript(lesson, stem)

    def write_transcript(self, lesson: Lesson, stem: str) -> None:
        transcript = Transcript.objects.filter(lesson=lesson).first()
        if transcript and transcript.captions:
            self.texts[f"{stem}.vtt"] = transcript.captions
        if transcript and transcript.text:
            self.texts[f"{stem}.txt"] = transcript.text + "\n"

    def material(self, row: Material) -> dict[str, Any]:
        place = {"file": self.keep(str(row.file.name))} if row.file else {"url": row.url}
        return {"kind": str(row.kind), "title": row.title, **place}

    def keep(self, stored: str, lesson_slug: str = "") -> str:
        """Return the path in the folder for a stored file; different files of one name get different paths."""
        slug = self.course.slug
        shelves = (course_shelf(slug), f"materials/{slug}/", lesson_shelf(slug, lesson_slug))
        own = next((stored.removeprefix(shelf) for shelf in shelves if stored.startswith(shelf)), "")
        stem, dot, extension = (FILES + (own or posixpath.basename(stored))).rpartition(".")
        path, number = f"{stem}{dot}{extension}", 1
        while not _are_equal(self.files.get(path, stored), stored):
            number += 1
            path = f"{stem}-{number}{dot}{extension}"
        self.files.setdefault(path, stored)
        return path

    def relative(self, text: str, directory: str, lesson_slug: str = "") -> str:
        """Turn addresses of this course's lessons and pictures into paths of the folder.

        The picture of another lesson keeps its address: as a path it would become a picture of this text, and so be
        shown to people who may not open that lesson.
        """

        def rewrite(address: str, is_image: bool) -> str:
            url, _, fragment = address.partition("#h-")
            if not is_image and url in self.lesson_paths:
                path = relative_address(self.lesson_paths[url], directory)
                return f"{path}#{fragment}" if fragment else path
            stored = stored_picture(address, self.course.slug, lesson_slug) if is_image else ""
            return relative_address(self.keep(stored, lesson_slug), directory) if stored else address

        return rewrite_links(text, rewrite)


def _are_equal(one: str, other: str) -> bool:
    """Whether two stored files are one, or hold the same: a picture is stored for each lesson that shows it."""
    if one == other:
        return True
    if not (default_storage.exists(one) and default_storage.exists(other)):
        return False
    with default_storage.open(one) as first, default_storage.open(other) as second:
        return bool(first.size == second.size and first.read() == second.read())


def _directory(module: Module, index: int, total: int) -> str:
    return f"{_number(index, total)}-{slugify(module.title)[:60].strip('-') or 'module'}"


def _number(index: int, total: int) -> str:
    return str(index).zfill(max(2, len(str(total))))


def _order(order: int, index: int) -> dict[str, int]:
    return {} if order == index else {"order": order}


def _clear(directory: Path) -> None:
    """Remove the course exported here before: its files would stand for lessons that are gone."""
    for path in directory.iterdir() if directory.exists() else ():
        if path.is_dir() and not path.is_symlink():
            if path.name == FILES.strip("/") or (path / MODULE_FILE).is_file():
                shutil.rmtree(path)
        elif path.suffix in (".md", ".vtt", ".txt") and (path.name[:1].isdigit() or path.name == COURSE_FILE):
            path.unlink()
