"""T80: an account is not taken over, nor lost, by a change of address."""

import pytest
from allauth.account.models import EmailAddress
from django.test import Client
from django.urls import reverse

from common.models import OutgoingMail
from tests.accounts.helpers import confirm_it_is_you, is_in, link_of_last_mail, log_in, logged_in
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db
NEW = "new@example.com"


@pytest.fixture
def device(student):
    return logged_in(student)


def wish(device, email=NEW):
    return device.post(reverse("account_email"), {"email": email, "action_add": "yes"})


def wish_after_password(device, email=NEW):
    confirm_it_is_you(device)
    return wish(device, email)


def email_of(user):
    user.refresh_from_db()
    return user.email


def test_change_needs_the_password_again(device, student):
    response = wish(device)

    assert response.url.startswith(reverse("account_reauthenticate"))
    assert not EmailAddress.objects.filter(email=NEW).exists()
    assert not OutgoingMail.objects.exists()


def test_change_goes_on_after_the_password(device):
    question = wish(device)

    device.post(question.url, {"password": "a long enough phrase"})

    assert OutgoingMail.objects.get().to == [NEW]


def test_change_waits_for_the_new_address(device, student):
    wish_after_password(device)

    assert email_of(student) == "student@example.com"
    assert "Waits for confirmation" in device.get(reverse("account_email")).text


def test_change_happens_when_the_new_address_is_confirmed(device, student):
    wish_after_password(device)

    device.post(link_of_last_mail())

    assert email_of(student) == NEW
    assert list(EmailAddress.objects.values_list("email", "verified", "primary")) == [(NEW, True, True)]
    assert log_in(Client(), student).url == reverse("my_dashboard")


def test_opening_the_link_changes_nothing_yet(device, student):
    """Mail scanners open links."""
    wish_after_password(device)

    page = device.get(link_of_last_mail())

    assert f"Confirm {NEW}" in page.text
    assert page["Referrer-Policy"] == "no-referrer"
    assert email_of(student) == "student@example.com"


def test_change_tells_the_old_address(device, student):
    wish_after_password(device)
    device.post(link_of_last_mail())

    mail = OutgoingMail.objects.latest("pk")
    assert mail.to == ["student@example.com"]
    assert f"from student@example.com to {NEW}" in mail.body


def test_change_ends_other_sessions_and_keeps_this_one(device, student):
    other = logged_in(student)
    wish_after_password(device)

    device.post(link_of_last_mail())

    assert is_in(device)
    assert not is_in(other)
    assert "This device" in device.get(reverse("usersessions_list")).text


def test_a_link_works_once(device, student):
    wish_after_password(device)
    link = link_of_last_mail()
    device.post(link)

    assert "This link no longer works" in device.get(link).text


def test_the_link_may_be_opened_where_nobody_is_logged_in(device, student):
    wish_after_password(device)

    Client().post(link_of_last_mail())

    assert email_of(student) == NEW
    assert not is_in(device)


def test_a_link_for_another_account_logs_nobody_out(device, stranger):
    """T79"""
    wish_after_password(device)
    theirs = logged_in(stranger)

    theirs.get(link_of_last_mail())

    assert is_in(theirs)


def test_a_taken_address_looks_like_a_free_one(device, stranger):
    """T71: the answer is the same; the owner of the address is told."""
    taken = wish_after_password(device, stranger.email)
    page = device.get(reverse("account_email")).text

    assert (taken.status_code, taken.url) == (302, reverse("account_email"))
    assert "Waits for confirmation" in page
    assert "already has an account" in OutgoingMail.objects.get().body


def test_a_taken_address_cannot_be_confirmed(device, student, stranger):
    wish_after_password(device, "later@example.com")
    link = link_of_last_mail()
    UserFactory(email="later@example.com")

    response = device.post(link, follow=True)

    assert email_of(student) == "student@example.com"
    assert "cannot be confirmed" in response.text


def test_an_earlier_wish_is_replaced(device, student):
    wish_after_password(device, "first@example.com")
    first = link_of_last_mail()
    wish(device, "second@example.com")

    device.post(first)

    assert email_of(student) == "student@example.com"
    assert not EmailAddress.objects.filter(email="first@example.com").exists()


def test_an_unconfirmed_address_stays_the_log_in_while_another_is_wished_for(student, device):
    device.get(reverse("account_email"))
    assert not EmailAddress.objects.get(user=student).verified

    wish_after_password(device)

    assert email_of(student) == "student@example.com"


@pytest.mark.parametrize("address", [NEW, "student@example.com"])
def test_no_address_is_made_the_log_in_by_hand(device, student, address):
    wish_after_password(device)

    response = device.post(reverse("account_email"), {"email": address, "action_primary": "yes"})

    assert response.status_code == 403
    assert email_of(student) == "student@example.com"


def test_the_log_in_address_cannot_be_removed(device, student):
    wish_after_password(device)

    device.post(reverse("account_email"), {"email": student.email, "action_remove": "yes"})

    assert email_of(student) == "student@example.com"
    assert EmailAddress.objects.filter(email=student.email).exists()


def test_a_wish_can_be_taken_back(device, student):
    wish_after_password(device)

    device.post(reverse("account_email"), {"email": NEW, "action_remove": "yes"})

    assert not EmailAddress.objects.filter(email=NEW).exists()
    assert "was removed" in OutgoingMail.objects.latest("pk").body


@pytest.mark.parametrize("address", ["nonsense", "", "student@example.com", "STUDENT@example.com"])
def test_a_wrong_address_is_refused_with_422(device, address):
    response = wish_after_password(device, address)

    assert response.status_code == 422
    assert not OutgoingMail.objects.exists()


def test_confirming_the_address_of_sign_up_keeps_a_wish_and_all_sessions(device, student):
    device.get(reverse("account_email"))
    device.post(reverse("account_email"), {"email": student.email, "action_send": "yes"})
    own = link_of_last_mail()
    wish_after_password(device)

    device.post(own)

    assert EmailAddress.objects.get(email=student.email).verified
    assert EmailAddress.objects.filter(email=NEW, verified=False).exists()
    assert is_in(device)


def test_the_page_shows_only_own_addresses(device, stranger):
    stranger.emailaddress_set.create(email="secret@example.com")

    device.post(reverse("account_email"), {"email": "secret@example.com", "action_send": "yes"})

    assert "secret@example.com" not in device.get(reverse("account_email")).text
    assert not OutgoingMail.objects.exists()
