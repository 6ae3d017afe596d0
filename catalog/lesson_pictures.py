"""Pictures put into a lesson by its editor: under names of ours, on the lesson's shelf, which follows its address."""

from dataclasses import dataclass
from urllib.parse import quote

from django.core.files import File
from django.core.files.storage import default_storage

from catalog.models import Lesson
from catalog.pictures import files_under, lesson_pictures_address, lesson_shelf


@dataclass(frozen=True)
class LessonPicture:
    """A picture of a lesson's text; `is_shown` if the text or the homework refers to it."""

    address: str
    markdown: str
    is_shown: bool


def keep_lesson_picture(lesson: Lesson, picture: "File[bytes]", words: str = "") -> LessonPicture:
    """Put a picture that was encoded anew on the lesson's shelf; `words` say what it shows."""
    shelf = lesson_shelf(lesson.course.slug, lesson.slug)
    return _picture(lesson, default_storage.save(f"{shelf}{picture.name}", picture), words)


def pictures_of(lesson: Lesson) -> list[LessonPicture]:
    """What lies on the lesson's shelf, by name."""
    names = sorted(files_under(lesson_shelf(lesson.course.slug, lesson.slug)))
    return [_picture(lesson, name) for name in names]


def _picture(lesson: Lesson, stored: str, words: str = "") -> LessonPicture:
    path = stored.removeprefix(lesson_shelf(lesson.course.slug, lesson.slug))
    address = lesson_pictures_address(lesson.course.slug, lesson.slug) + quote(path)
    said = "".join(character for character in words if character.isalnum() or character in " ,.-").strip()
    return LessonPicture(address, f"![{said}]({address})", address in f"{lesson.body}\n{lesson.homework}")


def copy_lesson_pictures(course_slug: str, old_slug: str, slug: str, stored: list[str]) -> dict[str, str]:
    """Copy a lesson's pictures to the shelf of its new address, beside whatever may lie there.

    Returns the name of each copy by that of its original; the names of copies go to `stored` as they are made.
    """
    old_shelf, shelf = lesson_shelf(course_slug, old_slug), lesson_shelf(course_slug, slug)
    copies: dict[str, str] = {}
    for name in list(files_under(old_shelf)):
        with default_storage.open(name) as content:
            copies[name] = default_storage.save(shelf + name.removeprefix(old_shelf), content)
        stored.append(copies[name])
    return copies


def lead_to_copies(lesson: Lesson, old_slug: str, copies: dict[str, str]) -> None:
    """Let the lesson's texts show its pictures under its new address; the caller saves them."""
    course = lesson.course.slug
    before, after = lesson_pictures_address(course, old_slug), lesson_pictures_address(course, lesson.slug)
    lesson.body, lesson.homework = (text.replace(before, after) for text in (lesson.body, lesson.homework))
    old_shelf, shelf = lesson_shelf(course, old_slug), lesson_shelf(course, lesson.slug)
    for old, new in copies.items():
        kept, renamed = (after + quote(path) for path in (old.removeprefix(old_shelf), new.removeprefix(shelf)))
        lesson.body, lesson.homework = (text.replace(kept, renamed) for text in (lesson.body, lesson.homework))
