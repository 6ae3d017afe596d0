from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from common.models import Job, OutgoingMail
from tests.accounts.helpers import is_in, link_of_last_mail, log_in, logged_in
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db
NEW = "another long phrase"


def ask(client, email, **headers):
    return client.post(reverse("account_reset_password"), {"email": email}, headers=headers)


def choose(client, link, password=NEW):
    """Open the link as a browser does and send the form; the answer of the form, or the page that refuses the link."""
    opened = client.get(link)
    return client.post(opened.url, {"password1": password}) if opened.status_code == 302 else opened


def test_reset_sets_a_new_password(client, student):
    ask(client, student.email)

    response = choose(client, link_of_last_mail())

    assert response.url == reverse("account_reset_password_from_key_done")
    assert log_in(Client(), student, NEW).url == reverse("my_dashboard")


def test_reset_logs_nobody_in(client, student):
    ask(client, student.email)

    choose(client, link_of_last_mail())

    assert not is_in(client)


def test_reset_tells_the_owner(client, student):
    ask(client, student.email)
    choose(client, link_of_last_mail())

    mail = OutgoingMail.objects.latest("pk")
    assert mail.to == [student.email]
    assert "was set anew" in mail.body


def test_reset_ends_all_sessions(client, student):
    """T75"""
    browser = logged_in(student)
    ask(client, student.email)

    choose(client, link_of_last_mail())

    assert not is_in(browser)


def test_reset_refuses_a_weak_password_with_422_and_keeps_the_link(client, student):
    ask(client, student.email)
    link = link_of_last_mail()

    assert choose(client, link, "short").status_code == 422
    assert choose(client, link).status_code == 302


def test_reset_answers_the_same_for_known_and_unknown_addresses(client, student):
    """T71: the same answer, and the same work: one mail and one job each."""
    closed = UserFactory(is_active=False)

    for address in (student.email, "nobody@example.com", closed.email):
        before = OutgoingMail.objects.count(), Job.objects.count()
        response = ask(client, address)
        assert (response.status_code, response.url) == (302, reverse("account_reset_password_done"))
        assert (OutgoingMail.objects.count(), Job.objects.count()) == (before[0] + 1, before[1] + 1)


def test_reset_of_an_unknown_address_makes_no_account(client):
    ask(client, "nobody@example.com")

    assert "There is no account with this address" in OutgoingMail.objects.get().body
    assert not User.objects.exists()


def test_reset_works_for_an_account_made_without_a_password(client):
    user = User.objects.create_user("buyer@example.com")
    ask(client, user.email)

    choose(client, link_of_last_mail())

    assert log_in(Client(), user, NEW).url == reverse("my_dashboard")


def test_reset_ignores_an_address_that_only_waits_for_confirmation(client, student, stranger):
    """Otherwise a mail about the stranger's account would reach whoever owns the address."""
    stranger.emailaddress_set.create(email=student.email)

    ask(client, student.email)

    assert OutgoingMail.objects.count() == 1


@pytest.mark.parametrize("headers", [{"x-forwarded-host": "evil.example"}, {"host": "localhost"}])
def test_reset_link_leads_to_our_host_whatever_the_header(client, student, headers):
    """T77"""
    ask(client, student.email, **headers)

    assert link_of_last_mail().startswith("http://testserver/password/reset/")


def test_reset_with_an_unknown_host_is_refused(client, student):
    """T77"""
    assert ask(client, student.email, host="evil.example").status_code == 400
    assert not OutgoingMail.objects.exists()


def test_reset_link_works_once(client, student):
    """T77"""
    ask(client, student.email)
    link = link_of_last_mail()
    choose(client, link)

    response = choose(Client(), link, "a third long phrase")

    assert "This link no longer works" in response.text
    assert log_in(Client(), student, NEW).status_code == 302


def test_reset_link_dies_when_the_address_changes(client, student):
    """T77"""
    ask(client, student.email)
    link = link_of_last_mail()
    User.objects.filter(pk=student.pk).update(email="moved@example.com")

    assert "This link no longer works" in choose(client, link).text


@pytest.mark.parametrize(("minutes", "works"), [(59, True), (61, False)])
def test_reset_link_lasts_an_hour(client, student, time_machine, minutes, works):
    """T77"""
    ask(client, student.email)
    link = link_of_last_mail()

    time_machine.move_to(timezone.localtime() + timedelta(minutes=minutes))  # Django signs with the local clock

    assert (choose(client, link).status_code == 302) is works


def test_reset_link_is_not_passed_on_as_referrer(client, student):
    ask(client, student.email)

    opened = client.get(link_of_last_mail())

    assert opened["Referrer-Policy"] == "no-referrer"
    assert client.get(opened.url)["Referrer-Policy"] == "no-referrer"


def test_reset_link_of_another_account_changes_only_that_account(client, student, stranger):
    browser = logged_in(stranger)
    ask(client, student.email)

    choose(browser, link_of_last_mail())

    stranger.refresh_from_db()
    assert not stranger.check_password(NEW)
    assert not is_in(browser)


def test_reset_link_of_another_account_logs_nobody_out_by_being_opened(client, student, stranger):
    """T79"""
    browser = logged_in(stranger)
    ask(client, student.email)

    browser.get(link_of_last_mail(), follow=True)

    assert is_in(browser)


@pytest.mark.parametrize("link", ["1-abc-def", "zzzzzz-set-password", "0-x"])
def test_reset_with_an_invented_link_is_refused(client, link):
    assert "This link no longer works" in client.get(f"/password/reset/{link}/").text
