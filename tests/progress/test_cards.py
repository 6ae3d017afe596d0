"""The words of a course in a list."""

from datetime import timedelta

import pytest
from django.utils import timezone

from access.models import CourseAccess
from catalog.models import Course
from progress.cards import Card, dashboard_cards, in_days
from progress.states import State
from tests import factories as make


def badge(state, *, access=None, tier=None, **fields):
    course = Course(slug="it", **fields)
    course.tier = tier
    found = Card(course=course, state=state, access=access).badge
    return found and found["text"]


@pytest.mark.parametrize(
    ("state", "fields", "words"),
    [
        (State.FREE, {}, "Free"),
        (State.RESTRICTED, {"enrollment_method": "invite_only"}, "By invitation"),
        (State.RESTRICTED, {"enrollment_method": "cohort_only"}, "In groups"),
        (State.RESTRICTED, {"status": "locked"}, "Closed to new students"),
        (State.PURCHASE, {"enrollment_method": "purchase"}, "Paid"),
        (State.PURCHASE, {"required_level": 1, "tier": {"name": "Basic"}}, "Included in Basic"),
        (State.STAFF_PREVIEW, {"status": "active"}, "Free"),
        (State.STAFF_PREVIEW, {"status": "locked"}, "Closed to new students"),
        (State.ACTIVE, {}, None),
        (State.PREREQUISITE, {}, "First finish another course"),
        (State.RESTRICTED, {"access_duration_type": "until_date", "access_until": make.NOW}, "Closed to new students"),
    ],
)
def test_badge_says_what_stands_in_the_way(state, fields, words):
    assert badge(state, **fields) == words


@pytest.mark.parametrize(
    ("kind", "words"),
    [("purchase", "Confirming payment"), ("path", "Later in your path"), ("manual", "Not started yet")],
)
def test_badge_says_that_a_payment_is_being_confirmed(kind, words):
    assert badge(State.PENDING, access=CourseAccess(access_type=kind, status="pending")) == words


@pytest.mark.parametrize(("state", "kind"), [(State.PENDING, "purchase"), (State.COHORT_UPCOMING, "cohort")])
def test_badge_says_the_day_of_a_start(state, kind):
    access = CourseAccess(access_type=kind, status="pending", starts_at=make.NOW)

    assert badge(state, access=access) == "Starts 2 March 2026"


@pytest.mark.parametrize(("days", "words"), [(14, "Access ends in 14 days"), (15, None)])
def test_badge_warns_from_14_days_before_the_end(days, words):
    access = CourseAccess(expires_at=timezone.now() + timedelta(days=days))

    assert badge(State.ACTIVE, access=access) == words


@pytest.mark.parametrize(("days", "words"), [(0, "today"), (1, "tomorrow"), (2, "in 2 days")])
def test_near_days_have_words(days, words):
    assert in_days(days) == words


def test_card_without_an_action_has_no_button():
    assert Card(course=Course(slug="it"), state=State.PURCHASE).action_url == ""


def test_what_waits_comes_after_what_can_be_opened():
    states = [State.PENDING, State.ACTIVE_NEW, State.PENDING, State.ACTIVE]
    cards = [Card(course=Course(slug=str(n)), state=state, is_mine=True) for n, state in enumerate(states)]

    assert [card.course.slug for card in dashboard_cards(cards, "all", "recent")] == ["1", "3", "0", "2"]
