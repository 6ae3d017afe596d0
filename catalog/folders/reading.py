"""Our own format: `course.md`, a folder with `module.md` per module, a file per lesson, and what stands beside it."""

import posixpath
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django.utils.text import slugify

from catalog.captions import BadCaptions, parse_captions
from catalog.folders.attachments import Attachments
from catalog.folders.disk import Folder
from catalog.folders.drafts import BadFolder, CourseDraft, LessonDraft, MaterialDraft, ModuleDraft, Problem
from catalog.folders.fields import IMAGES, BadValue, read_fields, read_text, read_texts
from catalog.folders.front_matter import BadFrontMatter, Document, split_document
from catalog.folders.links import course_address, relative_path, rewrite_links
from catalog.folders.naming import readable_name, without_number
from catalog.models import Course, Lesson, MaterialKind, Module

COURSE_FILE = "course.md"
MODULE_FILE = "module.md"
HOMEWORK_MARK = "\n<!-- homework -->\n"
HOMEWORK = ".homework.md"
SIDECARS = (HOMEWORK, ".vtt", ".txt")
IGNORED = ("readme.md", "license.md")


@dataclass
class _Reading:
    folder: Folder
    attachments: Attachments
    problems: list[Problem] = field(default_factory=list)
    lesson_urls: dict[str, str] = field(default_factory=dict)

    def document(self, path: str) -> Document:
        try:
            return split_document(self.folder.read_text(path))
        except BadFrontMatter as error:
            self.problems.append(Problem(path, str(error), error.line))
        except BadFolder as error:
            self.problems += error.problems
        return Document({}, {}, "")

    def text(self, path: str) -> str:
        if path not in self.folder.files:
            return ""
        try:
            return self.folder.read_text(path)
        except BadFolder as error:
            self.problems += error.problems
            return ""


def is_course_folder(folder: Folder) -> bool:
    return COURSE_FILE in folder.files


def read_course(folder: Folder) -> CourseDraft:
    """Return the course in a folder of our format.

    :raises BadFolder: with every problem of every file
    """
    reading = _Reading(folder, Attachments(folder))
    draft = _read_course_file(reading)
    reading.attachments.course_slug = draft.fields["slug"]
    _read_images(reading, draft)
    draft.lessons = [_read_lesson(reading, path, index) for index, path in enumerate(_lesson_paths(folder, ""), 1)]
    for index, directory in enumerate(_module_directories(folder), 1):
        draft.modules.append(_read_module(reading, directory, index))
    _resolve_links(reading, draft)
    draft.files = reading.attachments.files
    draft.notes = [*_notes(folder), *reading.attachments.notes]
    if reading.problems or reading.attachments.problems:
        raise BadFolder([*reading.problems, *reading.attachments.problems])
    return draft


def _read_course_file(reading: _Reading) -> CourseDraft:
    document = reading.document(COURSE_FILE)
    values = read_fields(Course, document, COURSE_FILE, reading.problems)
    values["slug"] = values["slug"] or slugify(values["title"]) or slugify(reading.folder.root.name)
    values["description"] = document.body
    draft = CourseDraft(path=COURSE_FILE, fields=values, lines=document.lines, tags=[])
    readers: dict[str, Callable[[Any], Any]] = {
        "tags": read_texts,
        "prerequisites": read_texts,
        "category": _read_category,
    }
    for key, read in readers.items():
        try:
            setattr(draft, key, read(document.fields.get(key, None if key == "category" else [])))
        except BadValue as error:
            reading.problems.append(Problem(COURSE_FILE, f"{key}: {error}", document.lines.get(key)))
    draft.fields |= {name: document.fields.get(name, "") for name in IMAGES}
    return draft


def _read_category(value: Any) -> tuple[str, str] | None:
    """Return slug and name; both are written only where the name does not give the slug."""
    if value is None:
        return None
    if isinstance(value, dict) and set(value) == {"slug", "name"}:
        return read_text(value["slug"]), read_text(value["name"])
    name = read_text(value)
    return slugify(name), name


def _read_images(reading: _Reading, draft: CourseDraft) -> None:
    for name in IMAGES:
        path = draft.fields[name]
        stored = reading.attachments.add_image(str(path), COURSE_FILE, draft.lines.get(name)) if path else ""
        draft.fields[name] = stored or ""


def _read_module(reading: _Reading, directory: str, index: int) -> ModuleDraft:
    path = f"{directory}/{MODULE_FILE}"
    document = reading.document(path) if path in reading.folder.files else Document({}, {}, "")
    values = read_fields(Module, document, path, reading.problems)
    values["title"] = values["title"] or readable_name(directory)
    values["description"] = document.body
    values["order"] = _read_order(reading, document, path, index)
    paths = _lesson_paths(reading.folder, directory)
    lessons = [_read_lesson(reading, name, number) for number, name in enumerate(paths, 1)]
    return ModuleDraft(path=path, fields=values, lines=document.lines, lessons=lessons)


