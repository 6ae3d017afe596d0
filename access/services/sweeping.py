"""Writes down what readers say already: rights that have opened or ended by themselves; and tells those who lost one.

A batch is a hundred students, whole, in one transaction: their rows, the events and the mails are there together or not
at all, so a sweep that is killed leaves nothing half done. It waits for nobody: who is being changed at that moment
waits for the next sweep.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q, QuerySet

from access.emails import announce_ended, announce_ending
from access.endings import News, news_of
from access.models import (
    OPENING,
    AccessAction,
    AccessEvent,
    AccessNotice,
    AccessStatus,
    AccessType,
    CourseAccess,
    NoticeKind,
)
from accounts.models import User

BATCH = 100
CAUSE = "sweep"
REMINDED_BEFORE = timedelta(days=7)
Announce = Callable[..., None]


@dataclass(frozen=True)
class Swept:
    """How many rights opened and ended, and how many students were told of an end, or that one comes."""

    opened: int = 0
    ended: int = 0
    told: int = 0
    reminded: int = 0

    def __add__(self, other: "Swept") -> "Swept":
        return Swept(
            self.opened + other.opened,
            self.ended + other.ended,
            self.told + other.told,
            self.reminded + other.reminded,
        )


def sweep_access(*, now: datetime) -> Swept:
    """Note every start and end that has passed, tell students what ended, and remind them a week before an end.

    Safe to run twice, beside itself and beside a renewal.
    """
    swept = Swept()
    for users in _batches(_due(now)):
        swept += _sweep(users, now)
    for users in _batches(_ending(now)):
        swept += _remind(users, now)
    return swept


def _due(now: datetime) -> QuerySet[CourseAccess]:
    """A start has come, or an end has passed. A right without a start waits for something else."""
    has_started, has_ended = Q(status=AccessStatus.PENDING, starts_at__lte=now), Q(expires_at__lte=now)
    return CourseAccess.objects.filter(has_started | has_ended, status__in=OPENING, starts_at__isnull=False)


def _ending(now: datetime) -> QuerySet[CourseAccess]:
    """Open rights whose last week has begun, of which no reminder was written. A subscription renews itself; one who
    was given less than a week was told so with it."""
    written = AccessNotice.objects.filter(access=OuterRef("pk"), kind=NoticeKind.ENDING, ends_at=OuterRef("expires_at"))
    return CourseAccess.objects.filter(
        ~Exists(written),
        status__in=OPENING,
        starts_at__lte=F("expires_at") - REMINDED_BEFORE,
        expires_at__gt=now,
        expires_at__lte=now + REMINDED_BEFORE,
    ).exclude(access_type=AccessType.SUBSCRIPTION)


def _batches(rows: QuerySet[CourseAccess]) -> Iterator[list[int]]:
    last = 0
    while users := list(rows.filter(user__gt=last).order_by("user").values_list("user", flat=True).distinct()[:BATCH]):
        yield users
        last = users[-1]


def _locked_students(users: list[int]) -> list[User]:
    """One sweep at a time holds a student, so each gets one mail."""
    students = User.objects.filter(pk__in=users).order_by("pk")
    return list(students.select_for_update(skip_locked=True, no_key=True))


def _locked_rows(rows: QuerySet[CourseAccess], students: list[User]) -> list[CourseAccess]:
    """Read after the lock: a row renewed meanwhile is no longer among them."""
    mine = rows.filter(user__in=students).order_by("pk")
    return list(mine.select_for_update(of=("self",), skip_locked=True, no_key=True))


@transaction.atomic
def _sweep(users: list[int], now: datetime) -> Swept:
    students = _locked_students(users)
    rows = _locked_rows(_due(now), students)
    ended = [row for row in rows if row.expires_at and row.expires_at <= now]
    opened = [row for row in rows if row not in ended]
    _write(opened, AccessStatus.UNLOCKED, AccessAction.ACTIVATED, now)
    _write(ended, AccessStatus.EXPIRED, AccessAction.EXPIRED, now)
    news = news_of(students, _not_told(ended), lambda other, _: other.is_open(now))
    _tell(news, NoticeKind.ENDED, announce_ended, now)
    return Swept(opened=len(opened), ended=len(ended), told=len(news))


def _write(rows: list[CourseAccess], status: AccessStatus, action: AccessAction, now: datetime) -> None:
    CourseAccess.objects.filter(pk__in=[row.pk for row in rows]).update(status=status)
    AccessEvent.objects.bulk_create(
        AccessEvent(
            access=row,
            user_id=row.user_id,
            course_id=row.course_id,
            action=action,
            at=now,
            cause=CAUSE,
            starts_at=row.starts_at,
            expires_at=row.expires_at,
        )
        for row in rows
    )


@transaction.atomic
def _remind(users: list[int], now: datetime) -> Swept:
    students = _locked_students(users)
    news = news_of(students, _locked_rows(_ending(now), students), _lasts_longer)
    _tell(news, NoticeKind.ENDING, announce_ending, now)
    return Swept(reminded=len(news))


def _lasts_longer(other: CourseAccess, ending: CourseAccess) -> bool:
    """The other goes on where this one ends, or before."""
    if ending.expires_at is None or other.starts_at is None or other.starts_at > ending.expires_at:
        return False
    return other.expires_at is None or other.expires_at > ending.expires_at


def _not_told(rows: list[CourseAccess]) -> list[CourseAccess]:
    """Without those whose very end was told before: a row that was repaired ends twice."""
    written = AccessNotice.objects.filter(access__in=rows, kind=NoticeKind.ENDED)
    told = set(written.values_list("access_id", "ends_at"))
    return [row for row in rows if (row.pk, row.expires_at) not in told]


def _tell(news: list[News], kind: NoticeKind, announce: Announce, now: datetime) -> None:
    """One mail per student; `notice_once_per_end` holds that there is no second one for the same end."""
    AccessNotice.objects.bulk_create(
        AccessNotice(access=row, kind=kind, ends_at=row.expires_at)
        for item in news
        for row in item.settled
        if row.expires_at
    )
    for item in news:
        announce(user=item.user, accesses=item.told, now=now)
