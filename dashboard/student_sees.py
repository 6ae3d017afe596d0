"""What the student's own page says of a closed course or lesson: read off the very template that says it."""

import re
from dataclasses import replace
from html import unescape
from typing import Any

from django.template.loader import render_to_string
from django.utils.html import strip_tags

from access.decisions import decide_course
from access.groups import cohorts_on_offer
from access.selectors import tier_of
from catalog.models import EnrollmentMethod
from common.moments import format_moment
from dashboard.selectors.inspecting import Inspection
from progress.prerequisites import beforehand
from progress.selectors import Outline
from progress.states import State, joining_state, lesson_state_of

HEADING = re.compile(r'<h2 id="action-card-heading">(.*?)</h2>', re.DOTALL)
NOT_FOUND = "There is no page at this address"
# Those whose sentence needs to know which courses come first.
ASKS_FOR_OTHERS = {State.PREREQUISITE, State.FREE}


def sentence_for(found: Inspection) -> str:
    """The heading of the student's page; empty when the course or lesson opens. At most one query."""
    decision, state = found.explanation.decision, state_shown(found)
    if decision.is_allowed:
        return ""
    if state == State.NOT_FOUND or not _is_published(found):
        return NOT_FOUND
    if state == State.COHORT_UPCOMING and decision.access and decision.access.starts_at:
        return f"Starts {format_moment(decision.access.starts_at)}."  # the page adds in how many days from today
    page = render_to_string(f"catalog/states/{state}.html", _context(found, state))
    heading = HEADING.search(page)
    return " ".join(unescape(strip_tags(heading[1])).split()) if heading else ""


def state_shown(found: Inspection) -> State:
    """The state that the student's page shows at that moment."""
    standing, moment = found.question.standing, found.question.moment
    course = decide_course(standing, moment)
    state = lesson_state_of(standing, found.explanation.decision, course, moment, done=0, total=0)
    if state != State.READY_TO_JOIN or found.course.enrollment_method != EnrollmentMethod.COHORT_ONLY:
        return state
    return joining_state(state, standing, list(cohorts_on_offer(found.student, found.course, moment)))


def _is_published(found: Inspection) -> bool:
    return found.question.lesson is None or found.question.lesson.is_published


def _context(found: Inspection, state: State) -> dict[str, Any]:
    course, standing = found.course, found.question.standing
    context: dict[str, Any] = {
        "course": course,
        "standing": standing,
        "decision": found.explanation.decision,
        "state": state,
        "viewer": "student",
        "outline": Outline(),
        "is_closed": not course.takes_new_students(found.question.moment),
        "has_right": bool(standing.rows),
        "suspension": found.held.suspension,
        "csrf_token": "none",  # its forms are not shown
    }
    if state in ASKS_FOR_OTHERS and standing.missing:
        missing = {each.pk for each in found.held.missing}
        lines = [replace(line, is_met=line.course.pk not in missing) for line in beforehand(standing)]
        return context | {"prerequisites": lines, "first_missing": None}
    if state in {State.PURCHASE, State.RESTRICTED}:
        course.tier = tier_of(course)  # type: ignore[attr-defined] # what the course page's own query adds
    return context
