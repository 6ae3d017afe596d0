"""The courses to complete before a course, as one student sees them."""

from dataclasses import dataclass

from django.db.models import OuterRef

from access.decisions import Standing
from access.models import CourseEnrollment
from catalog.models import Course
from progress.models import CourseProgress


@dataclass(frozen=True)
class Beforehand:
    """A prerequisite course and how far the student is. `score_needed` is None when no score is asked."""

    course: Course
    done: int
    is_met: bool
    score: int
    score_needed: int | None

    @property
    def total(self) -> int:
        return self.course.lesson_count

    @property
    def lacks_score(self) -> bool:
        """All lessons are done, and the required quizzes still keep it from counting."""
        return not self.is_met and self.score_needed is not None and self.done >= self.total


def beforehand(standing: Standing) -> list[Beforehand]:
    """The prerequisites of the course in order of title: one query. The same rule as in `access.standings`."""
    needed = standing.course.required_quiz_score
    courses = Course.objects.filter(required_links__course=standing.course).order_by("title", "pk")
    user = standing.user
    if user.is_authenticated:
        taken = CourseEnrollment.objects.filter(user=user, course=OuterRef("pk"))
        counters = CourseProgress.objects.filter(user=user, course=OuterRef("pk"))
        courses = courses.annotate(
            my_done=counters.values("completed_lessons")[:1],
            my_completed_at=taken.values("completed_at")[:1],
            my_score=taken.values("lowest_quiz_score")[:1],
        )
    return [_line(course, needed) for course in courses]


def _line(course: Course, needed: int | None) -> Beforehand:
    asked = needed if course.required_quiz_count else None
    score = getattr(course, "my_score", None) or 0
    completed = getattr(course, "my_completed_at", None) is not None
    is_met = course.lesson_count == 0 or (completed and (asked is None or score >= asked))
    return Beforehand(course, getattr(course, "my_done", None) or 0, is_met, score, asked)
