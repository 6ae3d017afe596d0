"""Two people saved the same lesson: the second sees both versions, field by field, and keeps what they typed."""

import posixpath
from dataclasses import dataclass
from typing import Any

from django.core.files.storage import default_storage

from accounts.http import StudentRequest
from accounts.models import StaffAction
from catalog.editing import version_of
from catalog.models import Lesson, Transcript
from dashboard.differing import NOTHING, Difference
from dashboard.forms.lesson_materials import MaterialFormSet, rows_after_conflict
from dashboard.forms.lessons import LessonForm
from dashboard.lesson_editing import COMPARED, PREFIX, Editor, stored_values, written
from dashboard.selectors.lessons import last_change_of, materials_of


@dataclass(frozen=True)
class Conflict:
    """`action` is what was done meanwhile and by whom, if the log knows; `materials` if theirs changed too."""

    differences: list[Difference]
    action: StaffAction | None
    has_new_rows: bool
    is_in_trash: bool

    @property
    def is_settled(self) -> bool:
        """True if both saved the same: the form was sent twice."""
        return not (self.differences or self.has_new_rows or self.is_in_trash)


def conflict_of(editor: Editor, current: Lesson) -> Conflict:
    """What the editor holds beside what is stored now; the form must be valid."""
    stored = stored_values(current, Transcript.objects.filter(lesson=current).first())
    said, fields = editor.form.cleaned_data, editor.form.fields
    same = {name for name in COMPARED if said[name] == stored[name]}
    if "module" not in editor.form.lesson_fields:
        same.add("module")
    found = [_difference(name, fields[name], said[name], stored[name]) for name in COMPARED if name not in same]
    has_other = _has_other_rows(editor, current) or _captions_differ(editor, current)
    return Conflict(found, last_change_of(current), has_other, current.trashed_at is not None)


def _captions_differ(editor: Editor, current: Lesson) -> bool:
    wanted = editor.form.captions_wanted
    there = Transcript.objects.filter(lesson=current).values_list("captions", flat=True).first() or ""
    return wanted is not None and wanted != there


def _has_other_rows(editor: Editor, current: Lesson) -> bool:
    there = materials_of(current)
    files = {each.pk: each.file for each in there}
    mine = []
    for edit in editor.materials.edits():
        held = default_storage.size(edit.held.stored) if edit.held else None
        file = (edit.held.leaf, held) if edit.held else _leaf(edit.file or files.get(edit.pk or 0))
        mine.append((edit.kind, edit.title, edit.url, file))
    return mine != [(each.kind, each.title, each.url, _leaf(each.file)) for each in there]


def _leaf(file: Any) -> tuple[str, int] | None:
    """By which the same file sent twice is known; every stored one has a folder of its own."""
    return (posixpath.basename(file.name), file.size) if file else None


def _difference(name: str, field: Any, mine: Any, theirs: Any) -> Difference:
    label = str(field.label or name.replace("_", " ").capitalize())
    return Difference(name, label.partition(":")[0], _words(field, mine), _words(field, theirs))


def _words(field: Any, value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    choices = {str(key): str(label) for key, label in getattr(field, "choices", ())}
    text = written(field, value)
    return choices.get(text, text) or NOTHING


def after_conflict(request: StudentRequest, editor: Editor, current: Lesson) -> Editor:
    """The editor with everything that was typed, ready to be saved over what is stored now."""
    editor.keep_files()
    data = editor.form.data.copy()  # type: ignore[attr-defined] # a QueryDict
    data["version"] = version_of(current)
    stored = materials_of(current)
    for name, value in rows_after_conflict(editor.materials, stored).items():
        data[name] = "" if value is None else str(value)
    row = {"present": {each.pk: each for each in stored}, "user_id": request.user.pk}
    form = LessonForm(data, course=editor.course, lesson=current)
    materials = MaterialFormSet(data, prefix=PREFIX, form_kwargs=row)
    return Editor(editor.course, current, form, materials, editor.transcript)
