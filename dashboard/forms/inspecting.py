"""Whom, what and when the access inspector is asked about."""

from datetime import UTC, datetime
from typing import Any

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils import timezone
from django.utils.dateparse import parse_datetime

from accounts.models import User
from catalog.models import Course, Lesson
from dashboard.selectors.inspecting import MOST_CHOICES, people_like, targets_like

EARLIEST, LATEST = datetime(2000, 1, 1, tzinfo=UTC), datetime(2200, 1, 1, tzinfo=UTC)


class MomentInput(forms.DateTimeInput):
    """The browser's own field. A moment with an offset, as links carry it, is shown on the viewer's clock."""

    input_type = "datetime-local"

    def format_value(self, value: Any) -> str | None:
        try:
            moment = parse_datetime(value) if isinstance(value, str) else value
            local = timezone.make_naive(moment) if moment and timezone.is_aware(moment) else moment
        except (ValueError, OverflowError):
            return str(value)
        return local.isoformat(timespec="minutes") if local else value


class InspectForm(forms.Form):
    """Three fields in the address. `choices` are those one may have meant, where a text fits several."""

    student = forms.CharField(label="Student", max_length=254, help_text="E-mail address, or a part of the name.")
    what = forms.CharField(
        label="Course or lesson",
        max_length=400,
        help_text="Its address, or a part of the title.",
        widget=forms.TextInput({"list": "courses-offered", "autocomplete": "off"}),
    )
    at = forms.DateTimeField(
        label="Moment",
        required=False,
        widget=MomentInput,
        validators=[
            MinValueValidator(EARLIEST, "Ask for a moment after the year 2000."),
            MaxValueValidator(LATEST, "Ask for a moment before the year 2200."),
        ],
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.people: list[User] = []
        self.targets: list[Course | Lesson] = []
        zone = timezone.get_current_timezone_name().replace("_", " ")
        self.fields["at"].help_text = f"In your time zone, {zone}. Empty: now."

    def clean_student(self) -> User:
        """The one person that fits.

        :raises ValidationError: if nobody or several fit; then `people` are those who do
        """
        text = self.cleaned_data["student"]
        found = people_like(text)
        if len(found) == 1:
            return found[0]
        if not found:
            raise forms.ValidationError(f"Nobody here has “{text}” in name or address.")
        self.people = found[:MOST_CHOICES]
        raise forms.ValidationError(f"“{text}” fits {_how_many(found)} people. Choose one of them below.")

    def clean_what(self) -> Course | Lesson:
        """The one course or lesson that fits.

        :raises ValidationError: if none or several fit; then `targets` are those that do
        """
        text = self.cleaned_data["what"]
        found = targets_like(text)
        if len(found) == 1:
            return found[0]
        if not found:
            raise forms.ValidationError(f"There is no course or lesson “{text}”.")
        self.targets = found[:MOST_CHOICES]
        kind = "courses" if isinstance(found[0], Course) else "lessons"
        raise forms.ValidationError(f"“{text}” fits {_how_many(found)} {kind}. Choose one of them below.")


def _how_many(found: list[Any]) -> str:
    return str(len(found)) if len(found) <= MOST_CHOICES else f"more than {MOST_CHOICES}"
