"""The same changes as `rights` makes one by one, made to many rows at once: the same columns, and one event each.

Tests compare both. Whoever calls these holds the rows, or is the only one who knows the new ones.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from django.db import connection
from django.db.models import QuerySet

from access.models import AccessAction, AccessEvent, AccessStatus, AccessType, CourseAccess
from access.services.rights import event_of, lengthened, revocation, times_of
from accounts.models import User
from catalog.models import Course


@dataclass(frozen=True)
class Change:
    """A right that there is, and what to make of it; a reason for the history."""

    access: CourseAccess
    reason: str


@dataclass(frozen=True)
class NewEnd(Change):
    """A right that there is, and its other end."""

    until: datetime


# `event_of` for new rights, without a hundred thousand objects more: a third of the time of a large batch.
EVENTS_OF_GRANTS = """
INSERT INTO access_accessevent
    (access_id, user_id, course_id, action, actor_id, at, reason, cause, starts_at, expires_at)
SELECT id, user_id, course_id, 'granted', granted_by_id, granted_at, notes, source_key, starts_at, expires_at
FROM access_courseaccess
WHERE access_type = 'manual' AND source_key = %s AND user_id BETWEEN %s AND %s
ORDER BY id
"""


class Gift(NamedTuple):
    """A right to be given."""

    user_id: int
    course: Course
    until: datetime | None
    note: str


def rights_given(source_key: str, user_ids: Iterable[int]) -> QuerySet[CourseAccess]:
    """What `grant_many` gave these students by this source."""
    return CourseAccess.objects.filter(
        user__in=list(user_ids), access_type=AccessType.MANUAL, source_key=source_key, course__isnull=False
    )


def grant_many(*, gifts: Sequence[Gift], source_key: str, actor: User, now: datetime) -> None:
    """Give these rights by hand, open from now; none of these students has one of this source yet.

    :raises AccessRefused: if one would end before it starts
    """
    CourseAccess.objects.bulk_create([_right(gift, source_key, actor, now) for gift in gifts])
    students = [gift.user_id for gift in gifts]
    if students:
        with connection.cursor() as cursor:
            cursor.execute(EVENTS_OF_GRANTS, [source_key, min(students), max(students)])


def _right(gift: Gift, source_key: str, actor: User, now: datetime) -> CourseAccess:
    return CourseAccess(
        user_id=gift.user_id,
        course_id=gift.course.pk,
        access_type=AccessType.MANUAL,
        source_key=source_key,
        granted_by_id=actor.pk,
        granted_at=now,
        notes=gift.note,
        **times_of(gift.course, now, is_pending=False, starts_at=now, expires_at=gift.until),
    )


def extend_many(*, changes: list[NewEnd], cause: str, actor: User, now: datetime) -> None:
    """Give each right its later end."""
    for change in changes:
        for name, value in lengthened(change.access, change.until).items():
            setattr(change.access, name, value)
    _write(changes, ["expires_at", "status"], AccessAction.EXTENDED, cause=cause, actor=actor, now=now)


def revoke_many(*, changes: Iterable[Change], cause: str, actor: User, now: datetime) -> None:
    """Take each right away, with its reason."""
    alike: dict[str, list[CourseAccess]] = defaultdict(list)
    for change in changes:
        alike[change.reason].append(change.access)
    for reason, rights in alike.items():
        columns = revocation(now=now, actor=actor, reason=reason)
        CourseAccess.objects.filter(pk__in=[right.pk for right in rights]).update(**columns)
        _write_events(rights, [reason] * len(rights), AccessAction.REVOKED, cause=cause, actor=actor, now=now)


def shorten_many(*, changes: list[NewEnd], cause: str, actor: User, now: datetime) -> None:
    """Give each right back the end it had before; what was over is over again."""
    over = [change for change in changes if change.access.status == AccessStatus.EXPIRED]
    running = [change for change in changes if change.access.status != AccessStatus.EXPIRED]
    for change in changes:
        change.access.expires_at = change.until
    _write(over, ["expires_at", "status"], AccessAction.EXPIRED, cause=cause, actor=actor, now=now)
    _write(running, ["expires_at", "status"], AccessAction.EXTENDED, cause=cause, actor=actor, now=now)


def _write(
    changes: Sequence[Change], columns: list[str], action: AccessAction, *, cause: str, actor: User, now: datetime
) -> None:
    rights = [change.access for change in changes]
    CourseAccess.objects.bulk_update(rights, columns)
    _write_events(rights, [change.reason for change in changes], action, cause=cause, actor=actor, now=now)


def _write_events(
    rights: list[CourseAccess], reasons: list[str], action: AccessAction, *, cause: str, actor: User, now: datetime
) -> None:
    AccessEvent.objects.bulk_create(
        event_of(right, action, now=now, actor=actor, reason=reason, cause=cause)
        for right, reason in zip(rights, reasons, strict=True)
    )
