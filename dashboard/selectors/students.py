"""The list of students: found, filtered and sorted in SQL, and what its columns say of the few that are shown.

Which students, is asked without any column; the columns are asked for one page of them.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from django.db.models import Case, Count, Exists, F, Max, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.functions import Coalesce, Lower, NullIf
from django.db.models.lookups import IsNull

from access.models import OPENING, AccessStatus, Cohort, CohortMembership, CourseAccess, CourseEnrollment, Suspension
from access.models.rights import CourseAccessQuerySet
from accounts.models import User
from catalog.models import Course
from progress.models import CourseProgress

OVER = (AccessStatus.LOCKED, AccessStatus.EXPIRED, AccessStatus.REVOKED)
MOST = 2_000
ENDING, SOON = "ending", timedelta(days=7)
BATCH = 200  # PostgreSQL probes an index for each; of a thousand it reads whole tables instead
STUCK_AFTER = timedelta(days=14)


class StudentState(StrEnum):
    """How it stands with what a student holds; the first that is true."""

    SUSPENDED = "suspended"
    ACTIVE = "active"
    WAITING = "waiting"
    EXPIRED = "expired"
    NONE = "none"

    @property
    def label(self) -> str:
        return LABELS[self]


LABELS = {
    StudentState.SUSPENDED: "Suspended",
    StudentState.ACTIVE: "Active",
    StudentState.WAITING: "Not begun",
    StudentState.EXPIRED: "Expired",
    StudentState.NONE: "No access",
}


class Activity(StrEnum):
    """When a student last learned something."""

    WEEK = "7"
    MONTH = "30"
    QUIET = "quiet"
    STUCK = "stuck"


# Accounts are numbered as they come, so the order by number is the order of joining, and the index knows it.
ORDERS: dict[str, list[Any]] = {
    "newest": ["-pk"],
    "oldest": ["pk"],
    "name": [Lower("name"), "pk"],
    "email": ["email"],
}


@dataclass(frozen=True)
class Wanted:
    """Which students: every part may be empty. With a course, state and activity are those in this course.

    `state` is a StudentState, or ENDING: some open right ends within seven days.
    """

    words: str = ""
    course: Course | None = None
    cohort: Cohort | None = None
    state: str = ""
    activity: str = ""
    order: str = "newest"


@dataclass(frozen=True)
class Line:
    """A student as the list shows them."""

    student: User
    courses: int
    last_active_at: datetime | None
    state: StudentState


def all_students() -> QuerySet[User]:
    """Everybody with an account who is not staff."""
    return User.objects.filter(is_staff=False)


def students_found(wanted: Wanted, now: datetime) -> QuerySet[User]:
    """The students somebody looks for, in their order."""
    students = all_students()
    for word in wanted.words.split():
        students = students.filter(Q(name__icontains=word) | Q(email__icontains=word))
    if wanted.course:
        students = students.filter(pk__in=_around(wanted.course))
    if wanted.cohort:
        members = CohortMembership.objects.filter(user=OuterRef("pk"), cohort=wanted.cohort, left_at=None)
        students = students.filter(Exists(members))
    if wanted.state == ENDING:
        students = students.filter(pk__in=_ending(wanted.course, now).values("user"))
    elif wanted.state:
        students = students.filter(_is(StudentState(wanted.state), wanted.course, now))
    if wanted.activity:
        students = students.filter(_was_active(Activity(wanted.activity), wanted.course, now))
    return students.order_by(*ORDERS[wanted.order])


def _around(course: Course) -> QuerySet[Any]:
    """The accounts that hold a right to the course or take it: found by the course, and asked for none else."""
    held = CourseAccessQuerySet(CourseAccess).for_course(course).order_by().values("user")
    return held.union(CourseEnrollment.objects.filter(course=course).order_by().values("user"))


def _ending(course: Course | None, now: datetime) -> CourseAccessQuerySet:
    """The open rights that end soon; both bounds side by side tell the planner how few they are."""
    rights = CourseAccessQuerySet(CourseAccess).open_at(now).filter(expires_at__gt=now, expires_at__lte=now + SOON)
    return rights.for_course(course) if course else rights


def _is(state: StudentState, course: Course | None, now: datetime) -> Q:
    """What the column says, as a condition: its own is true, and those before it are not.

    Looks where little is: among all rights those that are over, or have not begun, are few.
    """
    conditions = _conditions(course, now)
    if state == StudentState.SUSPENDED:
        return Q(conditions[state])
    live = Exists(_rights(course).filter(Q(expires_at=None) | Q(expires_at__gt=now), status__in=OPENING))
    found = {
        StudentState.ACTIVE: Q(conditions[StudentState.ACTIVE]),
        StudentState.WAITING: Q(conditions[StudentState.WAITING]) & ~Q(conditions[StudentState.ACTIVE]),
        StudentState.EXPIRED: Q(pk__in=_holding_what_is_over(course, now)) & ~Q(live),
        StudentState.NONE: ~Q(conditions[StudentState.EXPIRED]),
    }
    return found[state] & ~Q(conditions[StudentState.SUSPENDED])


def _holding_what_is_over(course: Course | None, now: datetime) -> QuerySet[Any]:
    """The accounts with a right that is locked, revoked or past its end: two looks, each into an index of its own."""
    rights = CourseAccessQuerySet(CourseAccess).order_by()
    if course:
        rights = rights.for_course(course)
    over = rights.filter(status__in=OVER).values("user")
    return over.union(rights.filter(status__in=OPENING, expires_at__lte=now).values("user"))


def _conditions(course: Course | None, now: datetime) -> dict[StudentState, Exists]:
    suspensions = Suspension.objects.filter(user=OuterRef("pk"), lifted_at=None)
    rights = _rights(course)
    return {
        StudentState.SUSPENDED: Exists(suspensions.filter(course=course) if course else suspensions),
        StudentState.ACTIVE: Exists(rights.open_at(now)),
        StudentState.WAITING: Exists(rights.to_come_at(now)),
        StudentState.EXPIRED: Exists(rights),
    }


def _rights(course: Course | None) -> CourseAccessQuerySet:
    """The outer student's rights; with a course those that cover it."""
    rights = CourseAccessQuerySet(CourseAccess).filter(user=OuterRef("pk"))
    return rights.for_course(course) if course else rights


