"""Every rule for one verdict, in the order of the judge, also those behind the one that decided. For showing: what
may be opened is decided in `decisions` alone, and these are its own rules.
"""

from dataclasses import dataclass
from datetime import datetime

from access.decisions import (
    COURSE_RULES,
    Code,
    Decision,
    Rule,
    Standing,
    decide_course,
    decide_lesson_in,
    drip_opens_at,
)
from access.models import CourseAccess
from catalog.models import Lesson


@dataclass(frozen=True)
class Question:
    """What the judge is asked: may this viewer open the course, or the lesson, at this moment?"""

    standing: Standing
    moment: datetime
    lesson: Lesson | None = None
    is_completed: bool = False


@dataclass(frozen=True)
class Explanation:
    """The judge's answer, every rule and the name of the one that decided; `others` are the rights that did not."""

    decision: Decision
    rules: tuple[Rule, ...]
    deciding: str
    others: tuple[CourseAccess, ...]


OF_LESSONS = {Code.PREVIEW: "preview", Code.DRIP: "drip"}


def decide(question: Question) -> Decision:
    """What the site answers: the lesson's decision, or the course's without a lesson."""
    course = decide_course(question.standing, question.moment)
    if question.lesson is None:
        return course
    at = (question.standing, question.lesson, question.moment)
    return decide_lesson_in(course, *at, is_completed=question.is_completed)


def explain(question: Question) -> Explanation:
    """The decision with every rule of it."""
    standing, decision = question.standing, decide(question)
    rules = (*(ask(standing, question.moment) for ask in COURSE_RULES), *_lesson_rules(question))
    others = tuple(row for row in standing.rows if decision.access is None or row.pk != decision.access.pk)
    newest_first = sorted(others, key=lambda row: (row.granted_at, row.pk), reverse=True)
    return Explanation(decision, rules, _deciding(decision, rules), tuple(newest_first))


def _lesson_rules(question: Question) -> tuple[Rule, ...]:
    lesson = question.lesson
    if lesson is None:
        return ()
    opens_at = drip_opens_at(question.standing, lesson, question.moment)
    has_come = opens_at is None or opens_at <= question.moment
    is_free_of_drip = opens_at is None and lesson.available_after_days is None
    drip = None if is_free_of_drip else has_come or question.is_completed
    return (
        Rule("published", lesson.is_published),
        Rule("preview", True if lesson.is_preview else None),
        Rule("drip", drip, "" if opens_at is None else opens_at.isoformat()),
    )


def _deciding(decision: Decision, rules: tuple[Rule, ...]) -> str:
    """The rule that names the decision's code; for an open course the right that opens it."""
    if decision.code in OF_LESSONS:
        return OF_LESSONS[decision.code]
    if decision.code == Code.ACTIVE:
        return "open right"
    return next((rule.name for rule in rules if rule.code == decision.code), "published")
