"""Pictures in texts: where they are kept, under which address, and which may be shown.

A course's own pictures are public, like the catalog. Those of a lesson belong to what the lesson protects: they are
kept apart and handed out only after the decision that opens the lesson.
"""

import posixpath
import re
from collections.abc import Iterator
from urllib.parse import quote, unquote

from django.core.files import File
from django.core.files.storage import default_storage

# Raster only: an SVG is a document that may hold scripts.
PICTURE_TYPES = {
    ".png": "image/png",
    ".jpg": "image/jpeg",
    ".jpeg": "image/jpeg",
    ".gif": "image/gif",
    ".webp": "image/webp",
}
SAFE_PART = re.compile(r"[\w.,() +-]{1,100}")


def is_safe_path(path: str) -> bool:
    """Whether each part of the path is a plain name; none leads upward, is empty or hidden."""
    return all(SAFE_PART.fullmatch(part) and not part.startswith(".") for part in path.split("/"))


def course_shelf(course_slug: str) -> str:
    """Return what the stored names of a course's public pictures start with."""
    return f"courses/{course_slug}/"


def lesson_shelf(course_slug: str, lesson_slug: str) -> str:
    """Return what the stored names of a lesson's pictures start with."""
    return f"lessons/{course_slug}/{lesson_slug}/"


def course_pictures_address(course_slug: str) -> str:
    """Return what the addresses of a course's public pictures start with."""
    return default_storage.url(quote(course_shelf(course_slug)))


def lesson_pictures_address(course_slug: str, lesson_slug: str) -> str:
    """Return what the addresses of a lesson's pictures start with."""
    return f"/courses/{course_slug}/{lesson_slug}/pictures/"


def stored_picture(address: str, course_slug: str, lesson_slug: str = "") -> str:
    """Return the stored name of the course's or this lesson's picture at the address, or ``""``."""
    shelves = {course_pictures_address(course_slug): course_shelf(course_slug)}
    if lesson_slug:
        shelves[lesson_pictures_address(course_slug, lesson_slug)] = lesson_shelf(course_slug, lesson_slug)
    for start, shelf in shelves.items():
        path = unquote(address.removeprefix(start))
        if address.startswith(start) and is_safe_path(path) and default_storage.exists(shelf + path):
            return shelf + path
    return ""


def files_under(shelf: str) -> Iterator[str]:
    """Return the stored names of all files whose names start with this shelf."""
    if not default_storage.exists(shelf):
        return
    folders, names = default_storage.listdir(shelf)
    yield from (posixpath.join(shelf, name) for name in names)
    for folder in folders:
        yield from files_under(posixpath.join(shelf, folder, ""))


def open_lesson_picture(course_slug: str, lesson_slug: str, path: str) -> tuple["File[bytes]", str]:
    """Return a lesson's picture and its content type.

    :raises FileNotFoundError: if the lesson has no such picture, whatever else may be stored under the name
    """
    content_type = PICTURE_TYPES.get(posixpath.splitext(path)[1].lower())
    if content_type is None or not is_safe_path(path):
        raise FileNotFoundError(path)
    try:
        return default_storage.open(lesson_shelf(course_slug, lesson_slug) + path), content_type
    except OSError:
        raise FileNotFoundError(path) from None
