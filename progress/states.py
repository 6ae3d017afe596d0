"""The one state a course is in for one viewer: course page, card and lesson page all show this  [UX 2.3]."""

from enum import StrEnum

from access.decisions import Code, Decision, Standing, newcomer_code
from catalog.models import Course


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
    COMPLETED = "completed"
    ACTIVE = "active"
    ACTIVE_NEW = "active_new"
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
    Code.NOT_JOINED: State.READY_TO_JOIN,
    Code.PENDING: State.PENDING,
    Code.PAYMENT_REQUIRED: State.PAYMENT_REQUIRED,
    Code.EXPIRED: State.EXPIRED,
    Code.REVOKED: State.REVOKED,
    Code.FREE: State.FREE,
    Code.PURCHASE: State.PURCHASE,
}


def state_of(standing: Standing, decision: Decision, *, done: int, total: int) -> State:
    """Name the state from the decision and the student's counters. A visitor sees the state of a newcomer."""
    if decision.code == Code.SIGN_IN:
        return newcomer_state(standing.course)
    if decision.code != Code.ACTIVE:
        return FROM_CODE.get(decision.code, State.RESTRICTED)
    if not standing.is_enrolled:
        return State.READY_TO_JOIN
    if total and done >= total:
        return State.COMPLETED
    return State.ACTIVE if done else State.ACTIVE_NEW


def newcomer_state(course: Course) -> State:
    """The state for somebody who holds nothing: a visitor, and what staff are told that students see."""
    return FROM_CODE.get(newcomer_code(course), State.RESTRICTED)
