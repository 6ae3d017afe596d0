"""Pictures put into a lesson by its editor: under names of ours, on the lesson's shelf, which follows its address."""

from dataclasses import dataclass

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
    address = lesson_pictures_address(lesson.course.slug, lesson.slug) + path
    said = "".join(character for character in words if character.isalnum() or character in " ,.-").strip()
    return LessonPicture(address, f"![{said}]({address})", address in f"{lesson.body}\n{lesson.homework}")


def move_lesson_pictures(lesson: Lesson, old_slug: str, stored: list[str]) -> list[str]:
    """Copy the pictures to the shelf of the lesson's new address and lead its texts there; the caller saves them.

    Names of copies go to `stored`; returned are those of what was copied, to be deleted when nothing can fail any more.
    """
    course = lesson.course.slug
    old_shelf, shelf = lesson_shelf(course, old_slug), lesson_shelf(course, lesson.slug)
    old = list(files_under(old_shelf))
    for name in old:
        copy = shelf + name.removeprefix(old_shelf)
        default_storage.delete(copy)  # no lesson has had this address until now: it is of nobody
        with default_storage.open(name) as content:
            stored.append(default_storage.save(copy, content))
    before, after = lesson_pictures_address(course, old_slug), lesson_pictures_address(course, lesson.slug)
    lesson.body, lesson.homework = (text.replace(before, after) for text in (lesson.body, lesson.homework))
    return old
