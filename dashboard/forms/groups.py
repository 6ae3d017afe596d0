"""What staff write about a cohort, a bundle, a learning path or a tier."""

from datetime import date
from typing import Any

from django import forms

from access.models import Bundle, BundleType, Cohort, LearningPath
from access.services import SeatsBelowMembers
from access.services.cohorts import refuse_fewer_seats_than_members
from accounts.models import User
from dashboard.selectors.students import all_students

EARLIEST, LATEST = date(2000, 1, 1), date(2199, 12, 31)
MOST_SEATS, MOST_PICKED = 100_000, 1_000
STATES = {"": "Active", "archived": "Archived", "all": "All"}
DAY_FORMAT = "Write the day as in 2026-05-31."


def version_field() -> forms.CharField:
    """Which version of the row the form shows: of two editors, the second is told."""
    return forms.CharField(required=False, max_length=40, widget=forms.HiddenInput)


def day_field(label: str, help_text: str) -> forms.DateField:
    return forms.DateField(
        label=label,
        required=False,
        help_text=help_text,
        widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"),
        error_messages={"invalid": DAY_FORMAT},
    )


def text_field(label: str = "Description", most: int = 4_000) -> forms.CharField:
    return forms.CharField(label=label, required=False, max_length=most, widget=forms.Textarea({"rows": 5}))


class GroupFilter(forms.Form):
    """Search, state and order of a list. What it does not understand, it says, and leaves out."""

    q = forms.CharField(label="Name", required=False, max_length=100, widget=forms.TextInput({"type": "search"}))
    state = forms.ChoiceField(label="State", required=False, choices=STATES)
    sort = forms.ChoiceField(label="Sort by", required=False)

    def __init__(self, *args: Any, sorts: dict[str, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["sort"].choices = sorts  # type: ignore[attr-defined] # a choice field
        self.first = next(iter(sorts))

    def said(self, name: str) -> str:
        """What is asked for; a part that was refused asks for nothing."""
        self.full_clean()
        return str(self.cleaned_data.get(name) or (self.first if name == "sort" else ""))

    @property
    def is_narrowed(self) -> bool:
        """True if something may be missing from the list but for what is archived."""
        return bool(self.cleaned_data.get("q") or self.cleaned_data.get("state"))


class CohortForm(forms.ModelForm[Cohort]):
    """Dates, seats, and what a place in it gives."""

    description = text_field()
    starts_on = day_field("First day", "Its courses open on this day. A moved start moves the rights that wait for it.")
    ends_on = day_field("Last day", "From the day after, nobody joins by themselves. It ends no access.")
    max_participants = forms.IntegerField(
        label="Seats", required=False, min_value=0, max_value=MOST_SEATS, help_text="Empty: no limit"
    )
    version = version_field()

    class Meta:
        model = Cohort
        fields = (
            "name",
            "description",
            "starts_on",
            "ends_on",
            "max_participants",
            "grants_access",
            "remove_access_on_leave",
        )
        labels = {  # noqa: RUF012 - as Django's forms want it
            "grants_access": "Members get access to its courses",
            "remove_access_on_leave": "Who leaves loses the access it gave",
        }
        error_messages = {"name": {"unique": "There is a cohort of this name."}}  # noqa: RUF012 - as above

    def clean_max_participants(self) -> int | None:
        """Says at the field what the service would refuse."""
        seats: int | None = self.cleaned_data["max_participants"]
        try:
            refuse_fewer_seats_than_members(self.instance, seats)
        except SeatsBelowMembers as refusal:
            raise forms.ValidationError(str(refusal)) from None
        return seats

    def clean(self) -> dict[str, Any] | None:
        """Days of this and the next century, the first before the last."""
        found = super().clean() or self.cleaned_data
        for name in ("starts_on", "ends_on"):
            if (day := found.get(name)) and not EARLIEST <= day <= LATEST:
                self.add_error(name, f"Choose a day from {EARLIEST.year} to {LATEST.year}.")
        first, last = found.get("starts_on"), found.get("ends_on")
        if first and last and last < first:
            self.add_error("ends_on", "The last day must not be before the first.")
        return found


class BundleForm(forms.ModelForm[Bundle]):
    """What a bundle is called, and how its courses are had."""

    description = text_field()
    max_course_selections = forms.IntegerField(
        label="Courses to pick",
        required=False,
        min_value=1,
        max_value=MOST_PICKED,
        help_text="Pick your own: how many at most. Other types leave it empty.",
    )
    version = version_field()

    class Meta:
        model = Bundle
        fields = ("name", "description", "bundle_type", "max_course_selections")
        labels = {"bundle_type": "Type"}  # noqa: RUF012 - as Django's forms want it

    def clean_max_course_selections(self) -> int | None:
        """Only a bundle to pick from has a number; what stands there for another is left out."""
        most: int | None = self.cleaned_data["max_course_selections"]
        if self.cleaned_data.get("bundle_type") != BundleType.PICK_YOUR_OWN:
            return None
        if not most:
            raise forms.ValidationError("Say how many courses may be picked.")
        return most


class PathForm(forms.ModelForm[LearningPath]):
    """What a path is called, and whether students start it themselves."""

    description = text_field()
    version = version_field()

    class Meta:
        model = LearningPath
        fields = ("title", "description", "is_free")
        labels = {"is_free": "Free: students start it themselves"}  # noqa: RUF012 - as Django's forms want it
        help_texts = {"is_free": ""}  # noqa: RUF012 - as above


class AddMemberForm(forms.Form):
    """Who is put into a cohort."""

    email = forms.EmailField(
        label="E-mail of the student", error_messages={"required": "Write the address of a student."}
    )

    def clean_email(self) -> User:
        student = all_students().filter(email__iexact=self.cleaned_data["email"]).first()
        if student is None:
            raise forms.ValidationError("No student has an account with this address.")
        return student
