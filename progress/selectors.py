"""Reads of progress: the outline with its marks, what comes next, and cards for lists of courses."""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cached_property

from django.db.models import Exists, F, FilteredRelation, OuterRef, Q, QuerySet
from django.urls import reverse

from access.decisions import Code, Decision, Standing, decide_course
from access.selectors import courses_listed_to, standings_of
from accounts.http import Viewer
from accounts.models import User
from catalog.models import Course, CourseStatus, FavoriteCourse, Lesson, Module
from catalog.selectors import chapters_of
from common.durations import format_duration
from progress.models import CourseProgress, LessonProgress, LessonStatus
from progress.states import State, state_of


@dataclass(frozen=True)
class OutlineLesson:
    """One line of the outline: the lesson's public part and this student's mark."""

    lesson: Lesson
    number: int
    status: LessonStatus
    is_open: bool
    watch_percentage: float = 0
    completed_at: datetime | None = None
    last_position_seconds: float = 0

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

    @cached_property
    def seconds(self) -> int:
        """How long the videos last together."""
        return sum(line.lesson.video_duration_seconds or 0 for line in self.lessons)

    @property
    def minutes(self) -> int:
        return self.seconds // 60

    @cached_property
    def finished_at(self) -> datetime | None:
        """When the last of the completed lessons was completed."""
        return max((line.completed_at for line in self.lessons if line.completed_at), default=None)

    @cached_property
    def next_lesson(self) -> OutlineLesson | None:
        """The first unfinished open lesson in reading order  [T-23]."""
        return next((line for line in self.lessons if line.is_open and not line.is_completed), None)

    def find(self, lesson_id: int) -> OutlineLesson | None:
        return next((line for line in self.lessons if line.lesson.pk == lesson_id), None)

    def before(self, line: OutlineLesson) -> OutlineLesson | None:
        return self.lessons[line.number - 2] if line.number > 1 else None

    def after(self, line: OutlineLesson) -> OutlineLesson | None:
        return self.lessons[line.number] if line.number < self.total else None


def percent(done: int, total: int) -> int:
    """Whole number, rounded down; 100 only when all are done; a course without lessons stays at 0  [X-18]."""
    return done * 100 // total if total else 0


def outline_of(user: Viewer, course: Course, decision: Decision) -> Outline:
    """The outline with this viewer's marks: two queries for visitors, three for students."""
    marks = marks_of(user, course) if user.is_authenticated else {}
    chapters: list[OutlineChapter] = []
    number = 0
    for chapter in chapters_of(course):
        lines = []
        for lesson in chapter.lessons:
            number += 1
            lines.append(_line(lesson, number, marks.get(lesson.pk), decision))
        chapters.append(OutlineChapter(chapter.module, tuple(lines)))
    return Outline(tuple(chapters))


def marks_of(user: User, course: Course) -> dict[int, LessonProgress]:
    """This student's rows of one course by lesson, without the heavy columns."""
    rows = LessonProgress.objects.filter(user=user, course=course).only(
        "lesson_id", "status", "watch_percentage", "completed_at", "last_position_seconds"
    )
    return {row.lesson_id: row for row in rows}


def _line(lesson: Lesson, number: int, mark: LessonProgress | None, decision: Decision) -> OutlineLesson:
    is_open = decision.is_allowed or (lesson.is_preview and decision.code != Code.NOT_FOUND)
    if mark is None:
        return OutlineLesson(lesson, number, LessonStatus.NOT_STARTED, is_open)
    return OutlineLesson(
        lesson,
        number,
        LessonStatus(mark.status),
        is_open,
        mark.watch_percentage,
        mark.completed_at,
        mark.last_position_seconds,
    )


MINE = {f"mine_{column.attname}": F(f"mine__{column.attname}") for column in LessonProgress._meta.concrete_fields}


def with_my_progress(lessons: QuerySet[Lesson], user: User) -> QuerySet[Lesson]:
    """Let each lesson carry the student's progress row: the progress call has no query to spare for it."""
    mine = FilteredRelation("progress", condition=Q(progress__user=user))
    return lessons.annotate(mine=mine).annotate(**MINE)


def my_progress(lesson: Lesson) -> LessonProgress | None:
    """The row a lesson from `with_my_progress` carries, or None if the student has not started."""
    if getattr(lesson, "mine_id", None) is None:
        return None
    columns = [column.attname for column in LessonProgress._meta.concrete_fields]
    values = [getattr(lesson, f"mine_{column}") for column in columns]
    return LessonProgress.from_db("default", columns, values)


