import pytest
from allauth.account import forms as allauth_forms
from django.db import IntegrityError
from django.urls import reverse

from accounts.forms import SignupForm
from accounts.models import User
from common.models import OutgoingMail
from tests.factories import PASSWORD, UserFactory

pytestmark = pytest.mark.django_db
FORM = {"name": "Ada", "email": "ada@example.com", "password1": PASSWORD}


def sign_up(client, **changes):
    return client.post(reverse("account_signup"), FORM | changes)


def test_sign_up_logs_in_at_once_and_returns_to_next(client):
    response = sign_up(client, next="/help/")

    assert response.url == "/help/"
    assert client.session["_auth_user_id"] == str(User.objects.get().pk)


def test_sign_up_leads_to_my_dashboard(client):
    assert sign_up(client).url == reverse("my_dashboard")


def test_sign_up_stores_name_address_in_lower_case_and_time_zone(client):
    sign_up(client, email="Ada@Example.COM", time_zone="Asia/Tokyo")

    user = User.objects.get()
    assert (user.name, user.email, user.time_zone) == ("Ada", "ada@example.com", "Asia/Tokyo")
    assert user.check_password(PASSWORD)


def test_sign_up_forgets_an_unknown_time_zone(client):
    sign_up(client, time_zone="Mars/Olympus")

    assert User.objects.get().time_zone == ""


def test_sign_up_queues_one_mail_to_confirm_the_address(client):
    sign_up(client)

    mail = OutgoingMail.objects.get()
    assert mail.to == ["ada@example.com"]
    assert "http://testserver/confirm-email/" in mail.body
    assert "Ada" not in mail.body  # a stranger's mailbox must not show text that a visitor typed


@pytest.mark.parametrize(
    "changes",
    [
        {"name": ""},
        {"email": ""},
        {"email": "ada"},
        {"password1": "short"},
        {"password1": "x" * 1025},
        {"password1": "1" * 14},
    ],
)
def test_sign_up_refuses_a_wrong_form_with_422(client, changes):
    response = sign_up(client, **changes)

    assert response.status_code == 422
    assert "<title>Error: " in response.text
    assert not User.objects.exists()


def test_sign_up_with_a_known_address_asks_to_log_in(client):
    UserFactory(email="ada@example.com", name="First")

    response = sign_up(client, email="ADA@example.com")

    assert response.status_code == 422
    assert "Log in, or reset the password." in response.text
    assert User.objects.get().name == "First"


def test_sign_up_tells_nothing_about_an_address_while_the_form_is_wrong(client):
    UserFactory(email="ada@example.com")

    known = sign_up(client, password1="short")
    unknown = sign_up(client, password1="short", email="bob@example.com")

    assert "already" not in known.text
    assert known.text.count("field-error") == unknown.text.count("field-error")


def test_two_sign_ups_at_once_with_one_address_make_one_account(client, monkeypatch):
    UserFactory(email="ada@example.com", name="First")
    monkeypatch.setattr(SignupForm, "clean", allauth_forms.SignupForm.clean)  # it looked before the first was saved

    response = sign_up(client)

    assert response.status_code == 422
    assert User.objects.count() == 1


def test_another_broken_rule_of_the_database_is_no_taken_address(client, monkeypatch):
    """Not every IntegrityError is a duplicate."""
    monkeypatch.setattr(SignupForm, "clean_email", lambda form: form.cleaned_data["email"].upper())
    monkeypatch.setattr(
        "allauth.account.adapter.DefaultAccountAdapter.save_user", lambda *_: User.objects.create(email="A")
    )

    with pytest.raises(IntegrityError):
        sign_up(client)


def test_sign_up_may_use_an_address_someone_else_wishes_to_change_to(client):
    UserFactory(email="other@example.com").emailaddress_set.create(email="ada@example.com")

    sign_up(client)

    assert User.objects.filter(email="ada@example.com").exists()


def test_register_sends_people_who_are_logged_in_on(student_client):
    assert student_client.get(reverse("account_signup")).url == reverse("my_dashboard")


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"name": ""}, "Enter your name."),
        ({"email": ""}, "Enter your e-mail address."),
        ({"email": "nope"}, "Enter an e-mail address such as name@example.com."),
        ({"password1": ""}, "Choose a password."),
    ],
)
def test_sign_up_says_what_to_enter(client, changes, words):
    response = sign_up(client, **changes)

    assert (response.status_code, words in response.text) == (422, True)
