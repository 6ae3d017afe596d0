"""What owners say when they give somebody a role."""

from django import forms

from accounts.models import User
from dashboard.roles import MAY, Role

ROLES = [(role.value, f"{role.value}: {MAY[role]}") for role in Role]


def role_field() -> forms.ChoiceField:
    wanted = {"required": "Choose a role."}
    return forms.ChoiceField(label="Role", choices=ROLES, widget=forms.RadioSelect, error_messages=wanted)


class NewStaffForm(forms.Form):
    """An account that is there, and what it becomes."""

    email = forms.EmailField(
        label="E-mail",
        max_length=254,
        help_text="Of an account they signed up for themselves, with this address confirmed",
        error_messages={"required": "Enter the address of an account.", "invalid": "Enter an address."},
    )
    role = role_field()

    user: User

    def clean_email(self) -> str:
        email: str = self.cleaned_data["email"].lower()
        user = User.objects.filter(email=email).first()
        if user is None:
            raise forms.ValidationError("Nobody has an account with this address. Ask them to sign up first.")
        if user.is_staff:
            raise forms.ValidationError("This account is staff already.")
        self.user = user
        return email


class RoleForm(forms.Form):
    """Another role for somebody who is staff."""

    role = role_field()

    def clean_role(self) -> Role:
        return Role(self.cleaned_data["role"])
