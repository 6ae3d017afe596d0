"""The rows of materials in the editor of a lesson: those it has, and new ones with a file or an address."""

import posixpath
from typing import Any

from django import forms
from django.conf import settings
from django.forms.formsets import BaseFormSet, formset_factory

from catalog.held_uploads import HeldUpload, held, hold
from catalog.lesson_saving import MaterialEdit
from catalog.models import Material, MaterialKind
from catalog.uploads import MaterialFileField
from dashboard.forms.lesson_fields import WebAddressField

MOST = 40
NEW_ROWS = 2  # with the captions, as many files as a form may bring: settings.DATA_UPLOAD_MAX_NUMBER_FILES
LAST = 9999


class MaterialForm(forms.Form):
    """One material. An empty new row is none; a file keeps its row, another file is another material."""

    pk = forms.IntegerField(required=False, min_value=1, widget=forms.HiddenInput)
    held = forms.CharField(required=False, widget=forms.HiddenInput)
    title = forms.CharField(required=False, max_length=200)
    kind = forms.ChoiceField(choices=MaterialKind.choices, initial=MaterialKind.RESOURCE)
    file = MaterialFileField(required=False)
    url = WebAddressField(label="Or address", required=False, max_length=500)
    order = forms.IntegerField(
        required=False,
        min_value=0,
        max_value=LAST,
        error_messages=dict.fromkeys(("invalid", "min_value", "max_value"), f"Order must be from 0 to {LAST}."),
    )
    remove = forms.BooleanField(required=False)

    def __init__(self, *args: Any, present: dict[int, Material], user_id: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.present, self.user_id = present, user_id
        self.upload: HeldUpload | None = None

    @property
    def material(self) -> Material | None:
        """The lesson's material that this row is about; None of a new row."""
        value = str(self["pk"].value() or "")
        return self.present.get(int(value)) if value.isascii() and value.isdecimal() and len(value) < 19 else None

    @property
    def is_empty(self) -> bool:
        said = self.cleaned_data
        return not (said.get("pk") or said.get("title") or said.get("url") or said.get("file") or self.upload)

    def clean_held(self) -> str:
        self.upload = held(self.cleaned_data["held"], user_id=self.user_id)
        return str(self.cleaned_data["held"])

    def clean(self) -> dict[str, Any]:
        said = self.cleaned_data
        is_gone = said.get("pk") and not self.material  # which the service tells as a conflict
        if self.errors or said["remove"] or self.is_empty or is_gone:
            return said
        has_file = bool(said["file"] or self.upload or (self.material and self.material.file))
        if has_file and said["url"]:
            self.add_error("url", "A material is a file or an address. Leave one of the two empty.")
        elif not has_file and not said["url"]:
            self.add_error("file", "Choose a file, or give an address.")
        if not said["title"]:
            self._title_from_file()
        return said

    def _title_from_file(self) -> None:
        name = str(self.files.get(self.add_prefix("file"), "")) or (self.upload.leaf if self.upload else "")
        title = posixpath.splitext(name)[0].replace("_", " ").replace("-", " ").strip()[:200]
        if title and not self.material:
            self.cleaned_data["title"] = title
        else:
            self.add_error("title", "Give the material a title.")

    def hold_file(self) -> None:
        """Keep a new file that is fine although the form is not."""
        file = self.cleaned_data.get("file")
        if file and "file" not in self.errors:
            self.upload = hold(file, user_id=self.user_id)

    def edit(self) -> MaterialEdit:
        said = self.cleaned_data
        return MaterialEdit(said["kind"], said["title"], said["pk"], said["url"], said["file"], self.upload)


class BaseMaterials(BaseFormSet[MaterialForm]):
    """The rows together, in their order."""

    @property
    def most_bytes(self) -> int:
        return settings.MATERIAL_MAX_BYTES

    @property
    def kept(self) -> list[MaterialForm]:
        """The rows that are a material, in the order staff gave; rows without one come last."""
        rows = [form for form in self.forms if not form.is_empty and not form.cleaned_data.get("remove")]
        return sorted(rows, key=lambda form: LAST + 1 if (at := form.cleaned_data.get("order")) is None else at)

    def edits(self) -> list[MaterialEdit]:
        return [form.edit() for form in self.kept]

    def uploads(self) -> list[HeldUpload]:
        """What was held for rows that are saved or removed now."""
        return [form.upload for form in self.forms if form.upload]

    def hold_files(self) -> None:
        for form in self.forms:
            form.hold_file()


MaterialFormSet: type[BaseMaterials] = formset_factory(  # type: ignore[assignment] # a subclass of what it is made of
    MaterialForm, formset=BaseMaterials, extra=NEW_ROWS, max_num=MOST, validate_max=True, absolute_max=MOST + NEW_ROWS
)


def rows_of(materials: list[Material]) -> list[dict[str, Any]]:
    """What the rows show of what is there."""
    return [
        {"pk": each.pk, "title": each.title, "kind": each.kind, "url": each.url, "order": number}
        for number, each in enumerate(materials, 1)
    ]


def rows_after_conflict(rows: BaseMaterials, stored: list[Material]) -> dict[str, Any]:
    """The data of the rows as they were sent, less those that are gone, plus those that somebody else added."""
    mine = [_as_sent(form) for form in rows.forms if form.material in stored or not form["pk"].value()]
    named = {str(row["pk"]) for row in mine}
    theirs = [row for row in rows_of(stored) if str(row["pk"]) not in named]
    both = [*theirs, *mine]
    data = {f"{rows.prefix}-{number}-{name}": value for number, row in enumerate(both) for name, value in row.items()}
    return data | {f"{rows.prefix}-TOTAL_FORMS": len(both), f"{rows.prefix}-INITIAL_FORMS": len(stored)}


def _as_sent(form: MaterialForm) -> dict[str, Any]:
    sent = {name: form[name].value() for name in ("pk", "title", "kind", "url", "order", "held")}
    if form.upload:
        sent["held"] = form.upload.token
    return sent | ({"remove": "on"} if form["remove"].value() else {})
