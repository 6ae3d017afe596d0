"""The one state a course is in for one viewer: course page, card and lesson page all show this  [UX 2.3]."""

from enum import StrEnum

from access.decisions import Code, Decision, Standing, newcomer_code


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
        return FROM_CODE.get(newcomer_code(standing.course), State.RESTRICTED)
    if decision.code != Code.ACTIVE:
        return FROM_CODE.get(decision.code, State.RESTRICTED)
    if not standing.is_enrolled:
        return State.READY_TO_JOIN
    if total and done >= total:
        return State.COMPLETED
    return State.ACTIVE if done else State.ACTIVE_NEW
