"""The account pages in a real browser: scripts under the strict policy, and a passkey from a virtual authenticator."""

import pytest
from playwright.sync_api import expect

from accounts.models import User
from tests.browser.axe import audit, in_every_look
from tests.factories import PASSWORD, UserFactory

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
ACCOUNT_PAGES = [
    "/account/",
    "/account/email/",
    "/account/password/",
    "/account/sessions/",
    "/account/confirm/",
    "/account/confirm/passkey/",
    "/account/security/",
    "/account/security/codes/",
    "/account/security/codes/new/",
    "/account/security/passkeys/",
    "/account/security/passkeys/add/",
    "/logout/",
]
AUTHENTICATOR = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


@pytest.fixture
def browser_context_args(browser_context_args):
    return {**browser_context_args, "timezone_id": "Asia/Tokyo"}


@pytest.fixture
def refusals(page):
    """What the content policy refused; a test ends with none."""
    found = []
    page.on(
        "console", lambda message: found.append(message.text) if "Content Security Policy" in message.text else None
    )
    yield found
    assert found == []


@pytest.fixture
def passkeys(context, page, settings):
    """A browser whose user always agrees."""
    settings.MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = True  # the live server speaks http
    session = context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    return lambda **changes: session.send("WebAuthn.addVirtualAuthenticator", {"options": AUTHENTICATOR | changes})


def log_in(page, site, user, path="/account/"):
    page.goto(f"{site}/login/?next={path}")
    page.get_by_label("E-mail").fill(user.email)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Log in", exact=True).click()


def add_passkey(page, site):
    page.goto(f"{site}/account/security/")
    page.get_by_role("link", name="Add a passkey").click()
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Continue").click()
    page.get_by_label("Log in with it alone").check()
    page.get_by_role("button", name="Add passkey").click()


def test_axe_finds_nothing_on_the_account_pages(page, site, passkeys):
    passkeys()
    user = UserFactory()
    log_in(page, site, user)
    add_passkey(page, site)
    expect(page.get_by_role("heading", name="Recovery codes")).to_be_visible()
    user.emailaddress_set.create(email="new@example.com")

    assert [line for path in ACCOUNT_PAGES for line in audit(page, site + path)] == []


def test_axe_finds_nothing_on_a_refused_form(page, site):
    log_in(page, site, UserFactory.build(email="nobody@example.com"))
    expect(page).to_have_title("Error: Log in – Coursebook")

    assert in_every_look(page) == []


def test_sign_up_brings_the_time_zone_and_returns(page, site, refusals):
    page.goto(f"{site}/register/?next=/account/")
    page.get_by_label("Name").fill("Ada")
    page.get_by_label("E-mail").fill("ada@example.com")
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Create account").click()

    expect(page.get_by_role("heading", name="Profile")).to_be_visible()
    assert User.objects.get().time_zone == "Asia/Tokyo"


def test_profile_proposes_the_time_zone_of_the_browser(page, site, refusals):
    log_in(page, site, UserFactory())

    expect(page.get_by_label("Time zone")).to_have_value("Asia/Tokyo")
    expect(page.get_by_text("Found by your browser")).to_be_visible()


def test_profile_keeps_a_chosen_time_zone(page, site, refusals):
    log_in(page, site, UserFactory(time_zone="Europe/Rome"))

    expect(page.get_by_label("Time zone")).to_have_value("Europe/Rome")


def test_a_password_can_be_shown_and_hidden(page, site, refusals):
    page.goto(f"{site}/login/")
    field = page.get_by_label("Password", exact=True)
    field.fill(PASSWORD)

    page.get_by_role("button", name="Show password").click()
    expect(field).to_have_attribute("type", "text")
    page.get_by_role("button", name="Hide password").click()
    expect(field).to_have_attribute("type", "password")


def test_the_summary_of_errors_has_the_focus(page, site, refusals):
    log_in(page, site, UserFactory.build(email="nobody@example.com"))

    expect(page.locator("[data-error-summary]")).to_be_focused()
    expect(page).to_have_title("Error: Log in – Coursebook")


def test_a_passkey_is_added_and_logs_in(page, site, passkeys, refusals):
    passkeys()
    log_in(page, site, UserFactory())
    add_passkey(page, site)
    expect(page.get_by_role("heading", name="Recovery codes")).to_be_visible()
    page.context.clear_cookies()

    page.goto(f"{site}/login/?next=/account/email/")
    page.get_by_role("button", name="Log in with a passkey").click()

    expect(page.get_by_role("heading", name="E-mail")).to_be_visible()


def test_a_passkey_is_the_second_step_after_the_password(page, site, passkeys, refusals):
    passkeys()
    user = UserFactory()
    log_in(page, site, user)
    add_passkey(page, site)
    expect(page.get_by_role("heading", name="Recovery codes")).to_be_visible()
    page.context.clear_cookies()

    log_in(page, site, user)
    expect(page.get_by_role("heading", name="Second step")).to_be_visible()
    page.get_by_role("button", name="Use a passkey").click()

    expect(page.get_by_role("heading", name="Profile")).to_be_visible()


def test_a_passkey_confirms_that_it_is_you(page, site, passkeys, refusals):
    passkeys()
    log_in(page, site, UserFactory())
    add_passkey(page, site)
    expect(page.get_by_role("heading", name="Recovery codes")).to_be_visible()

    page.goto(f"{site}/account/confirm/?next=/account/email/")
    page.get_by_role("link", name="Use a passkey").click()
    page.get_by_role("button", name="Use a passkey").click()

    expect(page.get_by_role("heading", name="E-mail")).to_be_visible()


def test_a_refused_passkey_says_so_and_leaves_the_password(page, site, passkeys, refusals):
    passkeys(isUserVerified=False)
    page.goto(f"{site}/login/")

    page.get_by_role("button", name="Log in with a passkey").click()

    expect(page.get_by_text("The passkey was not used.")).to_be_visible()
    expect(page.get_by_label("Password", exact=True)).to_be_editable()
