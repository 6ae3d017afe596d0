"""What the database knew about one student and one course at a moment of the past, for the judge of today.

Kept over time, so as of the moment: rights and their times (the ledger), suspensions, joining, the completion of each
prerequisite, membership of cohorts. Known only as of today: what staff set of course and lessons, dates and courses of
cohorts, quiz scores, whether the account is staff, and when a lesson un-marked since had been completed.
"""

from collections.abc import Sequence
from copy import copy
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any

from django.db.models import Min, OuterRef, Q, QuerySet, Subquery

from access import ledger
from access.decisions import Standing
from access.models import (
    AccessEvent,
    CohortMembership,
    CourseAccess,
    CourseAccessQuerySet,
    CourseEnrollment,
    Suspension,
)
from access.selectors import missing_prerequisites
from accounts.models import User
from catalog.models import Course

SOURCES = ("cohort", "path", "bundle_purchase__bundle", "granted_by", "revoked_by")


@dataclass(frozen=True)
class Held:
    """A standing with what it only counts: the suspension that was open, the courses that were missing."""

    standing: Standing
    suspension: Suspension | None
    missing: tuple[Course, ...]


def held_at(user: User, course: Course, moment: datetime, *, now: datetime) -> Held:
    """What this student held in the course at a moment: three queries, one more for the past, one for a suspension.

    From now on the standing equals that of `access.standings`, for what is not written yet is not known. The rights
    come with their sources, and with who gave and took them.
    """
    known_at = min(moment, now)
    facts = Course.objects.filter(pk=course.pk).annotate(
        my_enrolled_at=Subquery(_enrollments(user, known_at).values("enrolled_at")[:1]),
        my_cohort_starts_on=Subquery(_cohort_starts(user, known_at)),
        my_suspension=Subquery(_suspensions(user, known_at).values("pk")[:1]),
    )
    mine = facts.values("my_enrolled_at", "my_cohort_starts_on", "my_suspension").get()
    suspensions = Suspension.objects.select_related("suspended_by")
    suspension = suspensions.get(pk=mine["my_suspension"]) if mine["my_suspension"] else None
    missing = tuple(missing_prerequisites(user, course, by=known_at))
    standing = Standing(
        user,
        course,
        tuple(rights_at(user, course, moment, now=now)),
        enrolled_at=mine["my_enrolled_at"],
        is_suspended=suspension is not None,
        missing=len(missing),
        cohort_starts_on=mine["my_cohort_starts_on"],
    )
    return Held(standing, suspension, missing)


def rights_at(user: User, course: Course, moment: datetime, *, now: datetime) -> list[CourseAccess]:
    """The rights the student had been given by then, with the columns that they had; not to be saved."""
    rows = list(CourseAccessQuerySet(CourseAccess).for_course(course).filter(user=user).select_related(*SOURCES))
    if moment >= now:
        return rows
    found: dict[int, list[AccessEvent]] = {row.pk: [] for row in rows}
    for event in AccessEvent.objects.filter(access__in=list(found)).order_by("pk"):
        found[event.access_id or 0].append(event)
    then = (right_at(row, found[row.pk], moment) for row in rows)
    return [row for row in then if row is not None]


def right_at(row: CourseAccess, events: Sequence[AccessEvent], moment: datetime) -> CourseAccess | None:
    """A copy of the row as its events up to the moment make it; None if it had not been given yet.

    A row whose events cannot be read counts as it stands today: `manage.py rebuild_access --check` names it.
    """
    try:
        state = ledger.right_of(ledger.until(events, moment))
    except ledger.BrokenHistory:
        return _as_today(row, moment)
    if state is None:
        return None if events else _as_today(row, moment)
    then = copy(row)
    then._state = copy(row._state)
    then._state.fields_cache = dict(row._state.fields_cache)
    for column in fields(state):
        setattr(then, column.name, getattr(state, column.name))
    return then


def _as_today(row: CourseAccess, moment: datetime) -> CourseAccess | None:
    return row if row.granted_at <= moment else None


def _suspensions(user: User, moment: datetime) -> QuerySet[Suspension]:
    """Those of the outer course that were open."""
    begun = Suspension.objects.filter(user=user, course=OuterRef("pk"), suspended_at__lte=moment)
    return begun.filter(Q(lifted_at=None) | Q(lifted_at__gt=moment))


def _enrollments(user: User, moment: datetime) -> QuerySet[CourseEnrollment]:
    return CourseEnrollment.objects.filter(user=user, course=OuterRef("pk"), enrolled_at__lte=moment)


def _cohort_starts(user: User, moment: datetime) -> QuerySet[CohortMembership, Any]:
    """The earliest start of the active cohorts of the outer course that the student was in."""
    members = CohortMembership.objects.filter(user=user, joined_at__lte=moment)
    members = members.filter(Q(left_at=None) | Q(left_at__gt=moment))
    members = members.filter(cohort__is_active=True, cohort__courses=OuterRef("pk")).order_by()
    return members.values("user").annotate(first=Min("cohort__starts_on")).values("first")
