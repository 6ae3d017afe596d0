"""What staff change about a cohort, a bundle, a path or a tier: against the version they saw, and into the log.

The courses in it are for `contents`, the people for the file of its noun.
"""

from datetime import datetime, timedelta
from typing import TypeVar

from django.db import IntegrityError, transaction
from django.db.models import Model, ProtectedError
from django.utils.text import capfirst

from access.models import Bundle, Cohort, LearningPath, Tier
from access.services.bundles import free_slug, save_bundle, slug_base
from access.services.cohorts import save_cohort
from access.services.rights import lock_student
from accounts.models import StaffAction, User
from accounts.services import note_action

Group = TypeVar("Group", bound=Cohort | Bundle | LearningPath)
Managed = TypeVar("Managed", bound=Cohort | Bundle | LearningPath | Tier)
AGAIN = timedelta(minutes=1)


class GroupChanged(Exception):
    """Somebody saved it after the editor had loaded it; `current` is what it is now."""

    def __init__(self, current: Cohort | Bundle | LearningPath | Tier) -> None:
        super().__init__("Somebody else saved this in the meantime.")
        self.current = current


class NameTaken(Exception):
    """Somebody else was faster with this name."""


def version_of(row: Cohort | Bundle | LearningPath | Tier) -> str:
    """What the form of an editor carries, hidden, and gives back with what was typed."""
    return row.updated_at.isoformat()


def lock_version(row: Managed, version: str) -> Managed:
    """The row as it is now, nobody else's to edit until the transaction ends, if it is still what the editor loaded.

    :raises ObjectDoesNotExist: if it was deleted
    :raises GroupChanged: if it was saved since
    """
    current = type(row)._default_manager.select_for_update(of=("self",), no_key=True).get(pk=row.pk)
    if version_of(current) != version:
        raise GroupChanged(current)
    return current  # type: ignore[return-value] # a row of the same model


@transaction.atomic
def create_group(*, group: Group, now: datetime, actor: User) -> Group:
    """Save a new one. The same hands, the same name, within a minute: that is the same form sent twice.

    :raises NameTaken: if another of this name was saved at the same moment
    """
    lock_student(actor.pk)
    if earlier := _created_just_now(group, now, actor):
        return earlier
    _save(group, now, actor)
    note_action(actor=actor, verb="created", about=group)
    return group


def _created_just_now(group: Group, now: datetime, actor: User) -> Group | None:
    same = {"actor": actor, "verb": "created", "kind": str(group._meta.verbose_name), "label": str(group)[:200]}
    earlier = StaffAction.objects.filter(**same, at__gt=now - AGAIN).values("object_id")
    found = type(group)._default_manager.filter(pk__in=earlier).first()
    return found  # type: ignore[return-value] # a row of the same model


@transaction.atomic
def change_group(*, group: Managed, version: str, now: datetime, actor: User) -> Managed:
    """Save what staff wrote over the version they saw; what is as it was is not saved.

    :raises GroupChanged: if somebody saved it since
    :raises NameTaken: if another has the name
    :raises SeatsBelowMembers: of a cohort, if there would be fewer seats than members
    :raises AccessRefused: of a cohort, if a course ends before the new start
    """
    current = lock_version(group, version)
    if changed := changed_fields(current, group):
        _save(group, now, actor)
        note_action(actor=actor, verb="changed", about=group, detail=", ".join(changed))
    return group


def changed_fields(before: Model, after: Model) -> list[str]:
    """What differs between two versions of a row, in the words of a form."""
    fields = [field for field in after._meta.concrete_fields if field.editable and not field.primary_key]
    return [
        capfirst(str(field.verbose_name).removesuffix(" minor"))
        for field in fields
        if getattr(before, field.attname) != getattr(after, field.attname)
    ]


def _save(group: Cohort | Bundle | LearningPath | Tier, now: datetime, actor: User) -> None:
    try:
        with transaction.atomic():
            if isinstance(group, Cohort):
                save_cohort(cohort=group, now=now, actor=actor)
            elif isinstance(group, Bundle):
                save_bundle(bundle=group)
            else:
                _give_address(group)
                group.save()
    except IntegrityError:
        raise NameTaken("Another of this name was saved a moment ago.") from None


def _give_address(row: LearningPath | Tier) -> None:
    """A path keeps the address it was made with, whatever it is called later."""
    if isinstance(row, LearningPath) and not row.slug:
        row.slug = free_slug(LearningPath.objects.all(), slug_base(row.title) or "path")


@transaction.atomic
def delete_or_archive(*, group: Group, now: datetime, actor: User) -> bool:
    """Delete what nobody ever used, and take the rest off the offer; True says that it is deleted.

    Whoever joins or buys at the same moment either is in time, and it is archived, or is refused.

    :raises ObjectDoesNotExist: if it was deleted already
    """
    row = type(group)._default_manager.select_for_update(of=("self",)).get(pk=group.pk)
    try:
        with transaction.atomic():
            note_action(actor=actor, verb="deleted", about=row)
            row.delete()
    except ProtectedError:  # members, purchases, rights: what the database keeps it for
        _switch(row, "archived", is_active=False, now=now, actor=actor)
        return False
    return True


@transaction.atomic
def restore_group(*, group: Group, now: datetime, actor: User) -> None:
    """Put it on offer again; twice changes nothing.

    :raises ObjectDoesNotExist: if it was deleted
    """
    row = type(group)._default_manager.select_for_update(of=("self",), no_key=True).get(pk=group.pk)
    _switch(row, "restored", is_active=True, now=now, actor=actor)


def _switch(row: Cohort | Bundle | LearningPath, verb: str, *, is_active: bool, now: datetime, actor: User) -> None:
    if row.is_active != is_active:
        row.is_active = is_active
        row.save(update_fields=["is_active", "updated_at"])
        note_action(actor=actor, verb=verb, about=row)
