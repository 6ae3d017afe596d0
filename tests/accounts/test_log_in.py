import pytest
from django.contrib.auth.hashers import MD5PasswordHasher
from django.urls import reverse

from tests.accounts.helpers import is_in, log_in
from tests.factories import PASSWORD, UserFactory

pytestmark = pytest.mark.django_db
WRONG = "not the right phrase"


def test_log_in_ignores_the_case_of_the_address(client, student):
    response = client.post(reverse("account_login"), {"login": "STUDENT@Example.com", "password": PASSWORD})

    assert response.url == reverse("my_dashboard")


def test_log_in_returns_to_next(client, student):
    assert log_in(client, student, next="/help/").url == "/help/"


def test_a_closed_page_leads_to_log_in_and_back(client, student):
    response = client.get(reverse("account"))

    assert response.url == "/login/?next=/account/"
    assert 'name="next" value="/account/"' in client.get(response.url).text


def test_log_in_needs_no_confirmed_address(client):
    user = UserFactory()
    user.emailaddress_set.create(email=user.email, primary=True, verified=False)

    log_in(client, user)

    assert is_in(client)


def test_log_in_is_told_nothing_after_success(client, student):
    response = client.post(
        reverse("account_login"), {"login": student.email, "password": PASSWORD, "next": "/account/"}, follow=True
    )

    assert list(response.context["messages"]) == []


def test_log_in_says_one_thing_for_a_wrong_address_and_a_wrong_password(client, student):
    """T71: status, text and length are equal for a known, an unknown and a passwordless account."""
    passwordless = UserFactory(email="without@example.com")
    passwordless.set_unusable_password()
    passwordless.save()

    answers = {_answer_to(client, address) for address in (student.email, passwordless.email, "nobody@example.com")}

    assert len(answers) == 1
    assert answers.pop()[0] == 422


def _answer_to(client, address):
    response = client.post(reverse("account_login"), {"login": address, "password": WRONG})
    token = response.context["csrf_token"]
    return response.status_code, response.text.replace(address, "ADDRESS").replace(str(token), "TOKEN")


@pytest.mark.parametrize("address", ["student@example.com", "nobody@example.com"])
def test_log_in_does_the_same_work_for_a_known_and_an_unknown_address(client, student, monkeypatch, address):
    """T71: the time is the time of hashing; one hash is computed either way."""
    hashed = []
    encode = MD5PasswordHasher.encode
    monkeypatch.setattr(MD5PasswordHasher, "encode", lambda self, *args: hashed.append(1) or encode(self, *args))

    client.post(reverse("account_login"), {"login": address, "password": WRONG})

    assert hashed == [1]


def test_log_in_of_a_closed_account_is_refused(client):
    user = UserFactory(is_active=False)

    response = log_in(client, user)

    assert response.url == reverse("account_inactive")
    assert "This account is closed" in client.get(response.url).text
    assert not is_in(client)


def test_log_in_with_a_wrong_password_for_a_closed_account_tells_nothing(client):
    user = UserFactory(is_active=False)

    assert "e-mail address or the password is wrong" in log_in(client, user, WRONG).text


def test_log_in_page_asks_password_managers_in(client):
    page = client.get(reverse("account_login")).text

    assert 'autocomplete="current-password"' in page
    assert 'autocomplete="email"' in page
    assert "onpaste" not in page
    assert "placeholder=" not in page.partition("<main")[2]


def test_log_out_needs_a_post(student_client):
    """T79: asking for the address shows a question and ends nothing."""
    page = student_client.get(reverse("account_logout"))

    assert "Log out?" in page.text
    assert is_in(student_client)


def test_log_out_ends_the_session_and_leads_home(student_client):
    response = student_client.post(reverse("account_logout"))

    assert response.url == reverse("home")
    assert not is_in(student_client)
