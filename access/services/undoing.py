"""Taking back what staff just did: only what it did, and only while nobody touched it since.

Each is named by the event that did it: as long as that is the last of its right, nothing else has happened to it.
"""

from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet

from access import ledger
from access.models import AccessAction, AccessEvent, AccessStatus, AccessType, Cohort, CohortMembership, CourseAccess
from access.services.cohorts import member_source, take_seat
from access.services.rights import LIVE, change_access, grant_access, lock_access, revoke_access
from accounts.models import User

UNDONE = "Undone"


class ChangedSince(Exception):
    """Something else happened since; nothing is taken back."""


def last_event_of(access: CourseAccess) -> AccessEvent:
    """The event that names what was done to a right last."""
    return _events_of(access).latest("pk")


def _events_of(access: CourseAccess) -> QuerySet[AccessEvent]:
    return AccessEvent.objects.filter(access=access).order_by("pk")


def _locked(event_id: int, action: AccessAction, actor: User) -> tuple[CourseAccess, AccessEvent]:
    """The right of this event, held to the end of the transaction, and the event, which must be its last.

    A form sent a second time does nothing, and then names what others did since: that is not theirs to take back.

    :raises ChangedSince: if something happened to the right after it, or it is another act, or another's
    """
    event = AccessEvent.objects.get(pk=event_id)
    access = CourseAccess.objects.select_for_update(of=("self",)).get(events=event)
    if last_event_of(access) != event or (event.action, event.actor_id) != (action, actor.pk):
        raise ChangedSince("This access was changed since, so it stays as it is.")
    return access, event


@transaction.atomic
def undo_grant(*, event_id: int, actor: User, now: datetime) -> CourseAccess:
    """Revoke the right that this event granted.

    :raises ChangedSince: if something happened to it since
    """
    access, _ = _locked(event_id, AccessAction.GRANTED, actor)
    revoke_access(access=access, reason=UNDONE, actor=actor, now=now)
    return access


@transaction.atomic
def undo_extension(*, event_id: int, days: int, actor: User, now: datetime) -> CourseAccess:
    """Give the right that this event extended the end, or the days, it had before.

    A right that had ended ends again: its end lies in the past.

    :raises ChangedSince: if something happened to it since
    """
    access, event = _locked(event_id, AccessAction.EXTENDED, actor)
    if access.duration_days and access.starts_at is None:
        changes: dict[str, object] = {"duration_days": access.duration_days - days}
    else:
        before = _events_of(access).filter(pk__lt=event.pk).latest("pk")
        changes = {"expires_at": before.expires_at}
    change_access(access, LIVE, AccessAction.EXTENDED, changes, now=now, actor=actor, reason=UNDONE)
    return access


@transaction.atomic
def undo_removal(*, membership_id: int, actor: User, now: datetime) -> Cohort:
    """Put a student back into the cohort they were taken out of, with the rights of before, each with its end.

    What they were let keep as a right by hand goes back into the place. No mail: they were told of neither.

    :raises CohortFull: if the seat was taken meanwhile
    :raises ChangedSince: if they came back otherwise, also for a while, or what they kept was changed
    """
    old = CohortMembership.objects.select_related("user", "cohort").get(pk=membership_id)
    cohort, user = old.cohort, old.user
    seat, is_new = take_seat(cohort, user, now, added_by=actor)
    if not is_new:
        raise ChangedSince(f"{user.display_name} is in {cohort} again already.")
    if CohortMembership.objects.filter(user=user, cohort=cohort, pk__gt=old.pk, pk__lt=seat.pk).exists():
        raise ChangedSince(f"{user.display_name} was in {cohort} again since, so nothing is taken back.")
    ended = CourseAccess.objects.filter(user=user, cohort=cohort, status=AccessStatus.REVOKED, revoked_at=old.left_at)
    for row in ended.select_related("course").order_by("pk"):
        _give_back(row, actor, now)
    kept = CourseAccess.objects.filter(user=user, access_type=AccessType.MANUAL, source_key=member_source(old))
    for row in kept.filter(status__in=LIVE).order_by("pk"):
        undo_grant(event_id=_events_of(row).earliest("pk").pk, actor=actor, now=now)
    return cohort


def _give_back(row: CourseAccess, actor: User, now: datetime) -> None:
    """A right of the same end; one that has run out meanwhile stays gone, one that was locked is locked again."""
    if row.expires_at and row.expires_at <= now:
        return
    access = grant_access(
        user=row.user,
        course=row.course,
        access_type=AccessType.COHORT,
        source_key=row.source_key,
        cohort=row.cohort,
        now=now,
        starts_at=max(row.starts_at or now, now),
        expires_at=row.expires_at,
        is_lifetime=row.expires_at is None,
        must_join=row.must_join,
        actor=actor,
        reason=UNDONE,
    )
    before = ledger.right_of(_events_of(row).exclude(action=AccessAction.REVOKED))
    if before and before.status == AccessStatus.LOCKED:
        lock_access(access=access, reason=UNDONE, actor=actor, now=now)
