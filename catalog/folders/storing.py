"""Files of an imported course: put under their names, and taken away when nothing shows them any more."""

from collections.abc import Iterator
from operator import itemgetter
from urllib.parse import quote

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from catalog.folders.disk import Folder
from catalog.folders.drafts import CourseDraft
from catalog.folders.fields import IMAGES
from catalog.models import Course
from catalog.pictures import course_pictures_address, course_shelf, files_under, lesson_pictures_address, lesson_shelf
from catalog.uploads import clean_picture

MATERIALS = "materials/"


def store_files(draft: CourseDraft, folder: Folder) -> None:
    """Put the files under their names; last of all, when nothing can be refused any more.

    Pictures are encoded anew, except when the folder gives back what we stored: an export loses nothing.
    """
    cleaned: tuple[str, bytes] = ("", b"")
    for stored, path in sorted(draft.files.items(), key=itemgetter(1)):  # what one picture becomes is made once
        content = folder.read_bytes(path)
        if _is_stored(stored, content):
            continue
        if not stored.startswith(MATERIALS):
            cleaned = cleaned if cleaned[0] == path else (path, clean_picture(content).content)
            content = cleaned[1]
        if not _is_stored(stored, content):
            default_storage.delete(stored)
            default_storage.save(stored, ContentFile(content))


def _is_stored(stored: str, content: bytes) -> bool:
    if not default_storage.exists(stored):
        return False
    with default_storage.open(stored) as present:
        return bool(present.read() == content)


def remove_unused(course: Course, draft: CourseDraft) -> None:
    """Delete pictures that no text of the course shows any more; one that became a lesson's must not stay public.

    A lesson that was only unpublished is not in the draft and keeps its pictures.
    """
    shown = "\n".join(_texts(draft))
    drafted = {lesson.fields["slug"] for lesson in draft.all_lessons()}
    slugs = course.lessons.exclude(slug__in=drafted).values_list("slug", flat=True)
    kept_shelves = tuple(lesson_shelf(course.slug, slug) for slug in slugs)
    kept = {*draft.files, *(getattr(course, name).name for name in IMAGES)}
    for stored in [*files_under(course_shelf(course.slug)), *files_under(f"lessons/{course.slug}/")]:
        if stored not in kept and not stored.startswith(kept_shelves) and _address(stored) not in shown:
            default_storage.delete(stored)


def _texts(draft: CourseDraft) -> Iterator[str]:
    for row in (draft, *draft.modules, *draft.all_lessons()):
        yield from (row.fields.get(name, "") for name in ("description", "body", "homework"))


def _address(stored: str) -> str:
    """Return the address of a stored picture, as an author may have written it in full."""
    shelf, course_slug, path = stored.split("/", 2)
    if shelf == "courses":
        return course_pictures_address(course_slug) + quote(path)
    lesson_slug, _, path = path.partition("/")
    return lesson_pictures_address(course_slug, lesson_slug) + quote(path)
