"""What staff say on the way to the trash and out of it."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.html import format_html

NAME_LENGTH = 300


class NameForm(forms.Form):
    """The name of what is taken away, typed: nobody does that by mistake."""

    typed = forms.CharField(label="Its name", max_length=NAME_LENGTH, widget=forms.TextInput({"autocomplete": "off"}))

    def __init__(self, *args: Any, name: str, **options: Any) -> None:
        super().__init__(*args, **options)
        self.name = " ".join(name.split())
        self.fields["typed"].error_messages["required"] = f"Type the name: {self.name}"
        self.fields["typed"].help_text = format_html("Type: {}", self.name)  # hints may hold markup

    def clean_typed(self) -> str:
        typed = " ".join(str(self.cleaned_data["typed"]).split())
        if typed.casefold() != self.name.casefold():
            raise ValidationError(f"This is not its name. Type: {self.name}")
        return typed


class TrashFilter(forms.Form):
    """Search and filter of the trash. What it does not understand, it says, and leaves out."""

    q = forms.CharField(label="Title", required=False, max_length=100, widget=forms.TextInput({"type": "search"}))
    kind = forms.ChoiceField(
        required=False, choices=[("", "Courses and lessons"), ("course", "Courses"), ("lesson", "Lessons")]
    )

    @property
    def is_narrowed(self) -> bool:
        """True if something may be missing from the list."""
        return any(self.cleaned_data.values())
