"""Two people with the same form open: who saves second is told, and nobody's words are lost."""

from typing import TypeVar

from catalog.models import Course, Lesson

Row = TypeVar("Row", Course, Lesson)


class EditConflict(Exception):
    """Somebody saved the row after the editor had loaded it; `current` is what it holds now."""

    def __init__(self, current: Course | Lesson) -> None:
        super().__init__("Somebody else saved this in the meantime.")
        self.current = current


def version_of(row: Course | Lesson) -> str:
    """What the form of an editor carries, hidden, and gives back with what was typed."""
    return row.updated_at.isoformat()


def lock_row(row: Row) -> Row:
    """The row as it is now, nobody else's until the transaction ends; call inside one.

    It may still be referred to: others may add lessons to a course or progress to a lesson meanwhile.

    :raises ObjectDoesNotExist: if it was deleted for good
    """
    return type(row).objects.select_for_update(of=("self",), no_key=True).get(pk=row.pk)


def lock_for_edit(row: Row, *, version: str) -> Row:
    """The same, if it is still what the editor loaded.

    :raises EditConflict: if it was saved, published, or put into the trash since
    """
    current = lock_row(row)
    if version_of(current) != version:
        raise EditConflict(current)
    return current
