"""What may stand in the address of the analytics and of the progress of a course."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.http import QueryDict

from catalog.models import Course
from dashboard.forms.audit import day_field
from dashboard.forms.widgets import LongSelect
from dashboard.selectors.course_progress import Stage, WantedPlaces
from dashboard.selectors.periods import Period, day_of, last_days
from dashboard.selectors.students import courses_to_choose

CUSTOM = "custom"
DAYS = ("first", "last")
PERIODS = {"7": "7 days", "30": "30 days", "90": "90 days", CUSTOM: "Custom"}
USUAL = 30
LONGEST = 366
DAY_ERRORS = {"required": "Choose a day.", "invalid": "Write the day as in 2026-05-31."}
SORTS = {
    "active": "Last active first",
    "quiet": "Longest away first",
    "most": "Most progress first",
    "least": "Least progress first",
    "name": "Name",
    "joined": "Joined last first",
}


@dataclass(frozen=True)
class Wanted:
    """Which days, by choice or by hand, and the course to look into."""

    period: Period
    is_custom: bool
    course: Course | None

    @property
    def query(self) -> str:
        """The same period in an address."""
        days = {"first": self.period.first, "last": self.period.last}
        return urlencode({"period": CUSTOM, **days} if self.is_custom else {"period": self.period.days})


class PeriodForm(forms.Form):
    """Which days, and one course to look into. What it does not understand, it says, and leaves out."""

    period = forms.ChoiceField(label="Period", required=False, choices=PERIODS)
    first = day_field("First day")
    last = day_field("Last day")
    course = forms.ModelChoiceField(
        courses_to_choose(),
        label="Look into",
        required=False,
        to_field_name="slug",
        empty_label="The course most joined",
        widget=LongSelect,
    )

    def __init__(self, asked: QueryDict, *, now: datetime) -> None:
        data = {"period": str(USUAL), **asked.dict()}
        is_custom = data["period"] == CUSTOM
        self.unused = () if is_custom else DAYS
        super().__init__({name: data[name] for name in data if name not in self.unused})
        self.now = now
        for name in DAYS:  # the page hides them until they are asked for, and then they must be there
            self.fields[name].required = is_custom
            self.fields[name].error_messages |= DAY_ERRORS
            self.fields[name].widget.attrs["max"] = day_of(now).isoformat()

    def clean(self) -> None:
        first, last = days = [self.cleaned_data.get(name) for name in DAYS]
        for name, day in zip(DAYS, days, strict=True):
            if day and day > day_of(self.now):
                self.add_error(name, "Choose a day that is not in the future.")
        if first and last and last < first:
            self.add_error("last", "Choose a day that is not before the first.")
        elif first and last and Period(first, last).days > LONGEST:
            self.add_error("last", f"Choose at most {LONGEST} days.")

    def wanted(self) -> Wanted:
        """A part that was refused is the usual one."""
        self.full_clean()
        found = self.cleaned_data
        name = found.get("period") or str(USUAL)
        if name == CUSTOM and not self.is_period_refused:
            return Wanted(Period(found["first"], found["last"]), True, found.get("course"))
        return Wanted(last_days(USUAL if name == CUSTOM else int(name), self.now), False, found.get("course"))

    @property
    def is_period_refused(self) -> bool:
        """True if other days are shown than the address asks for."""
        return any(self.has_error(name) for name in ("period", *DAYS))


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
