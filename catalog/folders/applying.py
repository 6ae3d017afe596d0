"""From a draft to the database: one transaction, matched by slug, students' progress untouched."""

from collections.abc import Callable, Iterable
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import ProtectedError

from catalog.folders import report as words
from catalog.folders.disk import Folder
from catalog.folders.drafts import BadFolder, CourseDraft, Draft, LessonDraft, MaterialDraft, ModuleDraft, Problem
from catalog.folders.fields import IMAGES, key_of
from catalog.folders.report import Report
from catalog.folders.storing import remove_unused, store_files
from catalog.models import (
    RESERVED_COURSE_SLUGS,
    RESERVED_LESSON_SLUGS,
    Category,
    Course,
    Lesson,
    Material,
    Module,
    Tag,
    Transcript,
)
from catalog.services import (
    PrerequisiteCycle,
    derive_course,
    derive_lesson,
    derive_module,
    recount_lessons,
    require_first,
)


def apply_course(draft: CourseDraft, folder: Folder, *, is_dry_run: bool) -> Report:
    """Make the database say what the draft says, and return what changed; a dry run changes nothing.

    :raises BadFolder: if any row would be wrong; then nothing is saved
    """
    with transaction.atomic():
        applying = _Applying(draft)
        course = applying.course()
        if applying.problems:
            raise BadFolder(applying.problems)
        recount_lessons(course.pk)
        if is_dry_run:
            transaction.set_rollback(True)
        else:
            store_files(draft, folder)
    if not is_dry_run:
        remove_unused(course, draft)
    applying.report.notes += draft.notes
    return applying.report


Row = Course | Module | Lesson
DERIVED = ("description_html", "body_html", "homework_html", "video_provider", "video_id")


