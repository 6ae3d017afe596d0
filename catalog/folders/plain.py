"""A plain repository of Markdown lessons: numbered folders and files, a README here and there, and no `course.md`."""

import posixpath
import re
from dataclasses import dataclass, field

from django.utils.text import slugify
from markdown_it.token import Token

from catalog.folders.attachments import Attachments
from catalog.folders.disk import Folder
from catalog.folders.drafts import BadFolder, CourseDraft, LessonDraft, ModuleDraft, Problem
from catalog.folders.links import course_address, relative_path, rewrite_links
from catalog.folders.naming import readable_name, without_number
from catalog.folders.video_in_text import take_video
from catalog.models import RESERVED_LESSON_SLUGS, CourseStatus, LessonType
from common.markdown import drop_leading_title, first_heading, inline_text, parse, plain_text
from common.sanitising import strip_tags

NUMBERED = re.compile(r"\d+[-_. ]")
LESSON_FOLDER = "lessons"
README = re.compile(r"readme\.md", re.IGNORECASE)
RAW_TITLE = re.compile(r"<h1\b[^>]*>.*?</h1\s*>\n?", re.IGNORECASE | re.DOTALL)
RAW_PARAGRAPH = re.compile(r"<p\b[^>]*>(.*?)</p\s*>", re.IGNORECASE | re.DOTALL)
SHORTEST_SUMMARY = 40
TITLE_LENGTH = 200
SUMMARY_LENGTH = 300
SLUG_LENGTH = 100


@dataclass
class _Reading:
    folder: Folder
    base_url: str
    attachments: Attachments
    problems: list[Problem] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    lesson_urls: dict[str, str] = field(default_factory=dict)
    first_lessons: dict[str, str] = field(default_factory=dict)
    course_url: str = ""

    def text(self, path: str) -> str:
        try:
            return self.folder.read_text(path).replace("\r\n", "\n") if path else ""
        except BadFolder as error:
            self.problems += error.problems
            return ""


def read_repository(
    folder: Folder, *, slug: str = "", base_url: str = "", status: CourseStatus = CourseStatus.ACTIVE
) -> CourseDraft:
    """Return the course that a repository holds.

    `base_url` is where the repository can be read in a browser; links to what is no lesson lead there, or lose their
    address without it. `status` is for a course that is new; after that staff decide.

    :raises BadFolder: with every problem of every file, or if nothing in the folder is numbered
    """
    reading = _Reading(folder, base_url.rstrip("/"), Attachments(folder))
    slug = slug or slugify(folder.root.name)[:SLUG_LENGTH] or "course"
    reading.attachments.course_slug = slug
    readme = _readme_in(folder, "")
    text = reading.text(readme)
    title = (first_heading(text) or readable_name(folder.root.name))[:TITLE_LENGTH]
    draft = CourseDraft(path=readme or ".", fields={"title": title, "slug": slug}, decides_category=False)
    draft.fields["short_description"] = _summary(text)
    draft.fields["description"] = RAW_TITLE.sub("", drop_leading_title(text, title), count=1)
    draft.fields_when_new = {"status": status}
    _read_modules(reading, draft)
    if not any(draft.all_lessons()):
        raise BadFolder([*reading.problems, Problem(".", "holds neither course.md nor numbered Markdown files")])
    _name_lessons(draft)
    _resolve_links(reading, draft)
    draft.files = reading.attachments.files
    draft.notes = [f"{path}: skipped, a link or an unprintable name" for path in folder.skipped]
    draft.notes += [*dict.fromkeys([*reading.notes, *reading.attachments.notes])]
    if reading.problems:
        raise BadFolder(reading.problems)
    return draft


def _read_modules(reading: _Reading, draft: CourseDraft) -> None:
    draft.lessons = _read_lessons(reading, [""])
    directories = [name for name in reading.folder.directories_in("") if NUMBERED.match(name)]
    for directory in directories:
        lessons = _read_lessons(reading, [directory, f"{directory}/{LESSON_FOLDER}"])
        readme = _readme_in(reading.folder, directory)
        if not lessons and not readme:
            continue
        text = reading.text(readme)
        title = (first_heading(text) or readable_name(directory))[:TITLE_LENGTH]
        values = {"title": title, "description": drop_leading_title(text, title), "order": len(draft.modules) + 1}
        draft.modules.append(ModuleDraft(path=readme or f"{directory}/", fields=values, lessons=lessons))


def _read_lessons(reading: _Reading, directories: list[str]) -> list[LessonDraft]:
    paths = [
        posixpath.join(directory, name)
        for directory in directories
        for name in reading.folder.names_in(directory)
        if NUMBERED.match(name) and name.lower().endswith(".md")
    ]
    return [_read_lesson(reading, path, index) for index, path in enumerate(paths, 1)]


