"""How staff read the judge and the rows: a few words, an icon and a colour, never a code."""

from dataclasses import dataclass
from datetime import datetime

from access.decisions import Code
from access.models import AccessEvent, AccessStatus, CourseAccess


@dataclass(frozen=True)
class Sign:
    """What a badge shows."""

    text: str
    kind: str = "neutral"
    icon: str = "circle"


NO_ACCESS = Sign("No access")
SIGNS = {
    Code.ACTIVE: Sign("Open", "ok", "check"),
    Code.NOT_FOUND: Sign("Hidden from them", "neutral", "eye-off"),
    Code.SUSPENDED: Sign("Suspended", "bad", "stop"),
    Code.COMING_SOON: Sign("Course not open yet", "info", "clock"),
    Code.NOT_JOINED: Sign("Has to join", "info", "user"),
    Code.PREREQUISITES: Sign("Another course first", "warn", "lock"),
    Code.COHORT_UPCOMING: Sign("Cohort not begun", "info", "clock"),
    Code.PENDING: Sign("Not begun", "info", "clock"),
    Code.PAYMENT_REQUIRED: Sign("Locked", "warn", "lock"),
    Code.EXPIRED: Sign("Expired", "warn", "clock"),
    Code.REVOKED: Sign("Revoked", "bad", "x"),
}
LOCKED, REVOKED = SIGNS[Code.PAYMENT_REQUIRED], SIGNS[Code.REVOKED]


def sign_of(code: Code) -> Sign:
    """What the judge said of a course; every way in that the student has not taken is no access."""
    return SIGNS.get(code, NO_ACCESS)


def sign_of_row(access: CourseAccess, now: datetime) -> Sign:
    """What a right is at this moment, also where nothing has written it down yet."""
    if access.status == AccessStatus.REVOKED:
        return REVOKED
    if access.status == AccessStatus.LOCKED:
        return LOCKED
    if access.is_open(now):
        return SIGNS[Code.ACTIVE]
    return SIGNS[Code.PENDING if access.is_to_come(now) else Code.EXPIRED]


def who(event: AccessEvent) -> str:
    """Who did it; what no person did happened by itself."""
    if event.actor is None:
        return "by itself"
    return "by the student" if event.actor_id == event.user_id else f"by {event.actor.display_name}"


def through(event: AccessEvent) -> str:
    """What it came through: the source of the right, and the order or the batch where one is named."""
    source = event.access.source_label if event.access else "Suspension"
    kind, number, *_ = [*event.cause.split(":"), ""]
    return f"{source}, {kind} {number}" if kind in {"order", "batch"} else source
