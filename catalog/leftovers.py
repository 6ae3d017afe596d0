"""Files of what is deleted for good: they go too, unless something else shows them."""

from collections.abc import Iterable, Iterator

from django.core.files.storage import default_storage
from django.db.models import Q

from catalog.models import Course, Lesson, Material
from catalog.pictures import course_shelf, files_under, lesson_shelf

PICTURES = ("thumbnail", "cover", "logo")


def files_of(row: Course | Lesson) -> list[str]:
    """The stored names of everything that belongs to the course or lesson; ask before it is deleted."""
    if isinstance(row, Lesson):
        return [*_materials(Q(lesson=row)), *files_under(lesson_shelf(row.course.slug, row.slug))]
    pictures = [getattr(row, name).name for name in PICTURES if getattr(row, name)]
    shelves = (course_shelf(row.slug), f"lessons/{row.slug}/")
    return [*pictures, *_materials(Q(lesson__course=row)), *(name for shelf in shelves for name in files_under(shelf))]


def delete_unused(names: Iterable[str]) -> None:
    """Delete the files that no course and no material refers to any more: a copy of a lesson shares them."""
    for name in names:
        shown = Q(*((field, name) for field in PICTURES), _connector=Q.OR)
        if not (Material.objects.filter(file=name).exists() or Course.objects.filter(shown).exists()):
            default_storage.delete(name)


def _materials(which: Q) -> Iterator[str]:
    return Material.objects.filter(which).exclude(file="").values_list("file", flat=True).iterator()