class _Applying:
    def __init__(self, draft: CourseDraft) -> None:
        self.draft = draft
        self.report = Report()
        self.problems: list[Problem] = []

    def course(self) -> Course:
        draft = self.draft
        if draft.fields["slug"] in RESERVED_COURSE_SLUGS:
            raise BadFolder([Problem(draft.path, "slug: is an address of the site itself", draft.lines.get("slug"))])
        # Before its lessons, as whoever moves or edits them does.
        locked = Course.objects.select_for_update(of=("self",), no_key=True)
        course = locked.filter(slug=draft.fields["slug"]).first() or Course()
        if course.trashed_at:
            raise BadFolder(
                [Problem(draft.path, "slug: is of a course in the trash; restore it", draft.lines.get("slug"))]
            )
        values = dict(draft.fields) if course.pk else draft.fields_when_new | draft.fields
        if draft.decides_category:
            values["category"] = self._category(draft.category)
        if not self._save(course, draft, values, "course", derive_course):
            raise BadFolder(self.problems)
        self._tags(course)
        self._prerequisites(course)
        self._modules(course)
        return course

    def _save(self, row: Row, draft: Draft, values: dict[str, Any], kind: str, derive: Callable[[Any], None]) -> bool:
        """Save a row that differs, and report it; false if it is wrong."""
        is_new = row.pk is None
        before = _state(row, values)
        for name, value in values.items():
            setattr(row, name, value)
        derive(row)
        after = _state(row, values)
        if before == after and not is_new:
            self.report.unchanged += 1
            return True
        if not self._is_valid(row, draft):
            return False
        row.save()
        changed = [key_of(type(row), name) for name in values if before[name] != after[name]]
        action, fields = (words.CREATED, []) if is_new else (words.CHANGED, changed or ["appearance"])
        self.report.add(action, kind, row.title, fields, draft.path)
        return True

    def _is_valid(self, row: models.Model, draft: Draft) -> bool:
        try:
            row.full_clean()
        except ValidationError as error:
            for name, messages in error.message_dict.items():
                key = key_of(type(row), name)
                line = draft.lines.get(key)
                self.problems += [Problem(draft.path, _sentence(key, message), line) for message in messages]
            return False
        return True

    def _category(self, wanted: tuple[str, str] | None) -> Category | None:
        if wanted is None:
            return None
        slug, name = wanted
        category, is_new = Category.objects.get_or_create(slug=slug[:80], defaults={"name": name[:80]})
        if is_new:
            self.report.add(words.CREATED, "category", name)
        return category

    def _tags(self, course: Course) -> None:
        if self.draft.tags is None:
            return
        tags = []
        for slug in self.draft.tags:
            found = Tag.objects.filter(slug=slug).first()
            tag = found or Tag(slug=slug)
            if found is None:
                if not self._is_valid(tag, self.draft):
                    return
                tag.save()
            tags.append(tag)
        if {tag.pk for tag in tags} != set(course.tags.values_list("pk", flat=True)):
            course.tags.set(tags)
            self.report.add(words.CHANGED, "course", course.title, ["tags"], self.draft.path)

    def _prerequisites(self, course: Course) -> None:
        slugs = self.draft.prerequisites
        if slugs is None or set(slugs) == set(
            course.prerequisites.filter(trashed_at=None).values_list("slug", flat=True)
        ):
            return
        found = list(Course.objects.kept().filter(slug__in=slugs))
        line, unknown = self.draft.lines.get("prerequisites"), sorted(set(slugs) - {each.slug for each in found})
        if unknown:
            cause = f"prerequisites: there is no course “{unknown[0]}”; import it first"
            self.problems.append(Problem(self.draft.path, cause, line))
            return
        try:
            require_first(course, found)
        except PrerequisiteCycle as refusal:
            self.problems.append(Problem(self.draft.path, f"prerequisites: {refusal}", line))
        else:
            self.report.add(words.CHANGED, "course", course.title, ["prerequisites"], self.draft.path)

    def _modules(self, course: Course) -> None:
        existing = list(course.modules.order_by("order", "pk"))
        matched = _match_modules(existing, self.draft.modules)
        present = {lesson.slug: lesson for lesson in Lesson.objects.filter(course=course).in_reading_order()}
        lessons = {slug: lesson for slug, lesson in present.items() if not lesson.trashed_at}
        self._refuse_wrong_slugs(present.keys() - lessons.keys())
        self._lessons(course, None, self.draft.lessons, lessons)
        for draft, found in matched:
            module = found or Module(course=course)
            if self._save(module, draft, draft.fields, "module", derive_module):
                self._lessons(course, module, draft.lessons, lessons)
        for lesson in lessons.values():
            self._remove_lesson(lesson)
        kept = {found.pk for _, found in matched if found}
        for module in existing:
            if module.pk not in kept:
                self.report.add(words.REMOVED, "module", module.title)
                module.delete()

    def _refuse_wrong_slugs(self, in_trash: set[str]) -> None:
        """Say in words what the constraints would say in names, and what only a look at all files shows."""
        seen: dict[str, str] = {}
        for draft in self.draft.all_lessons():
            slug = draft.fields["slug"]
            causes = [
                (slug in seen, f"“{slug}” is also the slug of {seen.get(slug)}"),
                (slug in RESERVED_LESSON_SLUGS, f"“{slug}” is an address of the site itself"),
                (slug.isdigit(), "must not be a number"),
                (slug in in_trash, f"“{slug}” is of a lesson in the trash; restore it"),
            ]
            line = draft.lines.get("slug")
            self.problems += [Problem(draft.path, f"slug: {cause}", line) for is_wrong, cause in causes if is_wrong]
            seen[slug] = draft.path
        if self.problems:
            raise BadFolder(self.problems)

    def _lessons(
        self, course: Course, module: Module | None, drafts: Iterable[LessonDraft], existing: dict[str, Lesson]
    ) -> None:
        for draft in drafts:
            lesson = existing.pop(draft.fields["slug"], None) or Lesson(course=course)
            if self._save(lesson, draft, draft.fields | {"module": module}, "lesson", derive_lesson):
                self._materials(lesson, draft)
                self._transcript(lesson, draft)

    def _materials(self, lesson: Lesson, draft: LessonDraft) -> None:
        if draft.materials is None:
            return
        wanted = [(item.kind, item.title, item.url, item.stored_name) for item in draft.materials]
        rows = list(lesson.materials.order_by("order", "pk"))
        if wanted == [(row.kind, row.title, row.url, row.file.name or "") for row in rows]:
            return
        lesson.materials.all().delete()
        for index, item in enumerate(draft.materials):
            row = _material(lesson, item, index)
            if self._is_valid(row, draft):
                row.save()
        self.report.add(words.CHANGED, "lesson", lesson.title, ["materials"], draft.path)

    def _transcript(self, lesson: Lesson, draft: LessonDraft) -> None:
        if draft.transcript is None:
            return
        captions, text = draft.transcript
        row = Transcript.objects.filter(lesson=lesson).first()
        if (captions, text) == ((row.captions, row.text) if row else ("", "")):
            return
        if captions or text:
            Transcript.objects.update_or_create(lesson=lesson, defaults={"captions": captions, "text": text})
        else:
            Transcript.objects.filter(lesson=lesson).delete()
        self.report.add(words.CHANGED, "lesson", lesson.title, ["transcript"], draft.path)

    def _remove_lesson(self, lesson: Lesson) -> None:
        """Delete a lesson that is gone from the folder; if a student has progress in it, only unpublish it."""
        try:
            with transaction.atomic():
                lesson.delete()
            self.report.add(words.REMOVED, "lesson", lesson.title)
        except ProtectedError:
            if lesson.is_published:
                Lesson.objects.filter(pk=lesson.pk).update(is_published=False)
                self.report.add(words.UNPUBLISHED, "lesson", lesson.title)


def _state(row: Row, values: dict[str, Any]) -> dict[str, Any]:
    """What the draft decides and what follows from it, in a form that compares."""
    names = [*values, *(name for name in DERIVED if hasattr(row, name))]
    return {name: str(getattr(row, name) or "") if name in IMAGES else getattr(row, name) for name in names}


def _match_modules(existing: list[Module], drafts: list[ModuleDraft]) -> list[tuple[ModuleDraft, Module | None]]:
    """Pair modules by title; what is left over pairs by position, so that a renamed module stays itself."""
    free = list(existing)
    found: dict[int, Module] = {}
    for index, draft in enumerate(drafts):
        same = next((module for module in free if module.title == draft.fields["title"]), None)
        if same:
            found[index] = same
            free.remove(same)
    for index in range(len(drafts)):
        if index not in found and index < len(existing) and existing[index] in free:
            found[index] = existing[index]
            free.remove(existing[index])
    return [(draft, found.get(index)) for index, draft in enumerate(drafts)]


def _material(lesson: Lesson, item: MaterialDraft, index: int) -> Material:
    return Material(lesson=lesson, kind=item.kind, title=item.title, url=item.url, file=item.stored_name, order=index)


def _sentence(key: str, message: str) -> str:
    return message if key == "__all__" else f"{key}: {message}"
