"""Courses and lessons at new addresses: the old ones are remembered, and what lies under them moves along."""

from collections.abc import Iterator

from django.core.files.storage import default_storage

from catalog.models import Course, Lesson, Module, OldCourseSlug, OldLessonSlug
from catalog.pictures import course_pictures_address, course_shelf, files_under
from catalog.services import derive_course, derive_lesson, derive_module

IMAGES = ("thumbnail", "cover", "logo")


def remember_course_slug(course: Course, old_slug: str) -> None:
    """Let the old address lead to the course; call after it was saved with its new one."""
    OldCourseSlug.objects.filter(slug=course.slug).delete()
    OldCourseSlug.objects.update_or_create(slug=old_slug, defaults={"course": course})


def remember_lesson_slug(lesson: Lesson, old_slug: str) -> None:
    """Let the old address in the course lead to the lesson; call after it was saved with its new one."""
    OldLessonSlug.objects.filter(course=lesson.course_id, slug=lesson.slug).delete()
    OldLessonSlug.objects.update_or_create(course=lesson.course, slug=old_slug, defaults={"lesson": lesson})


def move_course(course: Course, old_slug: str, stored: list[str]) -> list[str]:
    """Copy all pictures of a course to the shelves of its new slug and lead all its texts there; save the course after.

    Names of copies go to `stored`; returned are those of what was copied, to be deleted when nothing can fail any more.
    Whoever has a lesson of it open in an editor gets an `EditConflict`.
    """
    shelf, new_shelf = course_shelf(old_slug), course_shelf(course.slug)
    moved = [*_copied(shelf, new_shelf, stored), *_copied(f"lessons/{old_slug}/", f"lessons/{course.slug}/", stored)]
    for name in IMAGES:
        picture = getattr(course, name)
        if picture.name.startswith(shelf):
            picture.name = new_shelf + picture.name.removeprefix(shelf)
    course.description = _led(course.description, old_slug, course.slug)
    derive_course(course)
    _lead_modules(course, old_slug)
    _lead_lessons(course, old_slug)
    return moved


def _copied(old_shelf: str, shelf: str, stored: list[str]) -> Iterator[str]:
    for name in list(files_under(old_shelf)):
        copy = shelf + name.removeprefix(old_shelf)
        default_storage.delete(copy)  # no course has this address until now: it is of nobody
        with default_storage.open(name) as content:
            stored.append(default_storage.save(copy, content))
        yield name


def _led(text: str, old_slug: str, slug: str) -> str:
    led = text.replace(course_pictures_address(old_slug), course_pictures_address(slug))
    return led.replace(f"/courses/{old_slug}/", f"/courses/{slug}/")


def _lead_modules(course: Course, old_slug: str) -> None:
    for module in Module.objects.filter(course=course, description__contains=f"/{old_slug}/"):
        module.description = _led(module.description, old_slug, course.slug)
        derive_module(module)
        module.save(update_fields=["description", "description_html"])


def _lead_lessons(course: Course, old_slug: str) -> None:
    for lesson in Lesson.objects.select_for_update(of=("self",), no_key=True).filter(course=course).order_by("pk"):
        texts = lesson.body, lesson.homework
        lesson.body, lesson.homework = (_led(text, old_slug, course.slug) for text in texts)
        if texts != (lesson.body, lesson.homework):
            derive_lesson(lesson)
            lesson.save(update_fields=["body", "body_html", "homework", "homework_html", "updated_at"])
