"""Reads of progress: the outline with its marks, what comes next, and cards for lists of courses."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cached_property
from typing import Any

from django.db.models import Exists, F, FilteredRelation, OuterRef, Q, QuerySet
from django.db.models.functions import Coalesce

from access.decisions import Decision, Standing, decide_course, decide_lesson_in
from access.models import CourseAccess, CourseEnrollment
from access.selectors import (
    courses_listed_to,
    courses_visible_to,
    standings_of,
)
from accounts.http import Viewer
from accounts.models import User
from catalog.models import Course, CourseStatus, FavoriteCourse, Lesson, Module
from catalog.selectors import chapters_of, outline_lessons
from common.percentages import percent
from progress.cards import Card
from progress.models import CourseProgress, LessonProgress, LessonStatus
from progress.states import state_of


@dataclass(frozen=True)
class OutlineLesson:
    """One line of the outline: the lesson's public part and this student's mark."""

    lesson: Lesson
    number: int
    status: LessonStatus
    is_open: bool
    opens_at: datetime | None = None
    watch_percentage: float = 0
    completed_at: datetime | None = None
    last_position_seconds: float = 0

    @property
    def facts(self) -> tuple[Any, ...]:
        """Everything its line shows, by which a line drawn before is found again."""
        lesson = self.lesson
        address = (lesson.course.slug, lesson.slug)
        shown = (lesson.pk, self.number, lesson.title, lesson.lesson_type, lesson.video_duration_seconds)
        return (*address, *shown, self.status, self.is_open, self.opens_at, lesson.is_preview)

    @property
    def is_completed(self) -> bool:
        return self.status == LessonStatus.COMPLETED


@dataclass(frozen=True)
class OutlineChapter:
    module: Module | None
    lessons: tuple[OutlineLesson, ...]

    @property
    def done(self) -> int:
        return sum(line.is_completed for line in self.lessons)

    @property
    def total(self) -> int:
        return len(self.lessons)

    @property
    def opens_at(self) -> datetime | None:
        """When the first lesson opens, of a chapter in which none is open yet because they come day by day."""
        if any(line.is_open for line in self.lessons):
            return None
        return min((line.opens_at for line in self.lessons if line.opens_at), default=None)


@dataclass(frozen=True)
class Outline:
    """A course as one student sees it: chapters, marks, totals and neighbours."""

    chapters: tuple[OutlineChapter, ...] = field(default=())

    @cached_property
    def lessons(self) -> list[OutlineLesson]:
        """All lessons in reading order."""
        return [line for chapter in self.chapters for line in chapter.lessons]

    @cached_property
    def done(self) -> int:
        return sum(line.is_completed for line in self.lessons)

    @property
    def total(self) -> int:
        return len(self.lessons)

    @property
    def percent(self) -> int:
        return percent(self.done, self.total)

    @property
    def modules(self) -> list[Module]:
        return [chapter.module for chapter in self.chapters if chapter.module]

    @cached_property
    def seconds(self) -> int:
        """How long the videos last together."""
        return sum(line.lesson.video_duration_seconds or 0 for line in self.lessons)

    @cached_property
    def finished_at(self) -> datetime | None:
        """When the last of the completed lessons was completed."""
        return max((line.completed_at for line in self.lessons if line.completed_at), default=None)

    @cached_property
    def next_lesson(self) -> OutlineLesson | None:
        """The first unfinished open lesson in reading order  [T-23]."""
        return next((line for line in self.lessons if line.is_open and not line.is_completed), None)

    @property
    def opens_next_at(self) -> datetime | None:
        """When the next lesson opens by itself, if one does."""
        return min((line.opens_at for line in self.lessons if line.opens_at), default=None)

    def find(self, lesson_id: int) -> OutlineLesson | None:
        return next((line for line in self.lessons if line.lesson.pk == lesson_id), None)

    def before(self, line: OutlineLesson) -> OutlineLesson | None:
        return self.lessons[line.number - 2] if line.number > 1 else None

    def after(self, line: OutlineLesson) -> OutlineLesson | None:
        return self.lessons[line.number] if line.number < self.total else None


def outline_of(standing: Standing, decision: Decision, now: datetime) -> Outline:
    """The outline of a decided course with this viewer's marks: two queries."""
    user, course = standing.user, standing.course
    lessons = list(_marked_lessons(user, course)) if user.is_authenticated else None
    chapters: list[OutlineChapter] = []
    number = 0
    for chapter in chapters_of(course, lessons):
        lines = []
        for lesson in chapter.lessons:
            number += 1
            lines.append(_line(lesson, number, standing, decision, now))
        chapters.append(OutlineChapter(chapter.module, tuple(lines)))
    return Outline(tuple(chapters))


