"""The editor of a lesson between its page and the service: what it shows, what it was given, and what differs."""

from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from django.http import QueryDict

from accounts.http import StudentRequest
from catalog.captions import Cue, transcript_of
from catalog.editing import version_of
from catalog.held_uploads import drop
from catalog.lesson_saving import LessonEdit, SlugTaken
from catalog.models import Course, Lesson, Transcript
from common.storages import StorageAway
from dashboard.forms.lesson_materials import BaseMaterials, MaterialFormSet, rows_of
from dashboard.forms.lessons import LessonForm, initial_of
from dashboard.selectors.lessons import length_told_by_players, materials_of

PREFIX = "materials"
# What differs is told of these, in the words of the form.
COMPARED = (
    "title", "slug", "module", "lesson_type", "description", "video_url", "duration", "completion_threshold", "body",
    "homework", "timestamps", "key_takeaways", "spoken", "is_published", "is_preview", "available_after_days",
    "live_starts_at", "meeting_url",
)  # fmt: skip


@dataclass
class Editor:
    """A form and its rows of materials; `lesson` is None while it is not saved."""

    course: Course
    lesson: Lesson | None
    form: LessonForm
    materials: BaseMaterials
    transcript: Transcript | None = None

    def is_valid(self) -> bool:
        return all([self.form.is_valid(), self.materials.is_valid()])

    def edit(self) -> LessonEdit:
        form = self.form
        return LessonEdit(form.lesson_fields, self.materials.edits(), form.captions_wanted, form.cleaned_data["spoken"])

    def refuse(self, refusal: SlugTaken | StorageAway) -> None:
        """Say where it belongs why the service did not save."""
        self.form.add_error("slug" if isinstance(refusal, SlugTaken) else None, str(refusal))

    def keep_files(self) -> None:
        """After a refusal nobody chooses their files again: materials are held, captions stand in the form."""
        with suppress(StorageAway):  # then there is no place to hold them either
            self.materials.hold_files()
        captions = self.form.cleaned_data.get("captions_file")
        if captions:
            data = self.form.data.copy()  # type: ignore[attr-defined] # a QueryDict
            data["captions"] = captions
            self.form.data = data

    def drop_held(self) -> None:
        """What was held is saved."""
        for upload in self.materials.uploads():
            with suppress(StorageAway):  # the worker drops it in a day
                drop(upload)


def editor_of(request: StudentRequest, course: Course, lesson: Lesson | None, **more: Any) -> Editor:
    """The editor as it was sent, or as it is opened; `more` fills the form of a lesson that is new."""
    present = {each.pk: each for each in (materials_of(lesson) if lesson else [])}
    transcript = Transcript.objects.filter(lesson=lesson).first() if lesson else None
    row = {"present": present, "user_id": request.user.pk}
    if request.method == "POST":
        data = _with_theirs(request.POST, lesson, transcript)
        form = LessonForm(data, request.FILES, course=course, lesson=lesson)
        materials = MaterialFormSet(data, request.FILES, prefix=PREFIX, form_kwargs=row)
    else:
        start = _shown_at_first(lesson, transcript) if lesson else more
        form = LessonForm(initial=start, course=course, lesson=lesson)
        materials = MaterialFormSet(initial=rows_of(list(present.values())), prefix=PREFIX, form_kwargs=row)
    return Editor(course, lesson, form, materials, transcript)


def _shown_at_first(lesson: Lesson, transcript: Transcript | None) -> dict[str, Any]:
    """What is stored; a length nobody wrote is filled from the video."""
    start = stored_values(lesson, transcript) | {"version": version_of(lesson)}
    if lesson.video_url and start["duration"] is None:
        start["duration"] = length_told_by_players(lesson)
    return start


def stored_values(lesson: Lesson, transcript: Transcript | None) -> dict[str, Any]:
    """A lesson as the form shows it. A transcript that only follows from the captions is not written out."""
    spoken = transcript.text if transcript else ""
    if transcript and transcript.cues and spoken == transcript_of(Cue(*cue) for cue in transcript.cues):
        spoken = ""
    return initial_of(lesson) | {"spoken": spoken}


def _with_theirs(posted: QueryDict, lesson: Lesson | None, transcript: Transcript | None) -> QueryDict:
    """Put what is stored in the place of what was typed, in the fields where staff chose so after a conflict."""
    names = [name for name in posted.getlist("theirs") if name in COMPARED]
    if not names or lesson is None:
        return posted
    data, stored = posted.copy(), stored_values(lesson, transcript)
    for name in names:
        data[name] = written(LessonForm.base_fields[name], stored[name])
    return data


def written(field: Any, value: Any) -> str:
    """A value as its control sends it."""
    if isinstance(value, bool):
        return "on" if value else ""
    if value is None:
        return ""
    written = field.widget.format_value(field.prepare_value(value))
    return str(written[0] if isinstance(written, list) else written or "")
