"""What the access inspector looks up: whom and what it is asked about, and all that bears on the answer."""

import re
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Case, FilteredRelation, Q, QuerySet, Value, When

from access.explaining import Explanation, Question, explain
from access.openings import Step, steps_to_open
from access.past import Held, held_at
from accounts.models import User
from catalog.models import Course, Lesson
from progress.selectors import once_completed_by

MOST_CHOICES = 10
COURSES_OFFERED = 200
IN_NO_TRASH = Q(trashed_at=None, course__trashed_at=None)
ADDRESS = re.compile(
    r"^(?:https?://[^/]+)?/?(?:courses/)?(?P<course>[-\w]+)(?:/(?P<lesson>[-\w]+))?/?(?:[?#].*)?$", re.ASCII
)


@dataclass(frozen=True)
class Inspection:
    """The answer for one student, course or lesson, and moment."""

    student: User
    held: Held
    question: Question
    explanation: Explanation
    steps: list[Step]
    lessons: list[Lesson]
    is_past: bool

    @property
    def course(self) -> Course:
        return self.held.standing.course


def people_like(text: str) -> list[User]:
    """Whose address it is; else whoever has it in name or address, at most one more than can be shown."""
    email = text.lower()
    fits = Q(email=email) | Q(name__icontains=text) | Q(email__icontains=text)
    found = list(User.objects.filter(fits).order_by(_first(email=email), "email")[: MOST_CHOICES + 1])
    return [person for person in found if person.email == email] or found


def targets_like(text: str) -> list[Course | Lesson]:
    """The course or lesson of this address; else whatever has it in its title, courses first."""
    address = ADDRESS.match(text)
    if address and address["lesson"]:
        at_address = Lesson.objects.filter(IN_NO_TRASH, course__slug=address["course"], slug=address["lesson"])
        return list(at_address.select_related("course"))
    slug = address["course"] if address else ""
    fits = Q(slug=slug) | Q(title__icontains=text)
    courses = list(Course.objects.kept().filter(fits).order_by(_first(slug=slug), "title", "pk")[: MOST_CHOICES + 1])
    exact = [course for course in courses if course.slug == slug]
    lessons = Lesson.objects.filter(IN_NO_TRASH, title__icontains=text).select_related("course").order_by("title", "pk")
    return [*exact] or [*courses] or list(lessons[: MOST_CHOICES + 1])


def _first(**exact: str) -> Case:
    """An order that begins with what fits exactly."""
    return Case(When(**exact, then=Value(0)), default=Value(1))


def courses_offered() -> QuerySet[Course, tuple[str, str]]:
    """What the field suggests: slugs and titles."""
    return Course.objects.kept().order_by("title", "pk").values_list("slug", "title")[:COURSES_OFFERED]


def inspect(student: User, target: Course | Lesson, moment: datetime, *, now: datetime) -> Inspection:
    """Ask the judge itself, about what is known of that moment."""
    course = target.course if isinstance(target, Lesson) else target
    held, lessons = held_at(student, course, moment, now=now), _lessons_of(student, course)
    question = Question(held.standing, moment)
    if isinstance(target, Lesson):
        lesson = next(each for each in lessons if each.pk == target.pk)
        question = Question(held.standing, moment, lesson, once_completed_by(lesson, min(moment, now)))
    is_past = moment < now
    steps = [] if is_past else steps_to_open(question, now=now)
    return Inspection(student, held, question, explain(question), steps, lessons, is_past)


def _lessons_of(student: User, course: Course) -> list[Lesson]:
    """All lessons in reading order, also those not published, each with the student's row: one query."""
    mine = FilteredRelation("progress", condition=Q(progress__user=student))
    lessons = Lesson.objects.filter(course=course, trashed_at=None).in_reading_order().annotate(mine=mine).defer(*TEXTS)
    found = list(lessons.select_related("mine"))  # type: ignore[misc] # the stubs know no filtered relation
    for lesson in found:
        lesson.course = course
    return found


TEXTS = ("description", "body", "body_html", "homework", "homework_html", "timestamps", "key_takeaways")
