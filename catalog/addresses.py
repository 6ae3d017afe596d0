"""Courses and lessons at new addresses: the old ones are remembered, and what lies under them moves along."""

from urllib.parse import quote

from django.core.files.storage import default_storage

from catalog.leftovers import IMAGES
from catalog.models import Course, Lesson, Module, OldCourseSlug, OldLessonSlug
from catalog.pictures import course_pictures_address, course_shelf, files_under
from catalog.services import derive_course, derive_lesson, derive_module

LESSONS = "lessons/"


def remember_course_slug(course: Course, old_slug: str) -> None:
    """Let the old address lead to the course; call after it was saved with its new one."""
    OldCourseSlug.objects.filter(slug=course.slug).delete()
    OldCourseSlug.objects.update_or_create(slug=old_slug, defaults={"course": course})


def remember_lesson_slug(lesson: Lesson, old_slug: str) -> None:
    """Let the old address in the course lead to the lesson; call after it was saved with its new one."""
    OldLessonSlug.objects.filter(course=lesson.course_id, slug=lesson.slug).delete()
    OldLessonSlug.objects.update_or_create(course=lesson.course, slug=old_slug, defaults={"lesson": lesson})


def copy_course_pictures(old_slug: str, slug: str, stored: list[str]) -> dict[str, str]:
    """Copy all pictures of a course and its lessons to the shelves of its new slug, beside whatever may lie there.

    Returns the name of each copy by that of its original; the names of copies go to `stored` as they are made.
    """
    copies: dict[str, str] = {}
    for shelf, new_shelf in (
        (course_shelf(old_slug), course_shelf(slug)),
        (f"{LESSONS}{old_slug}/", f"{LESSONS}{slug}/"),
    ):
        for name in list(files_under(shelf)):
            with default_storage.open(name) as content:
                copies[name] = default_storage.save(new_shelf + name.removeprefix(shelf), content)
            stored.append(copies[name])
    return copies


def lead_to_copies(course: Course, old_slug: str, copies: dict[str, str]) -> None:
    """Let the course and all its texts show its pictures under its new address; the caller saves the course.

    Whoever has a lesson of it open in an editor gets an `EditConflict`.
    """
    for name in IMAGES:
        picture = getattr(course, name)
        picture.name = copies.get(picture.name, picture.name)
    led = _Leading(old_slug, course.slug, copies)
    course.description = led(course.description)
    derive_course(course)
    _lead_modules(course, led)
    _lead_lessons(course, led)


class _Leading:
    """Turns the addresses in a text that begin with the old slug into those of today."""

    def __init__(self, old_slug: str, slug: str, copies: dict[str, str]) -> None:
        self.pairs = [
            (course_pictures_address(old_slug), course_pictures_address(slug)),
            (f"/courses/{old_slug}/", f"/courses/{slug}/"),
        ]
        for old, new in copies.items():  # a copy has another name where one of its name lay there
            kept = old.replace(f"/{old_slug}/", f"/{slug}/", 1)
            if kept != new:
                self.pairs.append((_tail(kept), _tail(new)))

    def __call__(self, text: str) -> str:
        for before, after in self.pairs:
            text = text.replace(before, after)
        return text


def _tail(stored: str) -> str:
    """How the address of a stored picture ends, whatever storage it lies in."""
    if not stored.startswith(LESSONS):
        return quote(stored)
    slug, lesson, path = stored.removeprefix(LESSONS).split("/", 2)
    return f"/courses/{slug}/{lesson}/pictures/{quote(path)}"


def _lead_modules(course: Course, led: _Leading) -> None:
    for module in Module.objects.filter(course=course).exclude(description=""):
        text = led(module.description)
        if text != module.description:
            module.description = text
            derive_module(module)
            module.save(update_fields=["description", "description_html"])


def _lead_lessons(course: Course, led: _Leading) -> None:
    for lesson in Lesson.objects.select_for_update(of=("self",), no_key=True).filter(course=course).order_by("pk"):
        texts = lesson.body, lesson.homework
        lesson.body, lesson.homework = (led(text) for text in texts)
        if texts != (lesson.body, lesson.homework):
            derive_lesson(lesson)
            lesson.save(update_fields=["body", "body_html", "homework", "homework_html", "updated_at"])
