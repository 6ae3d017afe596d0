"""Everything allauth may say on our pages is said in our words."""

from pathlib import Path

import allauth
import pytest
from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from django.conf import settings
from django.template.loader import get_template, render_to_string

from accounts.wording import MFA_REFUSALS, NOTICES, REFUSALS

THEIRS = Path(allauth.__file__).parent / "templates"
OURS = settings.BASE_DIR / "templates"
NOT_USED = (
    "phone",
    "login_code",
    "reset_code",
    "verification_code",
    "unverified_primary",
    "primary_email_set",
    "email_confirm_",
)
WITHOUT_USE = {
    "cannot_delete_authenticator",
    "add_email_blocked",
    "cannot_remove_primary_email",
    "invalid_login",
    "invalid_or_expired_key",
    "max_email_addresses",
    "same_as_current",
    "select_only_one",
    "unknown_email",
    "unverified_primary_email",
}


def used(pattern):
    names = (
        str(path.relative_to(THEIRS))
        for app in ("account", "mfa", "usersessions")
        for path in THEIRS.glob(f"{app}/{pattern}")
    )
    return sorted(name for name in names if not any(part in name for part in NOT_USED))


@pytest.mark.parametrize("name", used("messages/*.txt"))
def test_every_notice_has_our_words(name):
    assert name in NOTICES


@pytest.mark.parametrize("name", [name for name in used("email/*.txt") if "base_" not in name])
def test_every_mail_is_ours(name):
    origin = Path(get_template(name).origin.name)

    assert origin.is_relative_to(OURS)
    text = render_to_string(
        name, {"site_name": "Coursebook", "site_url": "https://example.com", "email": "a&b@example.com"}
    )
    assert "!" not in text
    assert "&amp;" not in text


@pytest.mark.parametrize("code", sorted(set(DefaultAccountAdapter.error_messages) - WITHOUT_USE))
def test_every_refusal_has_our_words(code):
    assert code in REFUSALS or "username" in code or "phone" in code


@pytest.mark.parametrize("code", sorted(set(DefaultMFAAdapter.error_messages) - WITHOUT_USE))
def test_every_refusal_of_the_second_step_has_our_words(code):
    assert code in MFA_REFUSALS


def test_our_words_are_calm():
    for text in (*NOTICES.values(), *REFUSALS.values(), *MFA_REFUSALS.values()):
        assert "!" not in text
        assert "successfully" not in text.lower()
