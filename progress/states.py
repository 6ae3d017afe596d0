"""The one state a course is in for one viewer: course page, card and lesson page all show this  [UX 2.3]."""

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum

from access.decisions import Code, Decision, Standing, newcomer_code
from access.groups import may_join_by_themselves
from access.models import Cohort
from catalog.models import Course, EnrollmentMethod


class State(StrEnum):
    """First match wins; the value is the page's `data-state`."""

    NOT_FOUND = "not_found"
    STAFF_PREVIEW = "staff_preview"
    SUSPENDED = "suspended"
    COMING_SOON = "coming_soon"
    PENDING = "pending"
    PAYMENT_REQUIRED = "payment_required"
    REVOKED = "revoked"
    EXPIRED = "expired"
    COHORT_UPCOMING = "cohort_upcoming"
    PREREQUISITE = "prerequisite"
    COMPLETED = "completed"
    ACTIVE = "active"
    ACTIVE_NEW = "active_new"
    DRIP = "drip"  # of a lesson, inside the three states above
    COHORT_CHOICE = "cohort_choice"
    COHORT_FULL = "cohort_full"
    READY_TO_JOIN = "ready_to_join"
    RESTRICTED = "restricted"
    FREE = "free"
    PURCHASE = "purchase"

    @property
    def in_words(self) -> str:
        return WORDS.get(self, self.value.replace("_", " "))


# How staff read what students see.
WORDS = {
    State.COMING_SOON: "the opening date is to come",
    State.RESTRICTED: "closed or for some only; they can ask for access",
    State.FREE: "a free course they can enroll in",
    State.PURCHASE: "a paid course they can ask access to",
}

FROM_CODE = {
    Code.STAFF: State.STAFF_PREVIEW,
    Code.NOT_FOUND: State.NOT_FOUND,
    Code.SUSPENDED: State.SUSPENDED,
    Code.COMING_SOON: State.COMING_SOON,
    Code.PREREQUISITES: State.PREREQUISITE,
    Code.COHORT_UPCOMING: State.COHORT_UPCOMING,
    Code.PENDING: State.PENDING,
    Code.PAYMENT_REQUIRED: State.PAYMENT_REQUIRED,
    Code.EXPIRED: State.EXPIRED,
    Code.REVOKED: State.REVOKED,
    Code.FREE: State.FREE,
    Code.PURCHASE: State.PURCHASE,
}


def state_of(standing: Standing, decision: Decision, now: datetime, *, done: int, total: int) -> State:
    """Name the state from the decision and the student's counters. A visitor sees the state of a newcomer."""
    if decision.code == Code.SIGN_IN:
        return newcomer_state(standing.course, now)
    if decision.code == Code.NOT_JOINED:
        return State.PREREQUISITE if standing.missing else State.READY_TO_JOIN
    if decision.code != Code.ACTIVE:
        return FROM_CODE.get(decision.code, State.RESTRICTED)
    if not standing.is_enrolled:
        return State.READY_TO_JOIN
    if total and done >= total:
        return State.COMPLETED
    return State.ACTIVE if done else State.ACTIVE_NEW


def lesson_state_of(
    standing: Standing, lesson: Decision, course: Decision, now: datetime, *, done: int, total: int
) -> State:
    """The state a lesson page shows: the course's, or that this lesson opens later."""
    return State.DRIP if lesson.code == Code.DRIP else state_of(standing, course, now, done=done, total=total)


def joining_state(state: State, standing: Standing, offers: Sequence[Cohort]) -> State:
    """What somebody who may join sees in a course taken in cohorts: the choice, or that none has a seat."""
    is_by_cohort = standing.course.enrollment_method == EnrollmentMethod.COHORT_ONLY
    is_in_one = any(getattr(cohort, "is_mine", False) for cohort in offers)
    if state != State.READY_TO_JOIN or not is_by_cohort or is_in_one or not offers:
        return state
    return State.COHORT_CHOICE if any(may_join_by_themselves(cohort) for cohort in offers) else State.COHORT_FULL


def newcomer_state(course: Course, now: datetime) -> State:
    """The state for somebody who holds nothing: a visitor, and what staff are told that students see."""
    return FROM_CODE.get(newcomer_code(course, now), State.RESTRICTED)
