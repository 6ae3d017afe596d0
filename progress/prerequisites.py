"""The courses to complete before a course, as one student sees them."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, OuterRef
from django.urls import reverse

from access.decisions import Standing
from access.models import CourseEnrollment
from access.selectors import courses_visible_to, missing_prerequisites
from catalog.models import Course
from progress.models import CourseProgress


@dataclass(frozen=True)
class Beforehand:
    """A prerequisite course and how far the student is. `score_needed` is None when no score is asked.

    A course this viewer may not know of keeps its name to itself: `is_known` is false then.
    """

    course: Course
    is_known: bool
    done: int
    is_met: bool
    score: int
    score_needed: int | None

    @property
    def title(self) -> str:
        return self.course.title if self.is_known else "A course that is not open to you yet"

    @property
    def url(self) -> str:
        """Where to go on with it; empty for a course that keeps its name to itself."""
        if not self.is_known:
            return ""
        return reverse("course_continue", args=[self.course.slug]) if self.done else self.course.get_absolute_url()

    @property
    def total(self) -> int:
        return self.course.lesson_count

    @property
    def lacks_score(self) -> bool:
        """All lessons are done, and the required quizzes still keep it from counting."""
        return not self.is_met and self.score_needed is not None and self.done >= self.total


def beforehand(standing: Standing) -> list[Beforehand]:
    """The prerequisites of the course in order of title: one query. Which of them are met, `access` says."""
    user, course = standing.user, standing.course
    known = courses_visible_to(user).filter(pk=OuterRef("pk"))
    missing = missing_prerequisites(user, course).filter(pk=OuterRef("pk"))
    courses = Course.objects.kept().filter(required_links__course=course).order_by("title", "pk")
    courses = courses.annotate(is_known=Exists(known), is_met=~Exists(missing))
    if user.is_authenticated:
        taken = CourseEnrollment.objects.filter(user=user, course=OuterRef("pk"))
        counters = CourseProgress.objects.filter(user=user, course=OuterRef("pk"))
        courses = courses.annotate(
            my_done=counters.values("completed_lessons")[:1],
            my_score=taken.values("lowest_quiz_score")[:1],
        )
    return [_line(before, course.required_quiz_score) for before in courses]


def first_missing(before: list[Beforehand]) -> Beforehand | None:
    """The first course that is missing and that the student can go to."""
    return next((line for line in before if line.url and not line.is_met), None)


def _line(before: Any, needed: int | None) -> Beforehand:
    done, score = (getattr(before, name, None) or 0 for name in ("my_done", "my_score"))
    asked = needed if before.required_quiz_count else None
    return Beforehand(before, before.is_known, done, before.is_met, score, asked)