MARKS = {
    f"my_{name}": F(f"mine__{name}") for name in ("status", "watch_percentage", "completed_at", "last_position_seconds")
}
ONCE = {"my_was_completed": F("mine__was_completed")}


def _marked_lessons(user: User, course: Course) -> QuerySet[Lesson]:
    """The lessons of an outline, each with the student's marks."""
    mine = FilteredRelation("progress", condition=Q(progress__user=user))
    return outline_lessons(course.pk).annotate(mine=mine).annotate(**MARKS, **ONCE)


def _line(lesson: Lesson, number: int, standing: Standing, course: Decision, now: datetime) -> OutlineLesson:
    status = LessonStatus(getattr(lesson, "my_status", None) or LessonStatus.NOT_STARTED)
    was_completed = getattr(lesson, "my_was_completed", None) or status == LessonStatus.COMPLETED
    decision = decide_lesson_in(course, standing, lesson, now, is_completed=was_completed)
    line = OutlineLesson(lesson, number, status, decision.is_allowed, decision.opens_at)
    if status == LessonStatus.NOT_STARTED:
        return line
    return replace(line, **{name.removeprefix("my_"): getattr(lesson, name) for name in list(MARKS)[1:]})


def find_lesson(user: Viewer, **lookup: Any) -> Lesson:
    """The lesson with its course and, as `mine`, the student's own progress in it: one query. Whether they may know
    of it is for `decide_lesson` to say.

    :raises Lesson.DoesNotExist: if there is none
    """
    return _with_mine(_in_no_trash().select_related("course"), user).get(**lookup)


def _in_no_trash() -> QuerySet[Lesson]:
    return Lesson.objects.filter(trashed_at=None, course__trashed_at=None)


def _with_mine(lessons: QuerySet[Lesson], user: Viewer) -> QuerySet[Lesson]:
    if not user.is_authenticated:
        return lessons
    counters = CourseProgress.objects.filter(user=user, course=OuterRef("course_id"))
    mine = FilteredRelation("progress", condition=Q(progress__user=user))
    return lessons.annotate(mine=mine, has_counters=Exists(counters)).select_related("mine")  # type: ignore[misc] # the stubs know no filtered relation


def find_lesson_page(user: Viewer, course_slug: str, slug: str) -> Lesson:
    """The same by its address, with transcript and module.

    :raises Lesson.DoesNotExist: if there is none
    """
    lessons = _in_no_trash().select_related("course", "transcript", "module")
    return _with_mine(lessons, user).get(course__slug=course_slug, slug=slug)


def my_progress(lesson: Lesson) -> LessonProgress | None:
    """The student's row that a found lesson carries; None if they have not started."""
    return getattr(lesson, "mine", None)


def has_completed(lesson: Lesson) -> bool:
    """True if the student's row that the lesson carries is completed."""
    mine = my_progress(lesson)
    return mine is not None and mine.is_completed


def once_completed(lesson: Lesson) -> bool:
    """True also if they un-marked it since: what `decide_lesson` asks."""
    mine = my_progress(lesson)
    return mine is not None and (mine.is_completed or mine.was_completed)


