"""A course in a list as one viewer sees it, its words, and the lists of the dashboard made from loaded cards."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.urls import reverse
from django.utils import timezone

from access.decisions import Standing
from access.models import AccessType, CourseAccess
from catalog.models import Course, CourseStatus, EnrollmentMethod
from common.durations import format_duration
from common.moments import days_until, format_day
from common.percentages import percent
from progress.models import LessonProgress
from progress.states import State, newcomer_state

Badge = dict[str, str]


@dataclass(frozen=True)
class Card:
    """A course in a list, as one viewer, who stands there so, sees it.

    `is_mine`: they take it or hold a right to it; `access` decided.
    """

    course: Course
    state: State
    done: int = 0
    is_favorite: bool = False
    can_favorite: bool = False
    is_enrolled: bool = False
    is_mine: bool = False
    last_active_at: datetime | None = None
    access: CourseAccess | None = None
    standing: Standing | None = None

    @property
    def facts(self) -> tuple[Any, ...]:
        """Everything the card shows but its heart, by which a card drawn before is found again."""
        course, badge = self.course, self.badge
        texts = (course.slug, course.title, course.short_description, course.instructor_name, course.special_tag)
        way_in = (*(badge.values() if badge else ()), self.action_label, self.action_url)
        return (
            *texts,
            course.card_image_url,
            self.lesson_count,
            self.duration_text,
            self.done,
            self.total,
            self.is_enrolled,
            way_in,
        )

    @property
    def lesson_count(self) -> int:
        return self.course.lesson_count

    @property
    def duration_text(self) -> str:
        return format_duration(minutes=self.course.estimated_minutes)

    @property
    def total(self) -> int | None:
        """Lessons to show progress against; None before the student has taken part."""
        return self.course.lesson_count if self.done or self.state in STARTED else None

    @property
    def percent(self) -> int:
        return percent(self.done, self.course.lesson_count)

    @property
    def ends_in_days(self) -> int | None:
        """Calendar days, where the viewer is, until an open right ends; None unless that is soon."""
        if self.state not in STARTED | {State.READY_TO_JOIN} or self.access is None:
            return None
        days = days_until(self.access.expires_at)
        return days if days is not None and days <= EXPIRY_DAYS else None

    @property
    def ends_in_words(self) -> str:
        """Today, tomorrow, in 5 days; empty unless the end is soon."""
        return "" if self.ends_in_days is None else in_days(self.ends_in_days)

    @property
    def badge(self) -> Badge | None:
        """The one badge of the card: what stands in the way, or how one gets in."""
        if self.ends_in_days is not None:
            return _badge("warn", "clock", f"Access ends {self.ends_in_words}")
        if self.access and self.state in {State.PENDING, State.COHORT_UPCOMING}:
            return _badge("info", "calendar" if self.access.starts_at else "clock", _waiting_words(self.access))
        now = timezone.now()
        state = newcomer_state(self.course, now) if self.state == State.STAFF_PREVIEW else self.state
        return _badge(*BADGES[state]) if state in BADGES else _way_in(self.course, state, now)

    @property
    def action_label(self) -> str:
        return ACTIONS.get(self.state, "")

    @property
    def action_url(self) -> str:
        """Where the card's button leads; empty when the card itself, which is a link, says enough."""
        if self.state in {State.ACTIVE, State.ACTIVE_NEW}:
            return reverse("course_continue", args=[self.course.slug])
        return self.course.get_absolute_url() if self.state in ACTIONS else ""

    @property
    def can_continue(self) -> bool:
        return self.state in {State.ACTIVE, State.ACTIVE_NEW, State.STAFF_PREVIEW}

    @property
    def has_ended(self) -> bool:
        return self.state in ENDED


EXPIRY_DAYS = 14
STARTED = {State.ACTIVE, State.ACTIVE_NEW, State.COMPLETED}
ENDED = {State.EXPIRED, State.REVOKED, State.SUSPENDED, State.PAYMENT_REQUIRED}
BADGES = {
    State.FREE: ("ok", "check", "Free"),
    State.COMING_SOON: ("info", "calendar", "Coming soon"),
    State.EXPIRED: ("warn", "clock", "Access ended"),
    State.REVOKED: ("warn", "clock", "Access ended"),
    State.SUSPENDED: ("bad", "stop", "Suspended"),
    State.PAYMENT_REQUIRED: ("warn", "clock", "Payment open"),
    State.PREREQUISITE: ("neutral", "lock", "First finish another course"),
    State.COMPLETED: ("ok", "check", "Completed"),
    State.READY_TO_JOIN: ("plum", "check", "Open to you"),
}
PENDING_WORDS = dict.fromkeys((AccessType.PURCHASE, AccessType.BUNDLE, AccessType.SUBSCRIPTION), "Confirming payment")
PENDING_WORDS[AccessType.PATH] = "Later in your path"
RESTRICTIONS = {
    EnrollmentMethod.INVITE_ONLY: ("neutral", "mail", "By invitation"),
    EnrollmentMethod.COHORT_ONLY: ("neutral", "users", "In groups"),
    EnrollmentMethod.SUBSCRIPTION_ONLY: ("plum", "layers", "Members"),
}
ACTIONS = {
    State.ACTIVE: "Continue",
    State.ACTIVE_NEW: "Start",
    State.READY_TO_JOIN: "Join",
    State.COMPLETED: "Review",
}


