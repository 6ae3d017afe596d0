"""Undo in a message: one address, a token that says what, by whom and until when."""

from datetime import timedelta

import pytest
from django.core import signing
from django.test import RequestFactory
from django.utils import timezone

import dashboard.urls  # noqa: F401 - what can be undone is known once the views are
from dashboard import undoing
from tests.conftest import client_of
from tests.dashboard.undo import press_undo, token, told

pytestmark = pytest.mark.django_db
BACK = "/dashboard/students/?q=x"


@pytest.fixture
def taken_back(monkeypatch):
    """Calls of the one act there is: `paint`, which staff may undo unless their name is Stella."""
    calls = []

    def undo(facts, *, actor, now):
        if facts["wall"] == "dry":
            raise undoing.CannotUndo("The paint is dry.")
        calls.append((facts, actor.name))
        return "The wall is white again."

    monkeypatch.setattr(undoing, "_ACTS", {})
    undoing.undoes("paint", lambda user: user.name != "Stella Staff")(undo)
    return calls


def offer(client, user, *, now=None, **facts):
    request = RequestFactory().get("/")
    request.user, request.session = user, client.session
    now = now or timezone.now()
    undoing.offer_undo(request, "The wall is red.", "paint", back=BACK, now=now, **({"wall": "wet"} | facts))
    request.session.save()


def test_a_page_says_what_was_done_and_offers_to_take_it_back(staff, staff_client, taken_back):
    offer(staff_client, staff)

    assert told(staff_client) == ["The wall is red."]
    assert 'type="submit">' in staff_client.get("/dashboard/students/").text
    assert token(staff_client) is not None


def test_the_offer_stays_on_the_next_page(staff, staff_client, taken_back):
    offer(staff_client, staff)
    told(staff_client)

    assert told(staff_client) == ["The wall is red."]


def test_undo_takes_it_back_and_returns(staff, staff_client, taken_back):
    offer(staff_client, staff)

    answer = press_undo(staff_client)

    assert answer.url == BACK
    assert taken_back == [({"wall": "wet"}, "Stan Staff")]
    assert told(staff_client) == ["The wall is white again."]


def test_what_cannot_be_taken_back_says_why(staff, staff_client, taken_back):
    offer(staff_client, staff, wall="dry")
    press_undo(staff_client)

    assert (told(staff_client), taken_back) == (["The paint is dry."], [])


def test_close_only_removes_the_message(staff, staff_client, taken_back):
    offer(staff_client, staff)
    press_undo(staff_client, close="yes")

    assert (told(staff_client), taken_back) == ([], [])


def test_an_older_message_leaves_the_newer_one(staff, staff_client, taken_back):
    offer(staff_client, staff)
    old = token(staff_client)
    offer(staff_client, staff, wall="new")

    staff_client.post("/dashboard/undo/", {"token": old, "close": "yes"})

    assert told(staff_client) == ["The wall is red."]


def test_after_an_hour_nothing_is_offered(staff, staff_client, taken_back):
    offer(staff_client, staff, now=timezone.now() - timedelta(hours=1, seconds=1))

    assert told(staff_client) == []


def test_after_an_hour_the_token_is_refused(staff, staff_client, taken_back):
    now = timezone.now() - timedelta(hours=1, seconds=1)
    old = undoing.undo_token(staff, "paint", back=BACK, now=now, wall="wet")
    staff_client.post("/dashboard/undo/", {"token": old})

    assert (told(staff_client), taken_back) == (["This can no longer be undone."], [])


def test_a_token_of_an_act_that_a_release_took_away_is_refused(staff, staff_client, taken_back):
    old = undoing.undo_token(staff, "carve", back=BACK, now=timezone.now(), wall="wet")

    answer = press_undo(staff_client, token=old)

    assert (answer.status_code, taken_back) == (302, [])


def test_a_token_is_of_its_user_only(staff, owner_client, taken_back):
    theirs = undoing.undo_token(staff, "paint", back=BACK, now=timezone.now(), wall="wet")
    owner_client.post("/dashboard/undo/", {"token": theirs})

    assert (told(owner_client), taken_back) == (["This can no longer be undone."], [])


@pytest.mark.parametrize("wrong", ["", "x", "a:b:c", "\0", "9" * 10_000, "é:é:é"])
def test_a_token_that_is_none_is_refused(staff_client, taken_back, wrong):
    answer = staff_client.post("/dashboard/undo/", {"token": wrong})

    assert (answer.status_code, answer.url) == (302, "/dashboard/")


def test_a_token_signed_for_something_else_is_refused(staff, staff_client, taken_back):
    other = signing.dumps({"name": "paint", "user": staff.pk, "back": BACK, "at": 9e9, "facts": {"wall": "wet"}})
    staff_client.post("/dashboard/undo/", {"token": other})

    assert (told(staff_client), taken_back) == (["This can no longer be undone."], [])


def test_who_may_not_any_more_is_refused(staff, staff_client, taken_back):
    mine = undoing.undo_token(staff, "paint", back=BACK, now=timezone.now(), wall="wet")
    staff.name = "Stella Staff"
    staff.save()

    answer = client_of(staff).post("/dashboard/undo/", {"token": mine})

    assert (answer.status_code, taken_back) == (403, [])
