"""What staff say when they change what a student may open."""

from datetime import date, datetime, timedelta
from typing import Any

from django import forms
from django.utils.crypto import get_random_string

from access.models import Bundle, BundleLevel, BundleType, Cohort, LearningPath, Tier
from access.services.by_hand import REASON_LENGTH
from common.moments import months_later, start_of_day
from dashboard.forms.widgets import LongSelect
from dashboard.selectors.students import courses_to_choose

ONCE_LENGTH = 12
LAST_YEAR = 2200
DURATIONS = {"14d": "14 days", "1m": "One month", "12m": "12 months"}
FOR_HISTORY = "For the history; the student does not see it"


def new_once() -> str:
    return get_random_string(ONCE_LENGTH)


def once_field() -> forms.RegexField:
    """Tells one form from the same form sent twice."""
    return forms.RegexField(rf"^[A-Za-z0-9]{{{ONCE_LENGTH}}}\Z", widget=forms.HiddenInput, initial=new_once)


def reason_field(label: str = "Reason", *, required: bool = False) -> forms.CharField:
    wanted = {"required": "Say why."}
    return forms.CharField(
        label=label, required=required, max_length=REASON_LENGTH, help_text=FOR_HISTORY, error_messages=wanted
    )


class WhyForm(forms.Form):
    """A reason one may leave out."""

    reason = reason_field()


class ReasonForm(forms.Form):
    """A reason that must be given: something is taken."""

    reason = reason_field(required=True)


class GrantForm(forms.Form):
    """A course given by hand."""

    course = forms.ModelChoiceField(
        courses_to_choose(),
        empty_label="Choose a course",
        error_messages={"required": "Choose a course."},
        widget=LongSelect,
    )
    last_day = forms.DateField(
        required=False,
        help_text="Empty: as long as the course's own rule says",
        widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"),
        error_messages={"invalid": "Write the day as in 2026-05-31."},
    )
    must_join = forms.BooleanField(label="They have to join the course before it opens", required=False)
    notes = reason_field("Note")
    once = once_field()

    def clean_last_day(self) -> date | None:
        day: date | None = self.cleaned_data["last_day"]
        if day and day.year > LAST_YEAR:
            raise forms.ValidationError(f"Choose a day before the year {LAST_YEAR + 1}, or none.")
        return day

    def until(self) -> datetime | None:
        """The first moment that is too late: the day after the last one begins."""
        day: date | None = self.cleaned_data["last_day"]
        return start_of_day(day + timedelta(days=1)) if day else None


class ExtendForm(forms.Form):
    """More days for one right."""

    days = forms.IntegerField(
        min_value=1,
        max_value=3650,
        initial=30,
        error_messages=dict.fromkeys(("required", "invalid", "min_value", "max_value"), "Extend by 1 to 3650 days."),
    )
    reason = reason_field()
    once = once_field()


class SuspendForm(ReasonForm):
    """Why a course is closed to a student, and what they read about it."""

    public_note = forms.CharField(
        label="Note to the student",
        required=False,
        max_length=300,
        help_text="They read it on the course and in a mail",
    )


class MembershipForm(forms.Form):
    """A membership for a time."""

    tier = forms.ModelChoiceField(
        Tier.objects.filter(level__gte=1).order_by("level"),
        label="Membership",
        empty_label=None,
        error_messages={"required": "Choose a membership."},
    )
    duration = forms.ChoiceField(choices=DURATIONS)
    reason = reason_field(required=True)
    once = once_field()

    def until(self, now: datetime) -> datetime:
        """The end of the chosen duration: months are calendar months  [T-49]."""
        ends = {"14d": now + timedelta(days=14), "1m": months_later(now, 1), "12m": months_later(now, 12)}
        return ends[self.cleaned_data["duration"]]


class CohortForm(forms.Form):
    """The cohort somebody is put into."""

    cohort = forms.ModelChoiceField(
        Cohort.objects.filter(is_active=True).order_by("name"),
        empty_label="Choose a cohort",
        error_messages={"required": "Choose a cohort."},
    )


class RemoveFromCohortForm(WhyForm):
    """What becomes of what the place gave."""

    keep_access = forms.BooleanField(label="They keep the access the place gave them", required=False)


class PathForm(forms.Form):
    """The path somebody is put on."""

    path = forms.ModelChoiceField(
        LearningPath.objects.filter(is_active=True).order_by("title"),
        label="Learning path",
        empty_label="Choose a path",
        error_messages={"required": "Choose a learning path."},
    )
    reason = reason_field()


class BundleForm(forms.Form):
    """Which bundle; what else must be chosen depends on it."""

    bundle = forms.ModelChoiceField(
        Bundle.objects.filter(is_active=True).order_by("name"),
        empty_label="Choose a bundle",
        error_messages={"required": "Choose a bundle."},
    )


class BundleChoiceForm(forms.Form):
    """What of this bundle: its level or its courses, where there is something to choose."""

    level = forms.TypedChoiceField(coerce=int, empty_value=None, error_messages={"required": "Choose a level."})
    courses = forms.ModelMultipleChoiceField(
        courses_to_choose(), widget=forms.CheckboxSelectMultiple, error_messages={"required": "Choose the courses."}
    )
    reason = reason_field()
    once = once_field()

    def __init__(self, *args: Any, bundle: Bundle, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if bundle.bundle_type == BundleType.TIERED:
            on_offer = set(bundle.entries.values_list("level", flat=True))
            self.fields["level"].choices = [choice for choice in BundleLevel.choices if choice[0] in on_offer]  # type: ignore[attr-defined] # a choice field
        else:
            del self.fields["level"]
        if bundle.bundle_type == BundleType.PICK_YOUR_OWN:
            field = self.fields["courses"]
            field.queryset = courses_to_choose().filter(bundle_entries__bundle=bundle)  # type: ignore[attr-defined] # a model choice
            field.help_text = f"At most {bundle.max_course_selections}"
        else:
            del self.fields["courses"]
