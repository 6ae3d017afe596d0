"""What may stand in the address of a list."""

from typing import Any

from django import forms

from dashboard.forms.widgets import LongSelect
from dashboard.selectors.students import ENDING, Activity, StudentState, Wanted, cohorts_to_choose, courses_to_choose

STATES = [
    ("", "Any state"),
    *((state.value, state.label) for state in StudentState),
    (ENDING, "Some access ends within 7 days"),
]
ACTIVITIES = [
    ("", "At any time"),
    (Activity.WEEK.value, "In the last 7 days"),
    (Activity.MONTH.value, "In the last 30 days"),
    (Activity.QUIET.value, "Not in the last 30 days"),
    (Activity.STUCK.value, "Stuck: open and begun, untouched for 14 days"),
]
SORTS = {"newest": "Newest first", "oldest": "Oldest first", "name": "Name", "email": "E-mail"}


class StudentFilter(forms.Form):
    """Search, filters and order of the list of students. What it does not understand, it says, and leaves out."""

    q = forms.CharField(
        label="Name or e-mail", required=False, max_length=100, widget=forms.TextInput({"type": "search"})
    )
    course = forms.ModelChoiceField(
        courses_to_choose(),
        label="Course",
        required=False,
        to_field_name="slug",
        empty_label="Any course",
        widget=LongSelect,
    )
    cohort = forms.ModelChoiceField(cohorts_to_choose(), label="Cohort", required=False, empty_label="Any cohort")
    state = forms.ChoiceField(label="State", required=False, choices=STATES)
    active = forms.ChoiceField(label="Last active", required=False, choices=ACTIVITIES)
    sort = forms.ChoiceField(label="Sort by", required=False, choices=SORTS)

    def wanted(self) -> Wanted:
        """What is asked for; a part that was refused asks for nothing."""
        self.full_clean()
        found: dict[str, Any] = self.cleaned_data
        return Wanted(
            words=found.get("q", ""),
            course=found.get("course"),
            cohort=found.get("cohort"),
            state=found.get("state", ""),
            activity=found.get("active", ""),
            order=found.get("sort") or "newest",
        )

    @property
    def is_narrowed(self) -> bool:
        """True if somebody may be missing from the list."""
        return any(self.cleaned_data.get(name) for name in self.fields if name != "sort")
