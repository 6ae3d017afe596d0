"""What would open a closed course or lesson: the steps in their order, found by trying them on a copy of what the judge
was given. Pure: nothing is written, and the judge says after each step whether it sufficed.
"""

from collections.abc import Callable
from copy import copy
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, TypeVar

from access.decisions import Code, Decision
from access.explaining import Question, decide
from access.models import AccessStatus, AccessType, CourseAccess
from catalog.models import CourseStatus

DAY = timedelta(days=1)


class Kind(StrEnum):
    """What staff, student or time can do."""

    PUBLISH_COURSE = "publish_course"
    PUBLISH_LESSON = "publish_lesson"
    REINSTATE = "reinstate"
    EXTEND = "extend"
    UNLOCK = "unlock"
    ACTIVATE = "activate"
    GRANT = "grant"
    ENROLL = "enroll"
    JOIN = "join"
    COMPLETE = "complete"
    WAIT = "wait"


@dataclass(frozen=True)
class Fix:
    """One thing that helps: with the right it is about, the days to extend it by, and the moment that leads to."""

    kind: Kind
    access: CourseAccess | None = None
    days: int = 0
    until: datetime | None = None


# Ways to take one hurdle: any of them suffices, the first is the nearest.
Step = tuple[Fix, ...]
Thing = TypeVar("Thing")
MOST = 12  # more than there are hurdles


def steps_to_open(question: Question, *, now: datetime) -> list[Step]:
    """The hurdles in order, each with what takes it; none when the answer is yes already."""
    steps: list[Step] = []
    decision = decide(question)
    while not decision.is_allowed and len(steps) < MOST:
        steps.append(FIXES.get(decision.code, _grant)(question, decision, now))
        question = after(question, steps[-1][0])
        decision = decide(question)
    return steps


def after(question: Question, fix: Fix) -> Question:
    """The question as it would stand once this was done."""
    if fix.kind == Kind.WAIT and fix.until:
        return replace(question, moment=fix.until)
    if fix.kind == Kind.PUBLISH_LESSON:
        return replace(question, lesson=_changed(question.lesson, is_published=True))
    return replace(question, standing=replace(question.standing, **_facts_after(question, fix)))


def _facts_after(question: Question, fix: Fix) -> dict[str, Any]:
    """What of the standing would be different."""
    standing, moment = question.standing, question.moment
    match fix.kind:
        case Kind.PUBLISH_COURSE:
            return {"course": _changed(standing.course, status=CourseStatus.ACTIVE)}
        case Kind.REINSTATE:
            return {"is_suspended": False}
        case Kind.COMPLETE:
            return {"missing": 0}
        case Kind.JOIN:
            return {"enrolled_at": moment}
        case Kind.GRANT | Kind.ENROLL:
            given = CourseAccess(pk=0, access_type=AccessType.MANUAL, granted_at=moment, starts_at=moment)
            joined_at = moment if fix.kind == Kind.ENROLL else None
            return {"rows": (*standing.rows, given), "enrolled_at": standing.enrolled_at or joined_at}
    return {"rows": tuple(_right_after(row, fix, moment) for row in standing.rows)}


def _right_after(row: CourseAccess, fix: Fix, moment: datetime) -> CourseAccess:
    if fix.access is None or row.pk != fix.access.pk:
        return row
    row = _changed(row, status=AccessStatus.UNLOCKED)
    if fix.kind == Kind.EXTEND:
        row.expires_at = fix.until
    elif fix.kind == Kind.ACTIVATE:
        row.starts_at = moment
    return row


def _changed(thing: Thing, **fields: object) -> Thing:
    """A copy with other columns, never to be saved."""
    other = copy(thing)
    for name, value in fields.items():
        setattr(other, name, value)
    return other


def _publish(question: Question, decision: Decision, now: datetime) -> Step:
    """A draft or a course to come is opened, a private one given, an unpublished lesson published."""
    course, lesson = question.standing.course, question.lesson
    if course.status in {CourseStatus.DRAFT, CourseStatus.COMING_SOON}:
        return (Fix(Kind.PUBLISH_COURSE),)
    if lesson is not None and not lesson.is_published:
        return (Fix(Kind.PUBLISH_LESSON),)
    return (Fix(Kind.GRANT),)


def _grant(question: Question, decision: Decision, now: datetime) -> Step:
    return (Fix(Kind.GRANT),)


def _extend(question: Question, decision: Decision, now: datetime) -> Step:
    """By so many days that it reaches past the moment asked about."""
    row = decision.access
    if row is None or row.expires_at is None:
        return (Fix(Kind.GRANT),)
    runs_from = max(row.expires_at, now)
    days = max(question.moment - runs_from, timedelta(0)) // DAY + 1
    return (Fix(Kind.EXTEND, row, days=days, until=runs_from + days * DAY), Fix(Kind.GRANT))


def _unlock(question: Question, decision: Decision, now: datetime) -> Step:
    unlocked = _changed(decision.access, status=AccessStatus.UNLOCKED)
    if unlocked is None or not unlocked.is_open(question.moment):
        return (Fix(Kind.GRANT),)
    return (Fix(Kind.UNLOCK, decision.access), Fix(Kind.GRANT))


def _await(question: Question, decision: Decision, now: datetime) -> Step:
    """A right with a date opens by itself; one without is opened by staff."""
    row = decision.access
    if row is not None and row.starts_at is not None:
        return (Fix(Kind.WAIT, row, until=row.starts_at), Fix(Kind.GRANT))
    if row is None or (row.expires_at is not None and row.expires_at <= question.moment):
        return (Fix(Kind.GRANT),)
    return (Fix(Kind.ACTIVATE, row), Fix(Kind.GRANT))


def _enroll(question: Question, decision: Decision, now: datetime) -> Step:
    if question.standing.missing:
        return (Fix(Kind.COMPLETE),)
    return (Fix(Kind.ENROLL), Fix(Kind.GRANT))


def _join(question: Question, decision: Decision, now: datetime) -> Step:
    """Joining is refused before the courses that come first."""
    return (Fix(Kind.COMPLETE if question.standing.missing else Kind.JOIN),)


def _drip(question: Question, decision: Decision, now: datetime) -> Step:
    """Without a day to count from, the days begin to count with joining."""
    standing = question.standing
    if standing.enrolled_at is None and standing.cohort_starts_on is None:
        return (Fix(Kind.JOIN),)
    return (Fix(Kind.WAIT, until=decision.opens_at),)


FIXES: dict[Code, Callable[[Question, Decision, datetime], Step]] = {
    Code.NOT_FOUND: _publish,
    Code.COMING_SOON: _publish,
    Code.SUSPENDED: lambda *_: (Fix(Kind.REINSTATE),),
    Code.NOT_JOINED: _join,
    Code.PREREQUISITES: lambda *_: (Fix(Kind.COMPLETE),),
    Code.DRIP: _drip,
    Code.COHORT_UPCOMING: _await,
    Code.PENDING: _await,
    Code.PAYMENT_REQUIRED: _unlock,
    Code.EXPIRED: _extend,
    Code.FREE: _enroll,
}