def once_completed_by(lesson: Lesson, moment: datetime) -> bool:
    """The same as of a moment of the past. When a lesson that was un-marked since had been completed is not kept: it
    counts as completed from its beginning.
    """
    mine = my_progress(lesson)
    if mine is None:
        return False
    return mine.completed_at <= moment if mine.completed_at else mine.was_completed and mine.started_at <= moment


def cards_for(user: Viewer, courses: QuerySet[Course], now: datetime) -> list[Card]:
    """Cards in the order of the queryset: one query for visitors, two for students, however many courses."""
    courses = courses.defer("description", "description_html", "instructor_bio", "search_text")
    if user.is_authenticated:
        courses = _with_counters(courses, user)
    return [_card(standing, now) for standing in standings_of(user, courses)]


def _with_counters(courses: QuerySet[Course], user: User) -> QuerySet[Course]:
    mine = CourseProgress.objects.filter(user=user, course=OuterRef("pk"))
    return courses.annotate(
        my_done=mine.values("completed_lessons")[:1],
        my_last_active_at=mine.values("last_active_at")[:1],
        is_my_favorite=Exists(FavoriteCourse.objects.filter(user=user, course=OuterRef("pk"))),
    )


def _card(standing: Standing, now: datetime) -> Card:
    course = standing.course
    done = getattr(course, "my_done", None) or 0
    decision = decide_course(standing, now)
    return Card(
        course=course,
        state=state_of(standing, decision, now, done=done, total=course.lesson_count),
        is_enrolled=standing.is_enrolled,
        is_mine=standing.is_enrolled or any(row.course_id for row in standing.rows),
        access=decision.access,
        done=done,
        is_favorite=getattr(course, "is_my_favorite", False),
        can_favorite=standing.user.is_authenticated,
        last_active_at=getattr(course, "my_last_active_at", None),
        standing=standing,
    )


def in_progress_courses(user: User) -> QuerySet[Course]:
    """Courses the student takes and has not finished, the newest activity first  [T-37]."""
    mine = CourseProgress.objects.filter(user=user, course=OuterRef("pk"))
    return (
        Course.objects.filter(enrollments__user=user, lesson_count__gt=0)
        .annotate(active_at=Coalesce(mine.values("last_active_at")[:1], F("enrollments__enrolled_at")))
        .exclude(Exists(mine.filter(completed_lessons__gte=OuterRef("lesson_count"))))
        .order_by("-active_at", "pk")
    )


def courses_around(user: User, *, more: int) -> QuerySet[Course]:
    """All a dashboard shows: courses the student takes, holds a right to or likes, and some they could take next.

    Lapsed ones stay in it whatever became of the right  [X-43].
    """
    mine = [model.objects.filter(user=user, course=OuterRef("pk")) for model in (CourseEnrollment, CourseAccess)]
    liked = FavoriteCourse.objects.filter(user=user, course=OuterRef("pk"))
    takes = Exists(mine[0]) | Exists(mine[1])
    addable = courses_listed_to(user).filter(status=CourseStatus.ACTIVE).exclude(takes)
    first = addable.order_by("required_level", "display_order", "-created_at", "-pk")[:more]
    return courses_visible_to(user).filter(takes | Exists(liked) | Q(pk__in=first.values("pk"))).order_by("title", "pk")


def latest_progress(user: User, courses: Iterable[Course]) -> LessonProgress | None:
    """Where the student was last in these courses, with lesson and course."""
    rows = LessonProgress.objects.filter(user=user, course__in=list(courses), lesson__is_published=True)
    rows = rows.select_related("lesson", "course")
    return rows.only(*LATEST_FIELDS).order_by("-last_accessed", "-pk").first()


LATEST_FIELDS = (
    "status", "last_position_seconds", "watch_percentage", "last_accessed",
    "lesson__id", "lesson__title", "lesson__slug", "lesson__course_id", "lesson__video_duration_seconds",
    "course__id", "course__title", "course__slug",
)  # fmt: skip
