"""T79 and the doors of the account pages: which exist, who may open them, and that nothing changes without a token."""

import pytest
from django.conf import settings
from django.test import Client
from django.urls import NoReverseMatch, reverse

from accounts.urls import urlpatterns
from tests.accounts.helpers import is_in
from tests.conftest import client_of

pytestmark = pytest.mark.django_db
PUBLIC = {
    "account_login",
    "account_logout",
    "account_signup",
    "account_inactive",
    "account_confirm_email",
    "account_reset_password",
    "account_reset_password_done",
    "account_reset_password_from_key",
    "account_reset_password_from_key_done",
    "mfa_authenticate",
    "mfa_login_webauthn",
}
ARGUMENTS = {
    "account_confirm_email": {"key": "x"},
    "account_reset_password_from_key": {"uidb36": "1", "key": "x"},
    "mfa_edit_webauthn": {"pk": 1},
    "mfa_remove_webauthn": {"pk": 1},
}
NAMES = [pattern.name for pattern in urlpatterns]


def address_of(name):
    return reverse(name, kwargs=ARGUMENTS.get(name))


@pytest.mark.parametrize("name", sorted(set(NAMES) - PUBLIC))
def test_a_private_page_leads_visitors_to_log_in(client, name):
    response = client.get(address_of(name))

    assert response.url.startswith(reverse("account_login"))


@pytest.mark.parametrize("name", sorted(PUBLIC))
def test_a_public_page_opens_or_leads_to_log_in(client, name):
    response = client.get(address_of(name))

    assert response.status_code == 200 or response.url in (reverse("account_login"), reverse("home"))


@pytest.mark.parametrize("name", sorted(set(NAMES) - {"account"}))
@pytest.mark.parametrize("origin", [None, "https://evil.example"])
def test_nothing_changes_without_a_token(student, name, origin):
    """T79"""
    client = Client(enforce_csrf_checks=True, headers={"origin": origin} if origin else None)
    client.cookies = client_of(student).cookies

    response = client.post(address_of(name), {"password": "x", "email": "x@example.com", "action_add": "yes"})

    assert response.status_code == 403
    assert is_in(client)


@pytest.mark.parametrize("name", ["account_signup_by_passkey", "socialaccount_login", "account_request_login_code"])
def test_pages_we_do_not_use_do_not_exist(name):
    with pytest.raises(NoReverseMatch):
        reverse(name)


@pytest.mark.parametrize("path", ["/accounts/login/", "/accounts/", "/signup/", "/account/passkey/", "/login/code/x/"])
def test_addresses_of_allauth_do_not_exist(student_client, path):
    assert student_client.get(path).status_code == 404


@pytest.mark.parametrize("name", ["account_login", "account_signup", "account_reset_password"])
def test_forms_answer_in_html_whatever_is_asked_for(client, name):
    response = client.post(
        reverse(name), {}, headers={"accept": "application/json", "x-requested-with": "XMLHttpRequest"}
    )

    assert response.status_code == 422
    assert response["Content-Type"].startswith("text/html")


@pytest.mark.parametrize("name", sorted(set(NAMES)))
def test_every_page_carries_the_security_headers(student_client, name):
    """T81"""
    response = student_client.get(address_of(name))

    assert response["X-Frame-Options"] == "DENY"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert "script-src 'self'" in response["Content-Security-Policy"]
    assert settings.SESSION_COOKIE_NAME in student_client.cookies
    assert "no-store" in response.get("Cache-Control", "")


@pytest.mark.parametrize("name", sorted(set(NAMES)))
def test_no_page_holds_inline_script_or_style(student_client, name):
    page = student_client.get(address_of(name), follow=False).text

    assert "<script>" not in page
    assert " style=" not in page
    assert " onclick=" not in page
