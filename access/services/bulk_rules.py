"""What becomes of one line of a batch. The check and the apply ask the same function, an hour apart.

`judge` is pure; the other functions load what it needs, for many lines at once.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from access.models import AccessBatchRow, AccessStatus, BatchAction, CourseAccess, Suspension, Verdict
from access.services.rights import LIVE, AccessRefused, times_of
from accounts.models import User
from catalog.models import Course

Pair = tuple[int | None, int | None]


@dataclass(frozen=True)
class Holdings:
    """Who these people are, and what they hold of these courses: rights that are not revoked."""

    is_staff: Mapping[int, bool]
    courses: Mapping[int, Course]
    suspended: frozenset[tuple[int, int]]
    rights: Mapping[Pair, list[CourseAccess]]


@dataclass(frozen=True)
class Judgement:
    """The verdict on a line, and the rights it changes; a grant makes a new one."""

    verdict: Verdict
    rights: list[CourseAccess] = field(default_factory=list)


def holdings_of(people: Mapping[int, bool], courses: Mapping[int, Course], *, lock: bool = False) -> Holdings:
    """Load what is held, in two queries; `lock` keeps the rights as they are to the end of the transaction."""
    # The range tells the planner of a table that has just grown what its statistics do not know yet.
    span = {"user__gte": min(people, default=0), "user__lte": max(people, default=0)}
    about = {"user__in": list(people), "course__in": list(courses), **span}
    rows = CourseAccess.objects.filter(status__in=LIVE, **about).order_by("pk")
    if lock:
        rows = rows.select_for_update(of=("self",), no_key=True)
    rights: dict[Pair, list[CourseAccess]] = defaultdict(list)
    for row in rows:
        rights[row.user_id, row.course_id].append(row)
    suspended = Suspension.objects.filter(lifted_at=None, **about).values_list("user_id", "course_id")
    return Holdings(people, courses, frozenset(suspended), rights)


def courses_by_id(ids: Iterable[int]) -> dict[int, Course]:
    """These courses with what a right copies and a mail says, without their long texts."""
    facts = ("title", "slug", "status", "access_duration_type", "access_duration_days", "access_until")
    return Course.objects.only(*facts).in_bulk(list(ids))


def locked_people(user_ids: Collection[int]) -> dict[int, bool]:
    """Hold these accounts to the end of the transaction, as `lock_student` does one; says who is staff."""
    people = User.objects.filter(pk__in=user_ids).order_by("pk").select_for_update(of=("self",), no_key=True)
    return dict(people.values_list("pk", "is_staff"))


def judge(row: AccessBatchRow, held: Holdings, now: datetime) -> Judgement:
    """Decide what this line does at this moment; its action, date and note are known to be good."""
    if row.course_id not in held.courses:  # deleted since the check
        return Judgement(Verdict.UNKNOWN_COURSE)
    if held.is_staff.get(row.user_id or 0):
        return Judgement(Verdict.STAFF)
    rights = held.rights.get((row.user_id, row.course_id), [])
    if row.action == BatchAction.REVOKE:
        return Judgement(Verdict.REVOKE, rights) if rights else Judgement(Verdict.NOTHING_HELD)
    if (row.user_id, row.course_id) in held.suspended:
        return Judgement(Verdict.SUSPENDED)
    if row.action == BatchAction.EXTEND:
        return _extension(row, rights, now)
    return Judgement(_grant(row, rights, held.courses[row.course_id or 0], now))


def _grant(row: AccessBatchRow, rights: list[CourseAccess], course: Course, now: datetime) -> Verdict:
    if any(right.is_open(now) for right in rights):
        return Verdict.HELD
    try:
        times_of(course, now, is_pending=False, starts_at=now, expires_at=row.until)
    except AccessRefused:
        return Verdict.TOO_LATE
    return Verdict.GRANT


def _extension(row: AccessBatchRow, rights: list[CourseAccess], now: datetime) -> Judgement:
    """The right that lasts longest is extended; one that is locked only where there is no other."""
    if not rights:
        return Judgement(Verdict.NOTHING_HELD)
    if row.until is None or row.until <= now:
        return Judgement(Verdict.TOO_LATE)
    if any(right.is_open(now) and right.expires_at is None for right in rights):
        return Judgement(Verdict.HELD)
    ending = [right for right in rights if right.expires_at]
    if not ending:
        return Judgement(Verdict.NO_END)
    longest = max(ending, key=lambda right: (right.status != AccessStatus.LOCKED, right.expires_at or now, right.pk))
    if longest.expires_at and longest.expires_at >= row.until:
        return Judgement(Verdict.HELD)
    return Judgement(Verdict.EXTEND, [longest])
