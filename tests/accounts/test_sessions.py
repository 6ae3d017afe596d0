"""T74-T76: when a session begins, when it ends, and who may end it."""

import pytest
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.sessions.models import Session
from django.test import Client
from django.urls import reverse

from accounts.models import User
from accounts.services import end_all_sessions
from tests.accounts.helpers import is_in, log_in, logged_in
from tests.conftest import client_of
from tests.factories import PASSWORD

pytestmark = pytest.mark.django_db
NEW = "another long phrase"


def cookie_of(client):
    return client.cookies[settings.SESSION_COOKIE_NAME].value


def planted(client):
    """A session made before the log-in, as an attacker would plant it."""
    session = client.session
    session["planted"] = True
    session.save()
    return session.session_key


def test_log_in_gives_a_new_session_key_and_kills_the_old(client, student):
    """T74"""
    old = planted(client)

    log_in(client, student)

    assert cookie_of(client) != old
    assert not Session.objects.filter(session_key=old).exists()


def test_sign_up_gives_a_new_session_key_and_kills_the_old(client):
    """T74"""
    old = planted(client)

    client.post(reverse("account_signup"), {"name": "Ada", "email": "ada@example.com", "password1": PASSWORD})

    assert cookie_of(client) != old
    assert not Session.objects.filter(session_key=old).exists()


@pytest.mark.parametrize("right", ["is_staff", "is_superuser"])
def test_other_rights_end_all_sessions(student, right):
    """T74"""
    browser = logged_in(student)

    User.objects.filter(pk=student.pk).update(**{right: True})

    assert not is_in(browser)


def test_log_out_kills_the_session_on_the_server(student):
    """T75"""
    browser = logged_in(student)
    cookie = cookie_of(browser)

    browser.post(reverse("account_logout"))

    stolen = Client()
    stolen.cookies[settings.SESSION_COOKIE_NAME] = cookie
    assert not is_in(stolen)
    assert not Session.objects.filter(session_key=cookie).exists()


def test_a_new_password_ends_other_sessions_and_keeps_this_one(student):
    """T75"""
    browser, other = logged_in(student), logged_in(student)

    browser.post(reverse("account_change_password"), {"oldpassword": PASSWORD, "password1": NEW})

    assert is_in(browser)
    assert not is_in(other)


def test_a_wrong_current_password_changes_nothing(student):
    browser, other = logged_in(student), logged_in(student)

    response = browser.post(reverse("account_change_password"), {"oldpassword": "wrong", "password1": NEW})

    assert response.status_code == 422
    assert is_in(other)


def test_a_first_password_can_be_set(student_client):
    user = User.objects.create_user("buyer@example.com")
    browser = client_of(user)
    page = browser.get(reverse("account_change_password"))

    browser.post(page.url, {"password1": NEW})

    assert page.url == reverse("account_set_password")
    assert log_in(Client(), user, NEW).url == reverse("my_dashboard")


def test_a_closed_account_is_out_at_once(student):
    """T75"""
    browser = logged_in(student)

    User.objects.filter(pk=student.pk).update(is_active=False)

    assert not is_in(browser)


def test_ending_all_sessions_ends_them(student, stranger_client):
    """T75: the switch staff have."""
    browser, unlisted = logged_in(student), client_of(student)

    end_all_sessions(user=student)

    assert not is_in(browser)
    assert not is_in(unlisted)
    assert is_in(stranger_client)


def test_log_out_others_ends_every_other_session(student):
    """T75: also those that are not in the list."""
    browser, other, unlisted = logged_in(student), logged_in(student), client_of(student)

    response = browser.post(reverse("usersessions_list"), follow=True)

    assert "All other devices are logged out." in response.text
    assert [is_in(client) for client in (browser, other, unlisted)] == [True, False, False]
    assert UserSession.objects.get().session_key == cookie_of(browser)


def test_log_out_others_ends_nobody_elses_session(student, stranger):
    """T76: no field of the form can name another session."""
    browser, theirs = logged_in(student), logged_in(stranger)
    row = UserSession.objects.get(user=stranger)

    browser.post(reverse("usersessions_list"), {"id": row.pk, "session_key": row.session_key, "user": stranger.pk})

    assert is_in(theirs)
    assert UserSession.objects.filter(pk=row.pk).exists()


def test_the_list_shows_only_own_sessions(student, stranger):
    """T76"""
    Client(headers={"user-agent": "Secret Browser"}).post(
        reverse("account_login"), {"login": stranger.email, "password": PASSWORD}
    )

    page = logged_in(student).get(reverse("usersessions_list")).text

    assert "This device" in page
    assert "Secret Browser" not in page


def test_the_session_cookie_is_out_of_reach_of_scripts_and_other_sites(client, student):
    log_in(client, student)

    cookie = client.cookies[settings.SESSION_COOKIE_NAME]
    assert (cookie["httponly"], cookie["samesite"], cookie["secure"]) == (True, "Lax", True)
