"""Where allauth asks the site: what is safe, what is limited, what a mail links to, whose address it is."""

from typing import Any
from urllib.parse import urlsplit

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.models import EmailAddress
from allauth.core import context
from allauth.core.internal import ratelimit
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from allauth.usersessions.adapter import DefaultUserSessionsAdapter
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.http import HttpRequest
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme

from accounts.models import User
from accounts.services import end_all_sessions
from accounts.wording import MFA_REFUSALS, NOTICES, REFUSALS, WAYS_TO_CONFIRM


class AccountAdapter(DefaultAccountAdapter):
    """The rules of sign-up, log-in, mails and addresses that differ from allauth's."""

    error_messages = DefaultAccountAdapter.error_messages | REFUSALS

    def is_ajax(self, request: HttpRequest) -> bool:
        """Speak JSON in one place only: the challenge for logging in with a passkey."""
        return request.method == "GET" and request.path == reverse("mfa_login_webauthn")

    def is_safe_url(self, url: str) -> bool:
        """Allow this very host; allauth would also allow every other host we serve or trust (T78)."""
        request = context.request
        return url_has_allowed_host_and_scheme(url, {request.get_host()}, require_https=request.is_secure())

    def save_user(self, request: HttpRequest, user: User, form: Any, commit: bool = True) -> User:
        user.name = form.cleaned_data["name"]
        user.time_zone = form.cleaned_data["time_zone"]
        return super().save_user(request, user, form, commit)  # type: ignore[no-any-return] # allauth publishes no types

    def get_reauthentication_methods(self, user: User) -> list[dict[str, Any]]:
        methods: list[dict[str, Any]] = super().get_reauthentication_methods(user)
        return [method | {"description": WAYS_TO_CONFIRM[method["id"]]} for method in methods]

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        return reverse("mfa_index")

    def add_message(  # noqa: PLR0917 - the signature of allauth
        self,
        request: HttpRequest,
        level: int,
        message_template: str | None = None,
        message_context: dict[str, Any] | None = None,
        extra_tags: str = "",
        message: str | None = None,
    ) -> None:
        """Say it in our words; a template without words in NOTICES is a mistake that a test finds."""
        text = message or NOTICES[message_template or ""].format(**message_context or {})
        if text:
            super().add_message(request, level, message=text, extra_tags=extra_tags)

    # --- Mails: links lead to our own host whatever the Host header said (T77)

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        site = {"site_url": settings.SITE_URL, "site_name": settings.SITE_NAME}
        super().send_mail(template_prefix, email, context | site)

    def get_reset_password_from_key_url(self, key: str) -> str:
        return _on_our_host(super().get_reset_password_from_key_url(key))

    def get_email_confirmation_url(self, request: HttpRequest, emailconfirmation: Any) -> str:
        return _on_our_host(super().get_email_confirmation_url(request, emailconfirmation))

    def send_confirmation_mail(self, request: HttpRequest, emailconfirmation: Any, signup: bool) -> None:
        """Tell the owner of a taken address about their account; whoever typed it sees no difference (T71)."""
        if _belongs_to_another(emailconfirmation.email_address):
            self.send_account_already_exists_mail(emailconfirmation.email_address.email)
        else:
            super().send_confirmation_mail(request, emailconfirmation, signup)

    # --- Addresses

    def can_delete_email(self, email_address: EmailAddress) -> bool:
        return bool(email_address.email != email_address.user.email)

    def confirm_email(self, request: HttpRequest, email_address: EmailAddress) -> bool:
        """Confirm an address; a new one replaces the old, and sessions on other devices end (T80)."""
        user: User = email_address.user
        if _belongs_to_another(email_address):
            self.add_message(
                request,
                messages.ERROR,
                "account/messages/email_confirmation_failed.txt",
                {"email": email_address.email},
            )
            return False
        if email_address.email == user.email:
            EmailAddress.objects.filter(pk=email_address.pk).update(verified=True, primary=True)
            self.add_message(
                request, messages.SUCCESS, "account/messages/email_confirmed.txt", {"email": email_address.email}
            )
            return True
        confirmed = bool(super().confirm_email(request, email_address))
        if request.user == user:
            _keep_this_session(request, user)
        return confirmed

    # --- Guessing: per account and address (allauth counts per account, so anyone could lock the owner out), and per
    # account from everywhere with a much higher limit. A success gives both attempts back (T72).

    def _get_login_attempts_cache_key(self, request: HttpRequest, **credentials: Any) -> str:
        return f"{credentials.get('email', '').lower()} {self.get_client_ip(request)}"

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        super().pre_authenticate(request, **credentials)
        self._account_usage = ratelimit.consume(
            request, app="allauth.account", action="login_account", key=credentials.get("email", "").lower()
        )
        if not self._account_usage:
            raise self.validation_error("too_many_login_attempts")

    def _rollback_login_failed_rl_usage(self) -> None:
        super()._rollback_login_failed_rl_usage()
        self._account_usage.rollback()

    def _delete_login_attempts_cached_email(self, request: HttpRequest, **credentials: Any) -> None:
        super()._delete_login_attempts_cached_email(request, **credentials)
        ratelimit.clear(request, app="allauth.account", action="login_account", key=credentials["email"].lower())


class MFAAdapter(DefaultMFAAdapter):
    """The site's name in authenticator apps and passkeys, and our words."""

    error_messages = DefaultMFAAdapter.error_messages | MFA_REFUSALS

    def _get_site_name(self) -> str:
        return str(settings.SITE_NAME)

    def build_totp_svg(self, url: str) -> str:
        """Draw the QR code on white: allauth's is transparent, so no phone could read it on a dark page."""
        code: str = super().build_totp_svg(url)
        return code.replace("<path", '<rect fill="white" width="100%" height="100%"/><path', 1)

    def generate_authenticator_name(self, user: User, type: Authenticator.Type) -> str:  # noqa: A002 - allauth's name
        return f"Passkey {Authenticator.objects.filter(user=user, type=type).count() + 1}"


class SessionsAdapter(DefaultUserSessionsAdapter):
    """“Log out others” ends every other session, also one that is not in the list."""

    def end_sessions(self, sessions: list[UserSession]) -> None:
        super().end_sessions(sessions)
        user: User = context.request.user
        end_all_sessions(user=user)
        _keep_this_session(context.request, user)


def _keep_this_session(request: HttpRequest, user: User) -> None:
    listed = UserSession.objects.filter(session_key=request.session.session_key)
    update_session_auth_hash(request, user)
    listed.update(session_key=request.session.session_key)


def _belongs_to_another(address: EmailAddress) -> bool:
    return User.objects.filter(email=address.email).exclude(pk=address.user_id).exists()


def _on_our_host(url: str) -> str:
    return f"{settings.SITE_URL}{urlsplit(url).path}"
