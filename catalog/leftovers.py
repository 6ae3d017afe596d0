"""Files beside the rows that name them: stored before a transaction, deleted after it unless something shows them.

Some storages are asked over the network, so nothing here is called inside a transaction.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager

import structlog
from django.core.files.storage import default_storage
from django.db.models import Q

from catalog.models import Course, Lesson, Material
from catalog.pictures import course_shelf, files_under, lesson_shelf
from common.storages import StorageAway

IMAGES = ("thumbnail", "cover", "logo")

log = structlog.get_logger(__name__)


@contextmanager
def files_or_nothing() -> Iterator[list[str]]:
    """Files named in the list, stored before the transaction begins, are deleted again when anything fails."""
    stored: list[str] = []
    try:
        yield stored
    except BaseException:
        delete_files(stored)
        raise


def delete_files(names: Iterable[str]) -> None:
    """Delete what nothing leads to; a file that cannot be deleted now stays."""
    for name in names:
        try:
            default_storage.delete(name)
        except StorageAway:
            log.warning("file_left_behind", name=name)


def delete_unused(names: Iterable[str]) -> None:
    """Delete the files that no course and no material refers to any more: a copy of a lesson shares them."""
    delete_files(name for name in names if not _is_shown(name))


def _is_shown(name: str) -> bool:
    image = Q(*((field, name) for field in IMAGES), _connector=Q.OR)
    return Material.objects.filter(file=name).exists() or Course.objects.filter(image).exists()


def files_of(row: Course | Lesson) -> list[str]:
    """The stored names of everything that belongs to the course or lesson; ask before it is deleted.

    :raises StorageAway: if the storage does not answer
    """
    if isinstance(row, Lesson):
        return [*_materials(Q(lesson=row)), *files_under(lesson_shelf(row.course.slug, row.slug))]
    pictures = [getattr(row, name).name for name in IMAGES if getattr(row, name)]
    shelves = (course_shelf(row.slug), f"lessons/{row.slug}/")
    return [*pictures, *_materials(Q(lesson__course=row)), *(name for shelf in shelves for name in files_under(shelf))]


def _materials(which: Q) -> Iterator[str]:
    return Material.objects.filter(which).exclude(file="").values_list("file", flat=True).iterator()
