"""The gravest steps ask who it is, on the way to the form and once more if the form comes late."""

import time

import pytest
from allauth.account.models import EmailAddress

from accounts.models import User
from dashboard.roles import Role
from tests.accounts.helpers import confirm_it_is_you, logged_in
from tests.dashboard.roles import staff_of
from tests.factories import PASSWORD, UserFactory

pytestmark = pytest.mark.django_db
ADD = "/dashboard/staff/add/"
ASK = f"/account/confirm/?next={ADD.replace('/', '%2F')}"


@pytest.fixture
def client():
    """Of an owner who is logged in and has not said again who she is."""
    return logged_in(staff_of(Role.OWNER))


@pytest.fixture
def user():
    user = UserFactory(email="new@example.com")
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    return user


def test_the_way_to_the_form_asks_and_comes_back(client):
    asked = client.get(ADD)

    answer = client.post("/account/confirm/", {"password": PASSWORD, "next": ADD})

    assert (asked.url, answer.url, client.get(ADD).status_code) == (ASK, ADD, 200)


def test_a_wrong_password_opens_nothing(client):
    confirm_it_is_you(client, password="a guess of mine")

    assert client.get(ADD).url == ASK


def test_a_form_that_comes_late_is_kept_and_carried_out(client, user):
    asked = client.post(ADD, {"email": user.email, "role": "Support"})
    assert (asked.url, User.objects.get(pk=user.pk).is_staff) == (ASK, False)

    answer = client.post("/account/confirm/", {"password": PASSWORD, "next": ADD})

    assert (answer.url, User.objects.get(pk=user.pk).is_staff) == ("/dashboard/staff/", True)


def test_it_holds_for_five_minutes(client, monkeypatch):
    confirm_it_is_you(client)
    assert client.get(ADD).status_code == 200

    late = time.time() + 301
    monkeypatch.setattr("time.time", lambda: late)

    assert client.get(ADD).url == ASK


def test_who_may_not_is_refused_without_being_asked():
    assert logged_in(staff_of(Role.SUPPORT)).get(ADD).status_code == 403
