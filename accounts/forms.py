"""The account forms: allauth's, without placeholders and repeated passwords, with labels of ours."""

from typing import Any

from allauth.account import forms as account
from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.email_verification import send_verification_email_to_address
from allauth.account.models import EmailAddress
from allauth.mfa.base import forms as mfa
from allauth.mfa.totp import forms as totp
from allauth.mfa.webauthn import forms as webauthn
from django import forms
from django.core.validators import MaxLengthValidator
from django.db import transaction
from django.http import HttpRequest

from accounts.models import User
from accounts.time_zones import time_zone_choices, time_zone_names
from accounts.wording import BAD_EMAIL, REQUESTS

LABELS = {
    "login": "E-mail",
    "email": "E-mail",
    "password": "Password",
    "oldpassword": "Current password",
    "password1": "New password",
}
PASSWORD_HINT = "At least 12 characters. A short sentence is easy to remember."  # noqa: S105 - a hint, not a password
LONGEST_PASSWORD = 1024


def _ask(name: str, field: forms.Field) -> None:
    """Let a field that is empty or no address say what to enter, so that the summary above the form reads alone."""
    if name in REQUESTS:
        field.error_messages["required"] = REQUESTS[name]
    if isinstance(field, forms.EmailField):
        field.error_messages["invalid"] = BAD_EMAIL


class Plain:
    """Puts our labels and hints on a form of allauth's; a password is typed once, for it can be shown."""

    fields: dict[str, forms.Field]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields.pop("password2", None)
        for name, field in self.fields.items():
            field.widget.attrs.pop("placeholder", None)
            field.label = LABELS.get(name, field.label)
            _ask(name, field)
            if name == "code":
                field.widget.attrs["inputmode"] = "numeric"
            if isinstance(field.widget, forms.PasswordInput):
                field.help_text = PASSWORD_HINT if name == "password1" else ""
                field.validators.append(MaxLengthValidator(LONGEST_PASSWORD))


class LoginForm(Plain, account.LoginForm):
    """E-mail and password."""


class SignupForm(Plain, account.SignupForm):
    """Name, e-mail, password; the browser adds its time zone."""

    name = forms.CharField(label="Name", max_length=120, widget=forms.TextInput({"autocomplete": "name"}))
    time_zone = forms.CharField(required=False, widget=forms.HiddenInput({"data-time-zone": ""}))
    field_order = ("name", "email", "password1", "time_zone")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["password1"].label = "Password"

    def clean_time_zone(self) -> str:
        """Forget a zone we do not know: the browser sent it, the visitor cannot correct it."""
        name: str = self.cleaned_data["time_zone"]
        return name if name in time_zone_names() else ""

    def validate_unique_email(self, value: str) -> str:
        return value  # asked in clean(), last

    def clean(self) -> dict[str, Any]:
        """Ask last whether the address is free: nobody learns it without opening an account if it is (T71)."""
        cleaned: dict[str, Any] = super().clean()
        if not self.errors and User.objects.filter(email=cleaned["email"]).exists():
            self.refuse_taken_address()
        return cleaned

    def refuse_taken_address(self) -> None:
        self.add_error("email", get_adapter().validation_error("email_taken"))


class AddEmailForm(Plain, account.AddEmailForm):
    """The address one wants to change to. The old one stays the log-in until the new one is confirmed."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["email"].label = "New e-mail"

    def clean_email(self) -> str:
        """Refuse only what is on this account already; of others' addresses nothing is said (T71).

        allauth also refuses people with a second step, for whom a wish would count as an address. Here it does not.
        """
        email: str = self.cleaned_data["email"]
        if EmailAddress.objects.filter(user=self.user, email=email).exists():
            raise get_adapter().validation_error("duplicate_email")
        return email

    @transaction.atomic
    def save(self, request: HttpRequest) -> EmailAddress:
        """Replace an earlier wish; never touch the address in use, as allauth does while it is unconfirmed."""
        own = EmailAddress.objects.filter(user=self.user)
        own.exclude(email=self.user.email).delete()
        address = own.create(user=self.user, email=self.cleaned_data["email"])
        send_verification_email_to_address(request, address)
        return address


class ResetPasswordForm(Plain, account.ResetPasswordForm):
    """Asks for a link. Only the address one logs in with counts, not one that waits for confirmation."""

    def clean_email(self) -> str:
        email: str = self.cleaned_data["email"].lower()
        self.users = list(User.objects.filter(email=email, is_active=True))
        return email


class ResetPasswordKeyForm(Plain, account.ResetPasswordKeyForm):
    """The new password, at the end of the link."""


class ChangePasswordForm(Plain, account.ChangePasswordForm):
    """The current and the new password."""


class SetPasswordForm(Plain, account.SetPasswordForm):
    """The first password of an account made without one."""


class ReauthenticateForm(Plain, account.ReauthenticateForm):
    """The password once more, before something that matters."""


class CodeForm(Plain, mfa.AuthenticateForm):
    """The second step of logging in: a code of the app, or a recovery code."""


class CodeAgainForm(Plain, mfa.ReauthenticateForm):
    """A code once more, before something that matters."""


class ActivateTOTPForm(Plain, totp.ActivateTOTPForm):
    """The first code of a new authenticator app."""


class AddPasskeyForm(Plain, webauthn.AddWebAuthnForm):
    """A name for the passkey; the browser adds the key itself."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["passwordless"].label = "Log in with it alone, without a password"
        self.fields["passwordless"].help_text = "The device then asks for your fingerprint, face or PIN."
        self.initial["passwordless"] = True


class ProfileForm(forms.ModelForm[User]):
    """How others see the student, and the clock that dates are shown in."""

    class Meta:
        model = User
        fields = ("name", "time_zone")
        widgets = {"name": forms.TextInput({"autocomplete": "name"})}  # noqa: RUF012 - Django's own form

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"].required = True
        _ask("name", self.fields["name"])
        self.fields["name"].help_text = "Printed on certificates. Certificates you already have keep the old name."
        self.fields["time_zone"] = forms.ChoiceField(
            label="Time zone", required=False, choices=time_zone_choices(), widget=forms.Select({"data-time-zone": ""})
        )
