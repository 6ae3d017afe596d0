"""The profile page, and what allauth's pages need to answer like ours."""

import json
from collections.abc import Callable
from contextlib import nullcontext
from functools import wraps
from http import HTTPStatus
from typing import Any

from allauth.account import views as allauth_views
from allauth.account.internal.flows.email_verification import consume_email_verification_rate_limit
from allauth.core.ratelimit import respond_429
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.serializers.json import DjangoJSONEncoder
from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from accounts.forms import ProfileForm, SignupForm
from accounts.http import StudentRequest
from accounts.models import User

View = Callable[..., HttpResponse]
HOUR = 3600


@require_http_methods(["GET", "POST"])
def account(request: StudentRequest) -> HttpResponse:
    """Show and change the name and the time zone."""
    form = ProfileForm(request.POST or None, instance=User.objects.get(pk=request.user.pk))
    if request.method == "POST" and form.is_valid():
        form.save()
        messages.success(request, "Saved.")
        return redirect("account")
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
    return render(request, "accounts/account.html", {"form": form}, status=status)


class SignupView(allauth_views.SignupView):
    """Sign-up in one transaction; of two at the same moment with one address, one is asked to log in."""

    def form_valid(self, form: SignupForm) -> HttpResponse:
        try:
            with transaction.atomic():
                return super().form_valid(form)  # type: ignore[no-any-return] # allauth publishes no types
        except IntegrityError:
            if not User.objects.filter(email=form.cleaned_data["email"]).exists():
                raise
            form.refuse_taken_address()
            return self.form_invalid(form)  # type: ignore[no-any-return] # allauth publishes no types


class ConfirmEmailView(allauth_views.ConfirmEmailView):
    """Confirm an address; whoever is logged in here stays so, for a link in a mail must not log anybody out (T79)."""

    def logout_other_user(self, confirmation: object) -> None:
        """Do nothing, where allauth ends the session at a mere GET."""


class PasswordResetFromKeyView(allauth_views.PasswordResetFromKeyView):
    """Choose a new password. Someone else who is logged in here is logged out by the form, not by the link (T79)."""

    def logout(self) -> None:
        if self.request.method == "POST":
            super().logout()


def email(request: StudentRequest) -> HttpResponse:
    """Change the address. An unconfirmed one can never be made the log-in by hand; three mails an hour (T73, T80)."""
    if "action_primary" in request.POST:
        raise PermissionDenied
    if "action_send" in request.POST and not consume_email_verification_rate_limit(
        request, request.POST.get("email", ""), dry_run=True
    ):
        return respond_429(request)  # type: ignore[no-any-return] # allauth publishes no types
    return allauth_views.email(request)  # type: ignore[no-any-return] # allauth publishes no types


def answering(view: View, *, atomic: bool = False, retry_after: int = HOUR) -> View:
    """Wrap a page of allauth: 422 for a refused form, 429 with Retry-After, keys for the passkey script.

    `atomic` is for pages that change something, so that the mail is queued exactly when the change is made. Not for
    pages that check a password: on SQLite each guess would hold the only write lock while the hash is computed.
    """

    @wraps(view)
    def wrapped(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        with transaction.atomic() if atomic and request.method == "POST" else nullcontext():
            response = view(request, *args, **kwargs)
        if request.method == "POST" and response.status_code == HTTPStatus.OK:
            response.status_code = _status_of_forms(response)
        if response.status_code == HTTPStatus.TOO_MANY_REQUESTS:
            response.setdefault("Retry-After", str(retry_after))
        _hand_over_passkey_options(response)
        return response

    return wrapped


def without_referrer(view: View) -> View:
    """Send no Referer from pages whose address holds a secret."""

    @wraps(view)
    def wrapped(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response = view(request, *args, **kwargs)
        response["Referrer-Policy"] = "no-referrer"
        return response

    return wrapped


def _status_of_forms(response: HttpResponse) -> HTTPStatus:
    context: dict[str, Any] = getattr(response, "context_data", None) or {}
    errors = [context[name].errors.as_data() for name in ("form", "webauthn_form") if context.get(name) is not None]
    codes = {error.code for by_field in errors for of_field in by_field.values() for error in of_field}
    if codes & {"too_many_login_attempts", "rate_limited"}:
        return HTTPStatus.TOO_MANY_REQUESTS
    return HTTPStatus.UNPROCESSABLE_ENTITY if codes else HTTPStatus.OK


def _hand_over_passkey_options(response: HttpResponse) -> None:
    context: dict[str, Any] = getattr(response, "context_data", None) or {}
    for options in context.get("js_data", {}).values():
        context["passkey_options"] = json.dumps(options, cls=DjangoJSONEncoder)