def _enrollments(course: Course | None) -> QuerySet[CourseEnrollment]:
    mine = CourseEnrollment.objects.filter(user=OuterRef("pk"))
    return mine.filter(course=course) if course else mine


def _counters(course: Course | None) -> QuerySet[CourseProgress]:
    mine = CourseProgress.objects.filter(user=OuterRef("pk"))
    return mine.filter(course=course) if course else mine


def _was_active(activity: Activity, course: Course | None, now: datetime) -> Q:
    if activity == Activity.STUCK:
        # A value, not EXISTS: PostgreSQL then looks at one student after the other and stops when the list is full.
        return Q(IsNull(Subquery(_stuck(course, now).values("pk")[:1]), False))
    days = 7 if activity == Activity.WEEK else 30
    recent = Exists(_counters(course).filter(last_active_at__gte=now - timedelta(days=days)))
    return ~Q(recent) if activity == Activity.QUIET else Q(recent)


def _stuck(course: Course | None, now: datetime) -> QuerySet[CourseProgress]:
    """The outer student's courses that are open to them, begun, not completed, and untouched for two weeks."""
    takes = CourseEnrollment.objects.filter(user=OuterRef("user"), course=OuterRef("course"), completed_at=None)
    # Of a course of no level the level is unknown here, and no membership reaches that.
    covers = Q(course=OuterRef("course")) | Q(tier_level__gte=NullIf(OuterRef("course__required_level"), 0))
    rights = CourseAccessQuerySet(CourseAccess).open_at(now).filter(covers, user=OuterRef("user"))
    return _counters(course).filter(Exists(takes), Exists(rights), last_active_at__lt=now - STUCK_AFTER)


def first_found(wanted: Wanted, now: datetime) -> list[int]:
    """The accounts somebody looks for, in their order: all, or one more than the list shows. One pass over them."""
    return list(students_found(wanted, now).values_list("pk", flat=True)[: MOST + 1])


def students_with(ids: Iterable[int]) -> list[User]:
    """These accounts, in this order."""
    found = User.objects.in_bulk(list(ids))
    return [found[pk] for pk in ids if pk in found]


def lines_of(students: Iterable[User], course: Course | None, now: datetime) -> list[Line]:
    """The columns of some students, in their order: one query."""
    shown = list(students)
    facts = {row["pk"]: row for row in _facts([student.pk for student in shown], course, now)}
    return [_line(student, facts[student.pk]) for student in shown]


def _facts(ids: list[int], course: Course | None, now: datetime) -> Iterable[Mapping[str, Any]]:
    whens = [When(condition, then=Value(state.value)) for state, condition in _conditions(course, now).items()]
    enrolled = _enrollments(course).order_by().values("user").annotate(count=Count("pk")).values("count")
    active = _counters(course).order_by().values("user").annotate(last=Max("last_active_at")).values("last")
    return User.objects.filter(pk__in=ids).values(
        "pk",
        courses=Coalesce(Subquery(enrolled), 0),
        last_active_at=Subquery(active),
        state=Case(*whens, default=Value(StudentState.NONE.value)),
    )


def _line(student: User, facts: Mapping[str, Any]) -> Line:
    return Line(student, facts["courses"], facts["last_active_at"], StudentState(facts["state"]))


def all_lines(students: QuerySet[User], course: Course | None, now: datetime) -> Iterator[Line]:
    """The columns of all of them, some at a time, for a table that is sent while it is read."""
    ids = list(students.values_list("pk", flat=True))
    for start in range(0, len(ids), BATCH):
        batch = User.objects.in_bulk(ids[start : start + BATCH])
        yield from lines_of((batch[pk] for pk in ids[start : start + BATCH] if pk in batch), course, now)


def courses_to_choose() -> QuerySet[Course]:
    """Every course that is not in the trash by its title, with what a choice shows of it."""
    return Course.objects.kept().only("title", "slug", "required_level", "status").order_by("title", "pk")


def cohorts_to_choose() -> QuerySet[Cohort]:
    """Every cohort, those that begin last first."""
    return Cohort.objects.order_by(F("starts_on").desc(nulls_last=True), "name")
