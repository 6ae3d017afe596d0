"""What staff hand in for bulk access: a file, or what they paste; both become lines for the check."""

import hashlib
import re
from datetime import date
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile

from access.models import BatchAction, BatchState
from access.services.bulk_checking import LAST_YEAR, Wish
from catalog.models import Course, CourseQuerySet
from common.csv_reading import Row, Shape, TableRefused, read_table, read_text, too_large
from dashboard.forms.changes import reason_field
from dashboard.forms.widgets import LongSelect

COLUMNS = ("email", "course_slug", "action", "expires_at", "note")
SHAPE = Shape(
    columns={"email": 254, "course_slug": 120, "action": 10, "expires_at": 40, "note": 300},
    required=frozenset({"email"}),
    most_bytes=10_000_000,
    most_rows=100_000,
)
MOST_PASTED = 500_000  # the whole form may have a megabyte
ACTIONS = [(action.value, action.label) for action in BatchAction]
STATES = [("", "Any state"), *((state.value, state.label) for state in BatchState)]
SORTS = {"newest": "Newest first", "oldest": "Oldest first"}


class BulkForm(forms.Form):
    """One list, and what is meant where a line leaves something empty. `wishes` are its lines, once it is clean."""

    file = forms.FileField(
        label="CSV file",
        required=False,
        help_text="CSV in UTF-8, at most 100,000 lines and 10 MB",
        widget=forms.FileInput({"accept": ".csv,text/csv"}),
        error_messages={"empty": "The file is empty."},
    )
    pasted = forms.CharField(
        label="Or paste it here",
        required=False,
        max_length=MOST_PASTED,
        strip=False,
        help_text="E-mail addresses, or a table with its header",
        widget=forms.Textarea({"rows": 6, "spellcheck": "false", "autocomplete": "off"}),
    )
    course = forms.ModelChoiceField(
        CourseQuerySet(Course).kept().only("title", "slug").order_by("title", "pk"),
        required=False,
        to_field_name="slug",
        empty_label="As each line says",
        widget=LongSelect,
    )
    action = forms.ChoiceField(choices=ACTIONS, initial=BatchAction.GRANT)
    last_day = forms.DateField(
        required=False,
        help_text="Empty: as long as the course's own rule says",
        widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"),
        error_messages={"invalid": "Write the day as in 2026-05-31."},
    )
    note = reason_field("Note or reason")
    tells = forms.BooleanField(label="Tell students by mail what they are given", required=False, initial=True)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.wishes: list[Wish] = []
        self.sha256 = ""
        self.name = ""

    def clean_last_day(self) -> date | None:
        day: date | None = self.cleaned_data["last_day"]
        if day and day.year > LAST_YEAR:
            raise forms.ValidationError(f"Choose a day before the year {LAST_YEAR + 1}, or none.")
        return day

    def clean(self) -> dict[str, Any]:
        """Read the list; what is wrong with it is told at the field it came by."""
        file, pasted = self.cleaned_data.get("file"), self.cleaned_data.get("pasted", "").strip()
        if self.errors:
            return self.cleaned_data
        if bool(file) == bool(pasted):
            raise forms.ValidationError(f"Choose a file or paste a list{', not both' if file else ''}.")
        field = "file" if file else "pasted"
        try:
            rows = self._rows_of_file(file) if file else self._rows_of_text(pasted)
        except TableRefused as refused:
            self.add_error(field, refused.problems)
        else:
            self.wishes = [self._wish(row) for row in rows]
            self._refuse_lines_without_course(field)
        return self.cleaned_data

    def _rows_of_file(self, file: "UploadedFile[Any]") -> list[Row]:
        if (file.size or 0) > SHAPE.most_bytes:
            raise TableRefused([too_large(SHAPE)])
        content = file.read()
        self.name, self.sha256 = (file.name or "")[:200], hashlib.sha256(content).hexdigest()
        return read_table(read_text(content, SHAPE), SHAPE)

    def _rows_of_text(self, text: str) -> list[Row]:
        self.name, self.sha256 = "Pasted list", hashlib.sha256(text.encode(errors="replace")).hexdigest()
        is_table = "@" not in text.partition("\n")[0]
        return read_table(text, SHAPE) if is_table else read_table("email\n" + _one_a_line(text), SHAPE)

    def _wish(self, row: Row) -> Wish:
        said, given = row.cells, self.cleaned_data
        course, day = given["course"], given["last_day"]
        return Wish(
            line=row.line,
            email=said["email"].lower(),
            slug=said.get("course_slug") or (course.slug if course else ""),
            action=(said.get("action") or given["action"]).lower(),
            until=said.get("expires_at") or (day.isoformat() if day else ""),
            note=said.get("note") or given["note"],
        )

    def _refuse_lines_without_course(self, field: str) -> None:
        missing = [wish.line for wish in self.wishes if not wish.slug]
        if missing:
            self.add_error("course", f"Line {missing[0]} names no course. Choose one here, or name it there.")


def _one_a_line(text: str) -> str:
    """Addresses as people paste them: with commas, semicolons or spaces between, one or many on a line."""
    addresses = [word for word in re.split(r"[\s,;]+", text) if word]
    if strangers := [word for word in addresses if "@" not in word]:
        shown = strangers[0][:60]
        raise TableRefused([f"“{shown}” is no e-mail address. A table begins with its header: {', '.join(COLUMNS)}."])
    return "\n".join(addresses)


class BatchFilter(forms.Form):
    """Search, state and order of the list of batches."""

    q = forms.CharField(
        label="File or person", required=False, max_length=100, widget=forms.TextInput({"type": "search"})
    )
    state = forms.ChoiceField(label="State", required=False, choices=STATES)
    sort = forms.ChoiceField(label="Sort by", required=False, choices=SORTS)

    @property
    def is_narrowed(self) -> bool:
        return any(self.cleaned_data.get(name) for name in ("q", "state"))
