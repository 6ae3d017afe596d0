"""What may stand in the address of the list of lessons, and the question for a course where a lesson shall be added."""

from typing import Any

from django import forms

from catalog.models import LessonType
from dashboard.forms.widgets import LongSelect
from dashboard.selectors.lessons import Kept, Missing, WantedLessons
from dashboard.selectors.students import courses_to_choose

MISSING = [("", "Any"), (Missing.VIDEO.value, "No video"), (Missing.CAPTIONS.value, "No captions")]
STATES = [
    ("", "Any state"),
    (Kept.PUBLISHED.value, "Published"),
    (Kept.UNPUBLISHED.value, "Not published"),
    (Kept.PREVIEW.value, "Free preview"),
]
SORTS = {"course": "Course", "title": "Title", "changed": "Last changed", "newest": "Newest first"}


class LessonFilter(forms.Form):
    """Search, filters and order of the list. What it does not understand, it says, and leaves out."""

    q = forms.CharField(
        label="Lesson or course", required=False, max_length=100, widget=forms.TextInput({"type": "search"})
    )
    course = forms.ModelChoiceField(
        courses_to_choose(),
        label="Course",
        required=False,
        to_field_name="slug",
        empty_label="Any course",
        widget=LongSelect,
    )
    type = forms.ChoiceField(label="Type", required=False, choices=[("", "Any type"), *LessonType.choices])
    missing = forms.ChoiceField(label="Missing", required=False, choices=MISSING)
    state = forms.ChoiceField(label="State", required=False, choices=STATES)
    sort = forms.ChoiceField(label="Sort by", required=False, choices=SORTS)

    def wanted(self) -> WantedLessons:
        """What is asked for; a part that was refused asks for nothing."""
        self.full_clean()
        found: dict[str, Any] = self.cleaned_data
        return WantedLessons(
            words=found.get("q", ""),
            course=found.get("course"),
            kind=found.get("type", ""),
            missing=found.get("missing", ""),
            state=found.get("state", ""),
            order=found.get("sort") or "course",
        )

    @property
    def is_narrowed(self) -> bool:
        """True if a lesson may be missing from the list."""
        return any(self.cleaned_data.get(name) for name in self.fields if name != "sort")


class ChooseCourseForm(forms.Form):
    """The course a new lesson is for."""

    course = forms.ModelChoiceField(
        courses_to_choose(), to_field_name="slug", empty_label="Choose a course", widget=LongSelect
    )
