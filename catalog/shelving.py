"""Categories, which stand in an order, and tags: made, named and taken away by staff."""

from django.db import IntegrityError, transaction
from django.db.models import Max

from accounts.models import User
from accounts.services import note_action
from catalog.models import Category, Course, Tag
from catalog.services import refresh_search


class NameTaken(Exception):
    """There is another of this name; the message may be shown."""


@transaction.atomic
def add_category(*, name: str, slug: str, actor: User) -> Category:
    """Add a category at the end.

    :raises NameTaken: if another has its address
    """
    last = Category.objects.aggregate(last=Max("order"))["last"]
    category = Category(name=name, slug=slug, order=0 if last is None else last + 1)
    _save(category)
    note_action(actor=actor, verb="created", about=category)
    return category


@transaction.atomic
def change_category(*, category: Category, name: str, slug: str, actor: User) -> None:
    """Give a category another name or address.

    :raises NameTaken: if another has its address
    """
    was, category.name, category.slug = category.name, name, slug
    _save(category)
    note_action(actor=actor, verb="changed", about=category, detail=f"Was “{was}”" if was != name else "")


@transaction.atomic
def move_category(*, category: Category, step: int, actor: User) -> None:
    """Move a category one place up (-1) or down (1); at the end of the row nothing moves."""
    row = list(Category.objects.select_for_update().order_by("order", "name", "pk"))
    place = row.index(category)
    if not 0 <= place + step < len(row):
        return
    row.insert(place + step, row.pop(place))
    for order, each in enumerate(row):
        if each.order != order:
            each.order = order
            each.save(update_fields=["order"])
    note_action(actor=actor, verb="moved", about=category, detail=f"To position {place + step + 1} of {len(row)}")


@transaction.atomic
def delete_category(*, category: Category, actor: User) -> None:
    """Take a category away; its courses stay, without one."""
    count = category.courses.count()
    note_action(actor=actor, verb="deleted", about=category, detail=f"Of {count} courses")
    category.delete()


@transaction.atomic
def add_tag(*, slug: str, actor: User) -> Tag:
    """Make a tag before any course has it.

    :raises NameTaken: if there is one
    """
    tag = Tag(slug=slug)
    _save(tag)
    note_action(actor=actor, verb="created", about=tag)
    return tag


@transaction.atomic
def rename_tag(*, tag: Tag, slug: str, actor: User) -> None:
    """Give a tag another name, also in what search finds of its courses.

    :raises NameTaken: if another tag has it
    """
    was, tag.slug = tag.slug, slug
    _save(tag)
    refresh_search(Course.objects.filter(tags=tag))
    note_action(actor=actor, verb="changed", about=tag, detail=f"Was “{was}”")


@transaction.atomic
def delete_tag(*, tag: Tag, actor: User) -> None:
    """Take a tag away from all its courses."""
    courses = list(Course.objects.filter(tags=tag))
    note_action(actor=actor, verb="deleted", about=tag, detail=f"Of {len(courses)} courses")
    tag.delete()
    refresh_search(courses)


def _save(row: Category | Tag) -> None:
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError:
        raise NameTaken("There is another with this address.") from None
