"""The steps of a learning path as one student sees them, from the cards of its courses."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from django.urls import reverse

from access.models import AccessType
from catalog.models import Course
from progress.cards import Card
from progress.states import State

OPEN = {State.ACTIVE, State.ACTIVE_NEW, State.READY_TO_JOIN, State.COMPLETED}


class StepState(StrEnum):
    """How far a step is  [UX 3.3]. A visitor, and who is not on the path, sees no lock: nothing waits for them."""

    DONE = "done"
    CURRENT = "current"
    AVAILABLE = "available"
    LOCKED = "locked"
    AHEAD = "ahead"


WORDS = {
    StepState.DONE: ("ok", "check", "Done"),
    StepState.CURRENT: ("plum", "play", "Current"),
    StepState.AVAILABLE: ("info", "circle", "Available"),
    StepState.LOCKED: ("neutral", "lock", "Locked"),
}


@dataclass(frozen=True)
class Step:
    """One course of a path: its place, its state, and in words what it waits for."""

    number: int
    card: Card
    state: StepState
    reason: str = ""

    @property
    def course(self) -> Course:
        return self.card.course

    @property
    def is_required(self) -> bool:
        return bool(getattr(self.course, "is_required", True))

    @property
    def is_done(self) -> bool:
        """Completed once; or empty, which holds nobody up."""
        return _counts_as_done(self.card)

    @property
    def done_at(self) -> datetime | None:
        return _completed_at(self.card)

    @property
    def badge(self) -> dict[str, str] | None:
        found = WORDS.get(self.state)
        return dict(zip(("kind", "icon", "text"), found, strict=True)) if found else None

    @property
    def url(self) -> str:
        """Where the step's button leads: into the lessons, or first to the course page where joining is asked."""
        if self.card.access and self.card.access.must_join and not self.card.is_enrolled:
            return self.course.get_absolute_url()
        return reverse("course_continue", args=[self.course.slug])


def is_open(card: Card) -> bool:
    """True if this student may open the course now, or once they have joined it."""
    return card.state in OPEN


def steps_of(cards: Iterable[Card], *, is_member: bool) -> list[Step]:
    """The steps in order. Of those that are open and not done, the first is the current one for who is on the path."""
    steps: list[Step] = []
    has_current, awaited = not is_member, None
    for number, card in enumerate(cards, 1):
        state = _state(card, is_member=is_member, has_current=has_current)
        steps.append(Step(number, card, state, _reason(card, awaited) if state == StepState.LOCKED else ""))
        has_current = has_current or state == StepState.CURRENT
        if getattr(card.course, "is_required", True) and not _counts_as_done(card):
            awaited = card.course
    return steps


def _state(card: Card, *, is_member: bool, has_current: bool) -> StepState:
    if _completed_at(card):
        return StepState.DONE
    if is_open(card):
        is_current = not has_current and card.lesson_count > 0
        return StepState.CURRENT if is_current else StepState.AVAILABLE
    if is_member and card.state == State.FREE:  # waits in the path, and is free for everybody all the same
        return StepState.AVAILABLE
    return StepState.LOCKED if is_member else StepState.AHEAD


def _reason(card: Card, awaited: Course | None) -> str:
    """Why a step of a member is closed: the path itself, or whatever the course's card says."""
    is_waiting = card.state == State.PENDING and card.access and card.access.access_type == AccessType.PATH
    if is_waiting and awaited:
        return f"Opens when you finish “{awaited.title}”"
    if is_waiting:
        return "Opens later"
    return REASONS.get(card.state) or (card.badge["text"] if card.badge else "")


REASONS = {
    State.PREREQUISITE: "Another course has to be completed first",
    State.COHORT_UPCOMING: "Opens with your cohort",
}


def _completed_at(card: Card) -> datetime | None:
    return getattr(card.course, "completed_at", None)


def _counts_as_done(card: Card) -> bool:
    """An empty course holds nobody up, as in `access.services.paths`."""
    return _completed_at(card) is not None or card.lesson_count == 0
