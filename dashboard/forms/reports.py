"""What may stand in the address of the analytics and of the progress of a course."""

from typing import Any

from django import forms
from django.http import QueryDict

from catalog.models import Course
from dashboard.forms.widgets import LongSelect
from dashboard.selectors.course_progress import Stage, WantedPlaces
from dashboard.selectors.students import courses_to_choose

PERIODS = {"7": "7 days", "30": "30 days", "90": "90 days"}
USUAL = 30
SORTS = {
    "active": "Last active first",
    "quiet": "Longest away first",
    "most": "Most progress first",
    "least": "Least progress first",
    "name": "Name",
    "joined": "Joined last first",
}


class PeriodForm(forms.Form):
    """How many days, and one course to look into. What it does not understand, it says, and leaves out."""

    period = forms.ChoiceField(label="Period", required=False, choices=PERIODS)
    course = forms.ModelChoiceField(
        courses_to_choose(),
        label="Look into",
        required=False,
        to_field_name="slug",
        empty_label="The course most joined",
        widget=LongSelect,
    )

    def __init__(self, asked: QueryDict) -> None:
        super().__init__({"period": str(USUAL), **asked.dict()})

    def wanted(self) -> tuple[int, Course | None]:
        """Days and course; a part that was refused is the usual one."""
        self.full_clean()
        return int(self.cleaned_data.get("period") or USUAL), self.cleaned_data.get("course")


class PlacesFilter(forms.Form):
    """Search, filter and order of the students of a course."""

    q = forms.CharField(
        label="Name or e-mail", required=False, max_length=100, widget=forms.TextInput({"type": "search"})
    )
    stage = forms.ChoiceField(
        label="Progress", required=False, choices=[("", "Any"), *((stage.value, stage.label) for stage in Stage)]
    )
    sort = forms.ChoiceField(label="Sort by", required=False, choices=SORTS)

    def wanted(self) -> WantedPlaces:
        """What is asked for; a part that was refused asks for nothing."""
        self.full_clean()
        found: dict[str, Any] = self.cleaned_data
        return WantedPlaces(words=found.get("q", ""), stage=found.get("stage", ""), order=found.get("sort") or "active")

    @property
    def is_narrowed(self) -> bool:
        """True if somebody may be missing from the list."""
        return any(self.cleaned_data.get(name) for name in ("q", "stage"))
