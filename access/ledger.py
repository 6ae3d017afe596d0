"""The fold: what the events of a right or a suspension say it is. Pure; `auditing` reads the rows and compares.

Events count in the order they were written. Each takes effect at its own time, and never before the one written before
it, so the past is always a beginning of the history.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import takewhile
from typing import TypeVar

from access.models import OPENING, AccessAction, AccessEvent, AccessStatus


class BrokenHistory(Exception):
    """No service writes such events; the message names the first that cannot be."""


@dataclass(frozen=True)
class RightState:
    """The columns of a `CourseAccess` that its events decide."""

    user_id: int
    course_id: int | None
    status: AccessStatus
    granted_at: datetime
    granted_by_id: int | None
    starts_at: datetime | None
    expires_at: datetime | None
    revoked_at: datetime | None = None
    revoked_by_id: int | None = None
    revocation_reason: str = ""

    def status_at(self, moment: datetime) -> AccessStatus:
        """The status as readers see it: no sweep has to pass before a right opens or ends."""
        if self.status not in OPENING:
            return self.status
        if self.starts_at is None or self.starts_at > moment:
            return AccessStatus.PENDING
        return AccessStatus.EXPIRED if self.expires_at and self.expires_at <= moment else AccessStatus.UNLOCKED

    def is_open(self, moment: datetime) -> bool:
        return self.status_at(moment) == AccessStatus.UNLOCKED


@dataclass(frozen=True)
class SuspensionState:
    """The columns of a `Suspension` that its events decide."""

    user_id: int
    course_id: int | None
    reason: str
    suspended_by_id: int | None
    suspended_at: datetime
    lifted_by_id: int | None = None
    lifted_at: datetime | None = None


State = TypeVar("State", RightState, SuspensionState)

# From which status an action leads where. `granted` comes first and nowhere else.
PENDING, UNLOCKED, LOCKED, EXPIRED, REVOKED = (AccessStatus(status) for status in AccessStatus.values)
STEPS: dict[str, dict[AccessStatus, AccessStatus]] = {
    AccessAction.ACTIVATED: {PENDING: UNLOCKED},
    AccessAction.EXTENDED: {PENDING: PENDING, UNLOCKED: UNLOCKED, LOCKED: LOCKED, EXPIRED: UNLOCKED},
    AccessAction.LOCKED: {PENDING: LOCKED, UNLOCKED: LOCKED},
    AccessAction.UNLOCKED: {LOCKED: UNLOCKED},
    AccessAction.EXPIRED: {PENDING: EXPIRED, UNLOCKED: EXPIRED},
    AccessAction.REVOKED: dict.fromkeys((PENDING, UNLOCKED, LOCKED, EXPIRED), REVOKED),
}


def right_of(events: Iterable[AccessEvent]) -> RightState | None:
    """What the events of one right make of it; None without any.

    :raises BrokenHistory: at the first event that cannot follow
    """
    return _fold(events, _granted, _changed)


def suspension_of(events: Iterable[AccessEvent]) -> SuspensionState | None:
    """What the events of one suspension make of it; None without any.

    :raises BrokenHistory: at the first event that cannot follow
    """
    return _fold(events, _suspended, _reinstated)


def until(events: Iterable[AccessEvent], moment: datetime) -> Iterable[AccessEvent]:
    """The beginning of a history that had happened at this moment."""
    return takewhile(lambda event: event.at <= moment, events)


def _fold(
    events: Iterable[AccessEvent],
    first: Callable[[AccessEvent], State],
    following: Callable[[State, AccessEvent], State],
) -> State | None:
    state: State | None = None
    for event in events:
        if state and (event.user_id, event.course_id) != (state.user_id, state.course_id):
            raise BrokenHistory(f"{event.action} is about another student or course")
        state = following(state, event) if state else first(event)
    return state


def _granted(event: AccessEvent) -> RightState:
    if event.action != AccessAction.GRANTED:
        raise BrokenHistory(f"{event.action} before granted")
    is_open = event.starts_at is not None and event.starts_at <= event.at
    return RightState(
        user_id=event.user_id,
        course_id=event.course_id,
        status=UNLOCKED if is_open else PENDING,
        granted_at=event.at,
        granted_by_id=event.actor_id,
        starts_at=event.starts_at,
        expires_at=event.expires_at,
    )


def _changed(state: RightState, event: AccessEvent) -> RightState:
    steps = STEPS.get(event.action, {})
    if state.status not in steps:
        raise BrokenHistory(f"{event.action} while {state.status}")
    state = replace(state, status=steps[state.status], starts_at=event.starts_at, expires_at=event.expires_at)
    if state.status != REVOKED:
        return state
    return replace(state, revoked_at=event.at, revoked_by_id=event.actor_id, revocation_reason=event.reason)


def _suspended(event: AccessEvent) -> SuspensionState:
    if event.action != AccessAction.SUSPENDED:
        raise BrokenHistory(f"{event.action} before suspended")
    return SuspensionState(
        user_id=event.user_id,
        course_id=event.course_id,
        reason=event.reason,
        suspended_by_id=event.actor_id,
        suspended_at=event.at,
    )


def _reinstated(state: SuspensionState, event: AccessEvent) -> SuspensionState:
    if event.action != AccessAction.REINSTATED:
        raise BrokenHistory(f"{event.action} while suspended")
    if state.lifted_at:
        raise BrokenHistory("reinstated twice")
    return replace(state, lifted_by_id=event.actor_id, lifted_at=event.at)
