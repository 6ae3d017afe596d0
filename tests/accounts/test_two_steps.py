"""Authenticator app, recovery codes, and passkeys as far as no browser is needed."""

import json

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal import auth as totp
from django.test import Client
from django.urls import reverse

from common.models import OutgoingMail
from tests.accounts.helpers import confirm_it_is_you, is_in, log_in, logged_in
from tests.factories import PASSWORD

pytestmark = pytest.mark.django_db


def current_code(secret):
    return totp.format_hotp_value(totp.hotp_value(secret, next(totp.yield_hotp_counters_from_time())))


def switch_on(device):
    confirm_it_is_you(device)
    secret = device.get(reverse("mfa_activate_totp")).context["form"].secret
    return secret, device.post(reverse("mfa_activate_totp"), {"code": current_code(secret)})


@pytest.fixture
def device(student):
    return logged_in(student)


@pytest.fixture
def secret(device):
    return switch_on(device)[0]


def recovery_codes(user):
    return Authenticator.objects.get(user=user, type="recovery_codes").wrap().get_unused_codes()


@pytest.mark.parametrize("name", ["mfa_activate_totp", "mfa_add_webauthn", "mfa_generate_recovery_codes"])
def test_changing_the_second_step_needs_the_password_again(device, name):
    assert device.get(reverse(name)).url.startswith(reverse("account_reauthenticate"))


@pytest.mark.django_db(transaction=True)  # allauth queues this mail once the change is committed
def test_switching_on_shows_recovery_codes_and_tells_the_owner(device, student):
    _, response = switch_on(device)

    assert response.url == reverse("mfa_view_recovery_codes")
    assert recovery_codes(student)[0] in device.get(response.url).text
    assert [mail.subject for mail in OutgoingMail.objects.all()] == ["Authenticator app switched on"]


def test_the_qr_code_can_be_read_on_a_dark_page(device):
    confirm_it_is_you(device)

    picture = device.get(reverse("mfa_activate_totp")).context["totp_svg"]

    assert '<rect fill="white"' in picture
    assert "style=" not in picture


def test_switching_on_with_a_wrong_code_is_refused_with_422(device, student):
    confirm_it_is_you(device)
    device.get(reverse("mfa_activate_totp"))

    response = device.post(reverse("mfa_activate_totp"), {"code": "000000"})

    assert response.status_code == 422
    assert not Authenticator.objects.exists()


def test_switching_on_needs_a_confirmed_address(device, student):
    student.emailaddress_set.create(email=student.email, primary=True, verified=False)

    response = device.get(reverse("mfa_activate_totp"), follow=True)

    assert response.redirect_chain[-1][0] == reverse("mfa_index")
    assert "Confirm your e-mail address first" in response.text


def test_log_in_asks_for_the_code(student, secret):
    client = Client()

    response = log_in(client, student, next="/help/")

    assert response.url == reverse("mfa_authenticate")
    assert not is_in(client)
    assert client.post(response.url, {"code": current_code(secret)}).url == "/help/"
    assert is_in(client)


def test_log_in_with_a_wrong_code_is_refused_with_422(student, secret):
    client = Client()
    log_in(client, student)

    response = client.post(reverse("mfa_authenticate"), {"code": "000000"})

    assert response.status_code == 422
    assert not is_in(client)


def test_guessing_codes_is_limited(student, secret):
    """T72"""
    client = Client()
    log_in(client, student)

    answers = [client.post(reverse("mfa_authenticate"), {"code": f"00000{number}"}) for number in range(6)]

    assert [answer.status_code for answer in answers] == [422] * 5 + [429]


def test_a_recovery_code_lets_in_once(student, secret):
    code = recovery_codes(student)[0]
    first, second = Client(), Client()

    for client in (first, second):
        log_in(client, student)
        client.post(reverse("mfa_authenticate"), {"code": code})

    assert [is_in(first), is_in(second)] == [True, False]


def test_a_password_reset_does_not_switch_the_second_step_off(student, secret):
    student.set_password("another long phrase")
    student.save()

    assert log_in(Client(), student, "another long phrase").url == reverse("mfa_authenticate")


def test_recovery_codes_are_shown_only_after_the_password(student, secret):
    client = Client()
    log_in(client, student)
    client.post(reverse("mfa_authenticate"), {"code": recovery_codes(student)[0]})
    code = recovery_codes(student)[0]

    assert code not in client.get(reverse("mfa_view_recovery_codes")).text
    assert client.get(reverse("mfa_download_recovery_codes")).url.startswith(reverse("account_reauthenticate"))