@dataclass(frozen=True)
class Card:
    """A course in a list, as one viewer sees it."""

    course: Course
    state: State
    done: int = 0
    is_favorite: bool = False
    can_favorite: bool = False
    last_active_at: datetime | None = None

    @property
    def lesson_count(self) -> int:
        return self.course.lesson_count

    @property
    def duration_text(self) -> str:
        return format_duration(minutes=self.course.estimated_minutes)

    @property
    def total(self) -> int | None:
        """Lessons to show progress against; None before the student has taken part."""
        return self.course.lesson_count if self.done or self.state in STARTED else None

    @property
    def percent(self) -> int:
        return percent(self.done, self.course.lesson_count)

    @property
    def badge(self) -> dict[str, str] | None:
        """The one badge of the card: what stands in the way, or how one gets in."""
        if self.state in BADGES:
            return dict(zip(("kind", "icon", "text"), BADGES[self.state], strict=True))
        tier = getattr(self.course, "tier", None)
        if tier and self.course.required_level:
            return {"kind": "plum", "icon": "layers", "text": f"Included in {tier['name']}"}
        return None

    @property
    def action_label(self) -> str:
        return ACTIONS.get(self.state, "View course")

    @property
    def action_url(self) -> str:
        if self.state in {State.ACTIVE, State.ACTIVE_NEW}:
            return reverse("course_continue", args=[self.course.slug])
        return self.course.get_absolute_url()


STARTED = {State.ACTIVE, State.ACTIVE_NEW, State.COMPLETED}
BADGES = {
    State.FREE: ("ok", "check", "Free"),
    State.COMING_SOON: ("info", "calendar", "Coming soon"),
    State.EXPIRED: ("warn", "clock", "Access ended"),
    State.REVOKED: ("warn", "clock", "Access ended"),
    State.SUSPENDED: ("bad", "lock", "Suspended"),
    State.PAYMENT_REQUIRED: ("warn", "clock", "Payment open"),
    State.PENDING: ("info", "clock", "Not started yet"),
    State.COMPLETED: ("ok", "check", "Completed"),
    State.READY_TO_JOIN: ("plum", "check", "Included for you"),
}
ACTIONS = {
    State.ACTIVE: "Continue",
    State.ACTIVE_NEW: "Start",
    State.COMPLETED: "Review",
    State.READY_TO_JOIN: "Start",
}


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
    return Card(
        course=course,
        state=state_of(standing, decide_course(standing, now), done=done, total=course.lesson_count),
        done=done,
        is_favorite=getattr(course, "is_my_favorite", False),
        can_favorite=standing.user.is_authenticated,
        last_active_at=getattr(course, "my_last_active_at", None),
    )


def my_courses(user: User) -> QuerySet[Course]:
    """The courses a student takes part in, whatever became of the right  [X-43]."""
    return Course.objects.filter(enrollments__user=user).order_by("title", "pk")


def in_progress_courses(user: User) -> QuerySet[Course]:
    """Courses the student has begun and not finished, the newest activity first  [T-37]."""
    mine = Q(student_progress__user=user, student_progress__completed_lessons__lt=F("lesson_count"))
    return my_courses(user).filter(mine).order_by("-student_progress__last_active_at", "pk")


def unlockable_courses(user: User) -> QuerySet[Course]:
    """Listed courses the student does not take yet, the free ones first."""
    taken = Course.objects.filter(enrollments__user=user).values("pk")
    return (
        courses_listed_to(user)
        .filter(status=CourseStatus.ACTIVE)
        .exclude(pk__in=taken)
        .order_by("required_level", "display_order", "-created_at", "-pk")
    )


SHOWS = ("all", "in-progress", "completed", "favorites", "ended")
ENDED = {State.EXPIRED, State.REVOKED, State.SUSPENDED, State.PAYMENT_REQUIRED}
SHOWN_STATES = {
    "in-progress": {State.ACTIVE, State.ACTIVE_NEW, State.READY_TO_JOIN},
    "completed": {State.COMPLETED},
    "ended": ENDED,
}
LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)


def dashboard_cards(cards: list[Card], show: str, sort: str) -> list[Card]:
    """The student's cards as filtered and sorted on the dashboard; a list of their own courses is short."""
    kept = [card for card in cards if _is_shown(card, show)]
    if sort == "title":
        return kept
    if sort == "progress":
        return sorted(kept, key=lambda card: -card.percent)
    return sorted(kept, key=lambda card: card.last_active_at or LONG_AGO, reverse=True)


def _is_shown(card: Card, show: str) -> bool:
    if show == "favorites":
        return card.is_favorite
    return card.state in SHOWN_STATES.get(show, set(State))


def figures_of(cards: list[Card]) -> dict[str, int]:
    """The dashboard's figures, from the cards already loaded."""
    return {
        "courses": len(cards),
        "completed": sum(card.state == State.COMPLETED for card in cards),
        "lessons_done": sum(card.done for card in cards),
        "lessons": sum(card.lesson_count for card in cards),
    }


def latest_progress(user: User) -> LessonProgress | None:
    """Where the student was last, with lesson and course."""
    rows = LessonProgress.objects.filter(user=user, lesson__is_published=True).select_related("lesson", "course")
    return rows.only(*LATEST_FIELDS).order_by("-last_accessed", "-pk").first()


LATEST_FIELDS = (
    "status", "last_position_seconds", "watch_percentage", "last_accessed",
    "lesson__id", "lesson__title", "lesson__slug", "lesson__course_id", "lesson__video_duration_seconds",
    "course__id", "course__title", "course__slug",
)  # fmt: skip