def _badge(kind: str, icon: str, text: str) -> Badge:
    return {"kind": kind, "icon": icon, "text": text}


def _waiting_words(access: CourseAccess) -> str:
    """When a right opens; without a date, what it waits for."""
    if access.starts_at:
        return f"Starts {format_day(access.starts_at)}"
    return PENDING_WORDS.get(AccessType(access.access_type), "Not started yet")


def _way_in(course: Course, state: State, now: datetime) -> Badge | None:
    """How one gets into a course that is neither free nor open to this viewer."""
    if state not in {State.PURCHASE, State.RESTRICTED}:
        return None
    if course.status == CourseStatus.LOCKED or course.has_ended(now):
        return _badge("neutral", "lock", "Closed to new students")
    tier = getattr(course, "tier", None)
    if tier and course.required_level:
        return _badge("plum", "layers", f"Included in {tier['name']}")
    method = EnrollmentMethod(course.enrollment_method)
    return _badge(*RESTRICTIONS.get(method, ("neutral", "card", "Paid")))


def in_days(days: int) -> str:
    """Say a number of days ahead: today, tomorrow, in 5 days."""
    return {0: "today", 1: "tomorrow"}.get(days, f"in {days} days")


SHOWS = {
    "all": "All",
    "in-progress": "In progress",
    "completed": "Completed",
    "favorites": "Favorites",
    "ended": "Ended",
}
SORTS = {"recent": "Last active", "title": "Title", "progress": "Progress"}
SHOWN_STATES = {
    "in-progress": {State.ACTIVE, State.ACTIVE_NEW, State.READY_TO_JOIN},
    "completed": {State.COMPLETED},
    "ended": ENDED,
}
UNLOCKABLE = {State.READY_TO_JOIN, State.FREE, State.PURCHASE, State.RESTRICTED}
LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)


def dashboard_cards(cards: list[Card], show: str, sort: str) -> list[Card]:
    """The student's cards as filtered and sorted on the dashboard; a list of their own courses is short."""
    kept = [card for card in cards if _is_shown(card, show)]
    if sort == "title":
        return kept
    if sort == "progress":
        return sorted(kept, key=lambda card: -card.percent)
    recent = sorted(kept, key=lambda card: card.last_active_at or LONG_AGO, reverse=True)
    return sorted(recent, key=lambda card: card.state == State.PENDING)  # what waits comes last: a path may be long


def _is_shown(card: Card, show: str) -> bool:
    """Favorites may be courses the student does not take; everything else is about those they do."""
    if show == "favorites":
        return card.is_favorite
    if show == "ended":
        return card.is_mine and card.has_ended
    return card.is_mine and card.state in SHOWN_STATES.get(show, set(State) - ENDED)


def figures_of(cards: list[Card]) -> dict[str, int]:
    """The dashboard's figures, from the cards of the courses the student takes."""
    return {
        "courses": len(cards),
        "completed": sum(card.state == State.COMPLETED for card in cards),
        "lessons_done": sum(card.done for card in cards),
        "lessons": sum(card.lesson_count for card in cards),
    }


def unlockable_cards(cards: list[Card]) -> list[Card]:
    """What the student could take next: what a membership already opens first, then the free, then the paid."""
    now = timezone.now()
    offered = [card for card in cards if not card.is_mine and card.state in UNLOCKABLE]
    kept = [card for card in offered if card.course.takes_new_students(now)]
    return sorted(kept, key=lambda card: (card.state != State.READY_TO_JOIN, card.course.required_level))


def card_to_continue(cards: list[Card], latest: LessonProgress | None) -> Card | None:
    """The course the student was in last, else one they have not begun."""
    if latest:
        return next(card for card in cards if card.course.pk == latest.course_id)
    return next((card for card in cards if card.can_continue), None)


def known_choice(value: str | None, choices: dict[str, str]) -> str:
    """The choice if there is one of that name, else the first."""
    return value if value in choices else next(iter(choices))