def test_recovery_codes_can_be_kept_and_renewed(device, student, secret):
    old = recovery_codes(student)

    assert old[0] in device.get(reverse("mfa_download_recovery_codes")).text
    assert "10 codes you have will stop working" in device.get(reverse("mfa_generate_recovery_codes")).text
    device.post(reverse("mfa_generate_recovery_codes"))

    assert recovery_codes(student) != old


def test_switching_off_removes_the_app_and_its_codes(device, student, secret):
    assert "Switch off the authenticator app?" in device.get(reverse("mfa_deactivate_totp")).text

    device.post(reverse("mfa_deactivate_totp"))

    assert not Authenticator.objects.exists()
    assert OutgoingMail.objects.latest("pk").subject == "Authenticator app switched off"


def test_it_may_be_confirmed_by_code_instead_of_password(student, secret):
    client = Client()
    log_in(client, student)
    client.post(reverse("mfa_authenticate"), {"code": recovery_codes(student)[0]})

    page = client.get(reverse("account_reauthenticate"))
    response = client.post(reverse("mfa_reauthenticate"), {"code": recovery_codes(student)[0], "next": "/help/"})

    assert reverse("mfa_reauthenticate") in page.text
    assert response.url == "/help/"


def test_the_address_can_be_changed_with_a_second_step(device, student, secret):
    device.get(reverse("account_email"))

    device.post(reverse("account_email"), {"email": "new@example.com", "action_add": "yes"})

    assert OutgoingMail.objects.latest("pk").to == ["new@example.com"]


def test_pages_of_the_second_step_show_what_is_on(device, student, secret):
    page = device.get(reverse("mfa_index")).text

    assert "Logging in asks for a code of your app." in page
    assert reverse("mfa_view_recovery_codes") in page


def test_a_strangers_passkey_does_not_exist(device, stranger):
    key = Authenticator.objects.create(user=stranger, type="webauthn", data={"name": "Key", "credential": {}})
    confirm_it_is_you(device)

    for name in ("mfa_edit_webauthn", "mfa_remove_webauthn"):
        assert device.post(reverse(name, args=[key.pk]), {"name": "Mine"}).status_code == 404
    assert Authenticator.objects.get().data["name"] == "Key"


def test_a_passkey_can_be_renamed_and_removed(device, student):
    key = Authenticator.objects.create(user=student, type="webauthn", data={"name": "Key", "credential": {}})
    confirm_it_is_you(device)

    device.post(reverse("mfa_edit_webauthn", args=[key.pk]), {"name": "Laptop"})
    assert "Laptop" in device.get(reverse("mfa_list_webauthn")).text
    assert "Remove “Laptop”?" in device.get(reverse("mfa_remove_webauthn", args=[key.pk])).text
    device.post(reverse("mfa_remove_webauthn", args=[key.pk]))

    assert not Authenticator.objects.exists()


def test_the_page_for_adding_a_passkey_gives_the_script_its_options(device):
    confirm_it_is_you(device)

    page = device.get(reverse("mfa_add_webauthn"))

    options = json.loads(page.context["passkey_options"])["publicKey"]
    assert options["rp"]["name"] == "Coursebook"
    assert 'value="Passkey 1"' in page.text
    assert "checked" in page.text


@pytest.mark.parametrize("credential", ["", "x", "{}", '{"response": {}}', '{"response": {"userHandle": "MQ"}}', "[]"])
def test_log_in_with_an_invented_passkey_is_refused(client, student, credential):
    response = client.post(reverse("mfa_login_webauthn"), {"credential": credential})

    assert response.url == reverse("account_login")
    assert not is_in(client)


def test_the_challenge_for_a_passkey_is_json_and_names_nobody(client, student):
    response = client.get(reverse("mfa_login_webauthn"), headers={"accept": "application/json"})

    assert response.json()["request_options"]["publicKey"].get("allowCredentials", []) == []


def test_log_in_without_a_password_cannot_skip_the_second_step(client, student):
    """The page of the second step opens only in the middle of a log-in."""
    assert client.get(reverse("mfa_authenticate")).url == reverse("account_login")
    assert log_in(client, student, PASSWORD).url == reverse("my_dashboard")
