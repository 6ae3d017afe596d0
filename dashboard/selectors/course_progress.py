"""Who is where in a course: found, filtered and sorted in SQL, and what the columns say of the few that are shown."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from django.db.models import Count, F, FilteredRelation, Q, QuerySet
from django.db.models.functions import Coalesce, Lower

from accounts.models import User
from catalog.models import Course
from common.percentages import percent
from dashboard.selectors.students import BATCH, Line, all_students, lines_of

STUCK_AFTER = timedelta(days=14)


class Stage(StrEnum):
    """How far somebody is. Who is stuck is in progress too."""

    NOT_STARTED = "new"
    IN_PROGRESS = "started"
    STUCK = "stuck"
    COMPLETED = "completed"

    @property
    def label(self) -> str:
        return LABELS[self]


LABELS = {
    Stage.NOT_STARTED: "Not started",
    Stage.IN_PROGRESS: "In progress",
    Stage.STUCK: "Stuck for 14 days",
    Stage.COMPLETED: "Completed",
}
ORDERS: dict[str, list[Any]] = {
    "active": [F("active_at").desc(nulls_last=True), "-pk"],
    "quiet": [F("active_at").asc(nulls_first=True), "pk"],
    "most": ["-done", "pk"],
    "least": ["done", "pk"],
    "name": [Lower("name"), "pk"],
    "joined": ["-joined_at", "-pk"],
}


@dataclass(frozen=True)
class WantedPlaces:
    """Which students of the course: every part may be empty."""

    words: str = ""
    stage: str = ""
    order: str = "active"


@dataclass(frozen=True)
class Place:
    """A student of the course as the list shows them; `line` holds the state of their access to it."""

    student: User
    line: Line
    done: int
    total: int
    stage: Stage
    joined_at: datetime
    active_at: datetime | None
    completed_at: datetime | None

    @property
    def percent(self) -> int:
        return percent(self.done, self.total)


def students_in(course: Course) -> QuerySet[User]:
    """Whoever joined the course and is not staff, with when, how far they are and when they last did something."""
    takes = FilteredRelation("enrollments", condition=Q(enrollments__course=course))
    counts = FilteredRelation("course_progress", condition=Q(course_progress__course=course))
    students = all_students().annotate(takes=takes, counts=counts).filter(takes__isnull=False)
    return students.annotate(
        joined_at=F("takes__enrolled_at"),
        completed_at=F("takes__completed_at"),
        done=Coalesce(F("counts__completed_lessons"), 0),
        active_at=F("counts__last_active_at"),
    )


def conditions(now: datetime) -> dict[Stage, Q]:
    """Each stage as a condition on `students_in`."""
    is_open = Q(completed_at=None)
    return {
        Stage.NOT_STARTED: is_open & Q(active_at=None),
        Stage.IN_PROGRESS: is_open & Q(active_at__isnull=False),
        Stage.STUCK: is_open & Q(active_at__lt=now - STUCK_AFTER),
        Stage.COMPLETED: Q(completed_at__isnull=False),
    }


def places_found(course: Course, wanted: WantedPlaces, now: datetime) -> QuerySet[User]:
    """The students of the course somebody looks for, in their order."""
    students = students_in(course)
    for word in wanted.words.split():
        students = students.filter(Q(name__icontains=word) | Q(email__icontains=word))
    if wanted.stage:
        students = students.filter(conditions(now)[Stage(wanted.stage)])
    return students.order_by(*ORDERS[wanted.order])


def count_stages(course: Course, now: datetime) -> list[tuple[Stage, int]]:
    """How many are at each stage: one query."""
    counts = {stage.value: Count("pk", condition) for stage, condition in conditions(now).items()}
    found: Mapping[str, int] = students_in(course).aggregate(**counts)
    return [(stage, found[stage.value]) for stage in Stage]


def places_of(students: Iterable[User], course: Course, now: datetime) -> list[Place]:
    """The columns of some students: one query more."""
    return [_place(line, course, now) for line in lines_of(students, course, now)]


def _place(line: Line, course: Course, now: datetime) -> Place:
    found: Any = line.student  # with what `students_in` added
    return Place(
        student=line.student,
        line=line,
        done=found.done,
        total=course.lesson_count,
        stage=_stage(found.completed_at, found.active_at, now),
        joined_at=found.joined_at,
        active_at=found.active_at,
        completed_at=found.completed_at,
    )


def _stage(completed_at: datetime | None, active_at: datetime | None, now: datetime) -> Stage:
    if completed_at:
        return Stage.COMPLETED
    if active_at is None:
        return Stage.NOT_STARTED
    return Stage.STUCK if active_at < now - STUCK_AFTER else Stage.IN_PROGRESS


def all_places(students: QuerySet[User], course: Course, now: datetime) -> Iterator[Place]:
    """The columns of all of them, some at a time, for a table that is sent while it is read."""
    ids = list(students.values_list("pk", flat=True))
    for start in range(0, len(ids), BATCH):
        batch = ids[start : start + BATCH]
        found = {student.pk: student for student in students_in(course).filter(pk__in=batch)}
        yield from places_of((found[pk] for pk in batch if pk in found), course, now)
