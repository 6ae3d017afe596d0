"""Whose eyes staff ask for."""

from typing import Any

from django import forms

from accounts.models import User
from dashboard.viewing import Eyes, students_to_view_as

LABELS = {
    Eyes.STUDENT: "A given student",
    Eyes.NEWCOMER: "A student without access",
    Eyes.VISITOR: "A visitor who is not logged in",
}


class ViewAsForm(forms.Form):
    """Eyes, and for a given student their address; who may not look as a given one is not asked."""

    eyes = forms.ChoiceField(label="See the site as", widget=forms.RadioSelect, initial=Eyes.NEWCOMER)
    student = forms.EmailField(
        label="E-mail of the given student",
        max_length=254,
        required=False,
        error_messages={"invalid": "Enter an address."},
    )
    next = forms.CharField(required=False, max_length=2000, widget=forms.HiddenInput)

    def __init__(self, *args: Any, may_see_students: bool, **options: Any) -> None:
        super().__init__(*args, **options)
        offered = [eyes for eyes in Eyes if may_see_students or eyes != Eyes.STUDENT]
        self.fields["eyes"].choices = [(eyes.value, LABELS[eyes]) for eyes in offered]  # type: ignore[attr-defined] # a choice field
        if not may_see_students:
            del self.fields["student"]

    def clean_eyes(self) -> Eyes:
        return Eyes(self.cleaned_data["eyes"])

    def clean(self) -> dict[str, Any]:
        found: dict[str, Any] = self.cleaned_data
        if found.get("eyes") == Eyes.STUDENT and "student" in found:
            found["student"] = self._student(found["student"].lower())
        return found

    def _student(self, address: str) -> User | None:
        if not address:
            self.add_error("student", "Enter the address of the student.")
            return None
        student = students_to_view_as().filter(email=address).first()
        if student is None:
            self.add_error("student", "No student who can log in has this address. Staff are seen as by nobody.")
        return student
