"""One course of one student: the judge's word, the rights that cover it, and every lesson with their mark."""

from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from access.decisions import decide_course, deciding_row
from access.members import enrollment_status
from access.standings import standing_of
from accounts.models import User
from catalog.models import Course, Lesson, Module
from dashboard.selectors.person import CourseCard, Right
from dashboard.wording import sign_of
from progress.models import LessonProgress, LessonStatus


@dataclass(frozen=True)
class Mark:
    """A lesson, and what the student did in it; None for nothing."""

    lesson: Lesson
    number: int
    mine: LessonProgress | None


@dataclass(frozen=True)
class Chapter:
    """The lessons of a module, or those before all modules."""

    module: Module | None
    marks: list[Mark]

    @property
    def done(self) -> int:
        return sum(bool(mark.mine and mark.mine.is_completed) for mark in self.marks)

    @property
    def has_begun(self) -> bool:
        return any(mark.mine and mark.mine.status != LessonStatus.NOT_STARTED for mark in self.marks)


def covering(course: Course, rights: list[Right]) -> list[Right]:
    """Those rights that are for the course, and memberships whose level reaches it."""
    return [right for right in rights if _covers(right, course)]


def _covers(right: Right, course: Course) -> bool:
    access = right.access
    return access.course_id == course.pk or 1 <= course.required_level <= (access.tier_level or 0)


def card_in(student: User, course: Course, rights: list[Right], chapters: list[Chapter], now: datetime) -> CourseCard:
    """What the judge says now, and through which right: one query."""
    standing = standing_of(student, course)
    decision = decide_course(standing, now)
    row = decision.access or deciding_row(standing.rows, now)
    rows = {right.access.pk: right.access for right in rights}
    return CourseCard(
        course=course,
        sign=sign_of(decision.code),
        right=rows.get(row.pk) if row else None,
        enrolled_at=standing.enrolled_at,
        status=enrollment_status(standing, now) if standing.is_enrolled else None,
        is_suspended=standing.is_suspended,
        done=sum(chapter.done for chapter in chapters),
        has_begun=any(chapter.has_begun for chapter in chapters),
    )


def lessons_in(student: User, course: Course) -> list[Chapter]:
    """Every published lesson in reading order, by module, with the student's row: two queries."""
    rows = LessonProgress.objects.filter(user=student, course=course).defer("watched_ranges")
    mine = {row.lesson_id: row for row in rows}
    lessons = Lesson.objects.filter(course=course).published().select_related("module").in_reading_order()
    lessons = lessons.only("title", "slug", "course", "lesson_type", "video_url", "module__title")
    marks = [Mark(lesson, number, mine.get(lesson.pk)) for number, lesson in enumerate(lessons, start=1)]
    for mark in marks:
        mark.lesson.course = course  # known already: an address of a lesson names its course
    by_module = groupby(marks, key=lambda mark: mark.lesson.module)
    return [Chapter(module, list(group)) for module, group in by_module]