def _read_lesson(reading: _Reading, path: str, order: int) -> LessonDraft:
    text = reading.text(path)
    title = (first_heading(text) or readable_name(posixpath.splitext(path)[0]))[:TITLE_LENGTH]
    video, body = take_video(drop_leading_title(text, title))
    values = {
        "title": title,
        "body": body,
        "video_url": video,
        "lesson_type": LessonType.VIDEO if video else LessonType.TEXT,
        "order": order,
        "is_published": True,
    }
    return LessonDraft(path=path, fields=values)


def _name_lessons(draft: CourseDraft) -> None:
    """Give each lesson a slug from its file's name; one that is taken gets its module's in front."""
    taken = set(RESERVED_LESSON_SLUGS)
    for module in (None, *draft.modules):
        module_slug = slugify(without_number(posixpath.dirname(module.path).partition("/")[0])) if module else ""
        for lesson in module.lessons if module else draft.lessons:
            lesson.fields["slug"] = _free_slug(lesson, module_slug, taken)


def _free_slug(lesson: LessonDraft, module_slug: str, taken: set[str]) -> str:
    from_title: str = slugify(lesson.fields["title"])
    stem = posixpath.basename(posixpath.splitext(lesson.path)[0])
    slug: str = (slugify(without_number(stem)) or from_title)[:SLUG_LENGTH]
    if not slug or slug.isdigit():
        slug = f"lesson-{slug}".rstrip("-")
    with_module = "" if slug.startswith(module_slug) else f"{module_slug}-{slug}"
    candidates = [slug, with_module, from_title, *(f"{slug}-{number}" for number in range(2, len(taken) + 3))]
    possible = (name[:SLUG_LENGTH] for name in candidates if name and not name.isdigit())
    free = next(name for name in possible if name not in taken)
    taken.add(free)
    return free


def _resolve_links(reading: _Reading, draft: CourseDraft) -> None:
    reading.course_url = course_address(draft.fields["slug"])
    for lesson in draft.all_lessons():
        reading.lesson_urls[lesson.path] = f"{reading.course_url}{lesson.fields['slug']}/"
    for module in draft.modules:
        directory = posixpath.dirname(module.path)
        first = reading.lesson_urls[module.lessons[0].path] if module.lessons else reading.course_url
        reading.first_lessons |= dict.fromkeys((directory, f"{directory}/{LESSON_FOLDER}", module.path), first)
    for row in (draft, *draft.modules):
        row.fields["description"] = _resolved(reading, row.fields["description"], row.path, "")
    for module in draft.modules:
        for lesson in module.lessons:
            _resolve_lesson(reading, lesson, posixpath.dirname(module.path))
    for lesson in draft.lessons:
        _resolve_lesson(reading, lesson, "")


def _resolve_lesson(reading: _Reading, lesson: LessonDraft, own_module: str) -> None:
    fields = lesson.fields
    fields["body"] = _resolved(reading, fields["body"], lesson.path, own_module, fields["slug"])


def _resolved(reading: _Reading, text: str, path: str, own_module: str, lesson_slug: str = "") -> str:
    """Rewrite the relative links of one file."""

    def rewrite(address: str, is_image: bool) -> str | None:
        found = relative_path(address, posixpath.dirname(path))
        if found is None:
            return None if _leads_outside(address) else address
        target, fragment = found
        if is_image:
            return reading.attachments.add_body_image(target, lesson_slug)
        if url := _page_of(reading, target, own_module):
            return f"{url}#h-{fragment}" if fragment and target in reading.lesson_urls else url
        if not reading.base_url:
            reading.notes.append(f"{path}: the link to {target} leads to no lesson; its words stay")
            return None
        return f"{reading.base_url}/{target}" + (f"#{fragment}" if fragment else "")

    return rewrite_links(text, rewrite)


def _page_of(reading: _Reading, target: str, own_module: str) -> str | None:
    """Return our page for a file: a lesson's own, the course's, or for another module its first lesson's."""
    if target in reading.lesson_urls:
        return reading.lesson_urls[target]
    is_own = bool(own_module) and target.startswith(own_module) and target in reading.first_lessons
    if not target or README.fullmatch(target) or is_own:
        return reading.course_url
    return reading.first_lessons.get(target)


def _leads_outside(address: str) -> bool:
    return address.startswith("../") or address == ".."


def _readme_in(folder: Folder, directory: str) -> str:
    names = (name for name in folder.names_in(directory) if README.fullmatch(name))
    return next((posixpath.join(directory, name) for name in names), "")


def _summary(text: str) -> str:
    """Return the first paragraph that says something, for cards and search engines."""
    tokens = parse(text)
    for token in tokens:
        words = _paragraph(token, tokens)
        if len(words) >= SHORTEST_SUMMARY:
            return plain_text(words, SUMMARY_LENGTH)
    return ""


def _paragraph(token: Token, tokens: list[Token]) -> str:
    if token.type == "html_block" and (match := RAW_PARAGRAPH.search(token.content)):
        return " ".join(strip_tags(match.group(1)).split())
    if token.type != "inline" or token.level != 1:
        return ""
    before = tokens[tokens.index(token) - 1]
    has_image = any(child.type == "image" for child in token.children or [])
    return inline_text(token) if before.type == "paragraph_open" and not has_image else ""
