"""What may stand in the address of the log."""

from datetime import date
from typing import Any

from django import forms
from django.core.validators import MinValueValidator

from common.moments import DAY_BEFORE_LATEST
from dashboard.selectors.audit import ACCESS, Asked, actors, kinds

FIRST_DAY = MinValueValidator(date(2000, 1, 1), "Choose a day after the year 1999.")


def day_field(label: str) -> forms.DateField:
    """A day that has a beginning and an end in every time zone."""
    widget = forms.DateInput({"type": "date"})
    return forms.DateField(label=label, required=False, widget=widget, validators=[FIRST_DAY, DAY_BEFORE_LATEST])


class AuditFilter(forms.Form):
    """Search, who, what about and when. What it does not understand, it says, and leaves out."""

    q = forms.CharField(label="Search", required=False, max_length=100, widget=forms.TextInput({"type": "search"}))
    who = forms.ModelChoiceField(actors(), label="Who", required=False, empty_label="Anybody")
    kind = forms.ChoiceField(label="About", required=False)
    first_day = day_field("From")
    last_day = day_field("To")

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        choices = [("", "Anything"), (ACCESS, "Changes of access"), *((kind, kind.capitalize()) for kind in kinds())]
        self.fields["kind"].choices = choices  # type: ignore[attr-defined] # a choice field

    def asked(self) -> Asked:
        """What is asked for; a part that was refused asks for nothing."""
        self.full_clean()
        found: dict[str, Any] = self.cleaned_data
        return Asked(
            words=found.get("q", ""),
            actor=found.get("who"),
            kind=found.get("kind", ""),
            first_day=found.get("first_day"),
            last_day=found.get("last_day"),
        )

    @property
    def is_narrowed(self) -> bool:
        """True if some line may be missing from the list."""
        return any(self.cleaned_data.get(name) for name in self.fields)