def _read_lesson(reading: _Reading, path: str, index: int) -> LessonDraft:
    document = reading.document(path)
    values = read_fields(Lesson, document, path, reading.problems)
    stem = path.removesuffix(".md")
    values["slug"] = values["slug"] or slugify(without_number(posixpath.basename(stem)))
    values["body"], values["homework"] = _read_homework(reading, document.body, stem + HOMEWORK)
    values["order"] = _read_order(reading, document, path, index)
    draft = LessonDraft(path=path, fields=values, lines=document.lines)
    draft.materials = _read_materials(reading, document, path)
    draft.transcript = (_read_captions(reading, f"{stem}.vtt"), reading.text(f"{stem}.txt").removesuffix("\n"))
    return draft


def _read_homework(reading: _Reading, body: str, path: str) -> tuple[str, str]:
    """Homework stands in a file of its own, or below a mark; with the file, the mark is ordinary text."""
    if path in reading.folder.files:
        return body, reading.text(path).removesuffix("\n")
    body, _, homework = body.partition(HOMEWORK_MARK)
    return body, homework.strip("\n")


def _read_order(reading: _Reading, document: Document, path: str, index: int) -> int:
    order = document.fields.get("order", index)
    if isinstance(order, bool) or not isinstance(order, int) or not 0 <= order < 2**31:
        reading.problems.append(Problem(path, "order: must be a whole number", document.lines.get("order")))
        return index
    return order


def _read_captions(reading: _Reading, path: str) -> str:
    text = reading.text(path)
    try:
        if text:
            parse_captions(text)
    except BadCaptions as error:
        reading.problems += [Problem(path, cause, line) for line, cause in error.errors]
    return text


def _read_materials(reading: _Reading, document: Document, path: str) -> list[MaterialDraft]:
    items = document.fields.get("materials", [])
    line = document.lines.get("materials")
    if not isinstance(items, list):
        reading.problems.append(Problem(path, "materials: must be a list", line))
        return []
    drafts = []
    for item in items:
        try:
            drafts.append(_read_material(reading, item, path, line))
        except BadValue as error:
            reading.problems.append(Problem(path, f"materials: {error}", line))
    return drafts


def _read_material(reading: _Reading, item: Any, path: str, line: int | None) -> MaterialDraft:
    known = isinstance(item, dict) and not set(item) - {"kind", "title", "url", "file"}
    if not known or ("url" in item) == ("file" in item):
        raise BadValue("each needs a title, and a url or a file")
    draft = MaterialDraft(
        kind=read_text(item.get("kind", MaterialKind.RESOURCE)),
        title=read_text(item.get("title", "")),
        url=read_text(item.get("url", "")),
    )
    if "file" in item:
        draft.stored_name = reading.attachments.add_material(read_text(item["file"]), path, line) or ""
    return draft


def _resolve_links(reading: _Reading, draft: CourseDraft) -> None:
    """Turn relative links to lessons and images into addresses of this site."""
    course_url = course_address(draft.fields["slug"])
    urls = {lesson.path: f"{course_url}{lesson.fields['slug']}/" for lesson in draft.all_lessons()}
    urls |= {COURSE_FILE: course_url, "": course_url}

    def resolve_in(directory: str, text: str, lesson_slug: str = "") -> str:
        def rewrite(address: str, is_image: bool) -> str | None:
            found = relative_path(address, directory)
            if found is None:
                return address
            if found[0] in urls:
                return urls[found[0]] + (f"#h-{found[1]}" if found[1] else "")
            stored = reading.attachments.add_body_image(found[0], lesson_slug) if is_image else None
            return stored or address

        return rewrite_links(text, rewrite)

    draft.fields["description"] = resolve_in("", draft.fields["description"])
    for module in draft.modules:
        module.fields["description"] = resolve_in(posixpath.dirname(module.path), module.fields["description"])
    for lesson in draft.all_lessons():
        for name in ("body", "homework"):
            directory = posixpath.dirname(lesson.path)
            lesson.fields[name] = resolve_in(directory, lesson.fields[name], lesson.fields["slug"])


def _lesson_paths(folder: Folder, directory: str) -> list[str]:
    own = (COURSE_FILE, MODULE_FILE)
    return [
        f"{directory}/{name}".removeprefix("/")
        for name in folder.names_in(directory)
        if name.endswith(".md") and not name.endswith(HOMEWORK) and name not in own and name.lower() not in IGNORED
    ]


def _module_directories(folder: Folder) -> list[str]:
    return [
        name
        for name in folder.directories_in("")
        if f"{name}/{MODULE_FILE}" in folder.files or (name != "files" and _lesson_paths(folder, name))
    ]


def _notes(folder: Folder) -> list[str]:
    return [f"{path}: skipped, a link or an unprintable name" for path in folder.skipped]
