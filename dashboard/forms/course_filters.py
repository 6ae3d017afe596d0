"""What may stand in the address of the list of courses."""

from typing import Any

from django import forms

from dashboard.course_words import METHOD_NAMES, STATUS_SIGNS, VISIBILITY_NAMES
from dashboard.forms.widgets import LongSelect
from dashboard.selectors.courses import WantedCourses, categories_to_choose, tags_to_choose

SORTS = {
    "changed": "Changed last",
    "title": "Title",
    "newest": "Newest first",
    "place": "Place in the catalog",
    "students": "Most students",
}
STATUSES = [("", "Any status"), *((key.value, sign.text) for key, sign in STATUS_SIGNS.items())]
VISIBILITIES = [("", "Any"), *((key.value, name) for key, name in VISIBILITY_NAMES.items())]
METHODS = [("", "Any way"), *((key.value, name) for key, name in METHOD_NAMES.items())]


class CourseFilter(forms.Form):
    """Search, filters and order of the list of courses. What it does not understand, it says, and leaves out."""

    q = forms.CharField(
        label="Title or address", required=False, max_length=100, widget=forms.TextInput({"type": "search"})
    )
    status = forms.ChoiceField(required=False, choices=STATUSES)
    visibility = forms.ChoiceField(label="Who finds it", required=False, choices=VISIBILITIES)
    method = forms.ChoiceField(label="How they start", required=False, choices=METHODS)
    category = forms.ModelChoiceField(
        categories_to_choose(), required=False, to_field_name="slug", empty_label="Any category", widget=LongSelect
    )
    tag = forms.ModelChoiceField(
        tags_to_choose(), required=False, to_field_name="slug", empty_label="Any tag", widget=LongSelect
    )
    sort = forms.ChoiceField(label="Sort by", required=False, choices=SORTS)

    def wanted(self) -> WantedCourses:
        """What is asked for; a part that was refused asks for nothing."""
        self.full_clean()
        found: dict[str, Any] = self.cleaned_data
        return WantedCourses(
            words=found.get("q", ""),
            status=found.get("status", ""),
            visibility=found.get("visibility", ""),
            category=found.get("category"),
            tag=found.get("tag"),
            method=found.get("method", ""),
            order=found.get("sort") or "changed",
        )

    @property
    def is_narrowed(self) -> bool:
        """True if a course may be missing from the list."""
        return any(self.cleaned_data.get(name) for name in self.fields if name != "sort")
