"""T72 guessing, T73 mail flooding. The limits live in settings; the tests say what they must achieve."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from common.models import OutgoingMail
from tests.accounts.helpers import confirm_it_is_you, is_in, logged_in
from tests.factories import PASSWORD, UserFactory

pytestmark = pytest.mark.django_db
WRONG = "not the right phrase"


def guess(email, password=WRONG, *, ip="192.0.2.1", **headers):
    form = {"login": email, "password": password}
    return Client(REMOTE_ADDR=ip, headers=headers).post(reverse("account_login"), form)


def statuses(answers):
    return [answer.status_code for answer in answers]


def test_the_sixth_guess_in_a_minute_is_refused_without_looking(student):
    """T72: even the right password."""
    answers = statuses(guess(student.email) for _ in range(5))

    refused = guess(student.email, PASSWORD)

    assert answers == [422] * 5
    assert refused.status_code == 429
    assert refused["Retry-After"] == "60"
    assert "Wait a few minutes" in refused.text


def test_guessing_is_limited_the_same_for_an_unknown_account(db):
    """T71"""
    assert statuses(guess("nobody@example.com") for _ in range(6)) == [422] * 5 + [429]


def test_no_guess_is_hashed_over_the_limit(student, monkeypatch):
    """T72: hashing costs more than asking."""
    for _ in range(5):
        guess(student.email)
    monkeypatch.setattr(User, "check_password", lambda *_: pytest.fail("a password was hashed"))

    assert guess(student.email).status_code == 429


@pytest.mark.django_db(transaction=True)
def test_guesses_at_the_same_moment_are_limited_like_others(student):
    """T72: counting is atomic."""

    def guess_in_a_thread(_):
        with closing(connection):
            return guess(student.email).status_code

    with ThreadPoolExecutor(8) as threads:
        answers = list(threads.map(guess_in_a_thread, range(16)))

    assert sorted(answers) == [422] * 5 + [429] * 11


def test_the_owner_is_not_locked_out_by_guesses_from_elsewhere(student):
    """T72"""
    for _ in range(20):
        guess(student.email, ip="192.0.2.66")

    assert guess(student.email, PASSWORD, ip="198.51.100.7").status_code == 302


def test_guesses_on_one_account_from_many_addresses_are_limited(student):
    """T72: a hundred an hour, and the delay of a single address comes long before."""
    for number in range(100):
        guess(student.email, ip=f"192.0.2.{number}")

    assert guess(student.email, ip="198.51.100.7").status_code == 429


def test_the_owner_gets_in_again_after_the_window_and_after_a_reset(student, time_machine):
    """T72"""
    for number in range(101):
        guess(student.email, ip=f"192.0.2.{number}")
    time_machine.move_to(timezone.now() + timedelta(minutes=61))

    assert guess(student.email, PASSWORD, ip="198.51.100.7").status_code == 302


def test_one_guess_on_each_of_many_accounts_is_limited_by_address(db):
    """T72"""
    answers = statuses(guess(f"person{number}@example.com") for number in range(21))

    assert answers == [422] * 20 + [429]


def test_a_forged_forwarded_address_does_not_help(student):
    """T72: without a proxy of ours the header is not read."""
    answers = [guess(student.email, **{"x-forwarded-for": f"203.0.113.{number}"}) for number in range(6)]

    assert statuses(answers)[-1] == 429


def test_behind_a_proxy_only_its_own_entry_counts(student, settings):
    """T72: the last entry is the one our proxy wrote."""
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1

    answers = [guess(student.email, **{"x-forwarded-for": f"203.0.113.{n}, 198.51.100.9"}) for n in range(6)]

    assert statuses(answers)[-1] == 429


def test_behind_a_proxy_visitors_do_not_share_a_limit(student, settings):
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1

    answers = [guess(student.email, **{"x-forwarded-for": f"198.51.100.{n}"}) for n in range(6)]

    assert statuses(answers) == [422] * 6


def test_logging_in_often_with_the_right_password_is_no_guessing(student):
    for _ in range(8):
        assert guess(student.email, PASSWORD).status_code == 302


def test_guessing_the_password_of_an_open_session_is_limited(student):
    """T72: somebody found the laptop open."""
    device = logged_in(student)

    answers = statuses(confirm_it_is_you(device, WRONG) for _ in range(6))

    assert answers == [422] * 5 + [429]


def test_resets_for_one_account_are_limited_to_three_mails_an_hour(student):
    """T73: from whichever address they are asked for, and the answer is the same for an unknown account."""
    for email in (student.email, "nobody@example.com"):
        answers = [_reset(email, ip=f"192.0.2.{number}") for number in range(5)]
        assert statuses(answers) == [302, 302, 302, 429, 429]

    assert OutgoingMail.objects.count() == 6
    assert answers[-1]["Retry-After"] == "3600"


def test_resets_from_one_address_are_limited_to_ten_an_hour(db):
    """T73"""
    answers = statuses(_reset(f"person{number}@example.com") for number in range(12))

    assert answers == [302] * 10 + [429] * 2
    assert OutgoingMail.objects.count() == 10


def _reset(email, ip="192.0.2.1"):
    return Client(REMOTE_ADDR=ip).post(reverse("account_reset_password"), {"email": email})


def test_sign_ups_from_one_address_are_limited_to_ten_an_hour(db):
    """T73"""
    form = {"name": "Ada", "password1": PASSWORD}

    answers = statuses(
        Client().post(reverse("account_signup"), form | {"email": f"person{number}@example.com"})
        for number in range(12)
    )

    assert answers == [302] * 10 + [429] * 2
    assert User.objects.count() == 10


def test_asking_for_the_confirmation_again_is_limited_to_three_mails_an_hour(student):
    """T73"""
    device = logged_in(student)
    device.get(reverse("account_email"))

    answers = [device.post(reverse("account_email"), {"email": student.email, "action_send": "yes"}) for _ in range(4)]

    assert statuses(answers) == [302, 302, 302, 429]
    assert OutgoingMail.objects.count() == 3


def test_wishing_for_many_addresses_is_limited(student):
    """T73: the form cannot be used to send mail to a list of strangers."""
    device = logged_in(student)
    confirm_it_is_you(device)

    answers = statuses(
        device.post(reverse("account_email"), {"email": f"person{number}@example.com", "action_add": "yes"})
        for number in range(12)
    )

    assert answers[-1] == 429
    assert OutgoingMail.objects.count() <= 10


def test_limits_on_others_leave_a_session_alone(student):
    device = logged_in(student)
    for _ in range(30):
        guess(student.email)

    assert is_in(device)


def test_a_refused_visitor_gets_a_page_of_ours(client):
    UserFactory()
    for number in range(11):
        response = _reset(f"person{number}@example.com")

    assert response.status_code == 429
    assert "site-header" in response.text
