"""A lesson as students would see it, made of what stands in its editor; nothing of it is saved."""

from copy import copy
from datetime import datetime
from typing import Any

from django.contrib.auth.models import AnonymousUser

from catalog.captions import Cue, paragraphs_of, parse_captions, transcript_of
from catalog.lesson_saving import EDITED
from catalog.models import Lesson, Material, Transcript
from catalog.services import derive_lesson
from dashboard.lesson_editing import Editor
from progress.player import player_for

UNSAVED_ADDRESS = "preview"


def shown_in(editor: Editor, now: datetime) -> dict[str, Any]:
    """What the template of the student's page asks for; parts of the form that are wrong stay as they are stored."""
    lesson = _lesson(editor)
    transcript = _transcript(editor, lesson)
    return {
        "course": editor.course,
        "lesson": lesson,
        # Nobody's player: what is played here is no progress.
        "player": player_for(lesson, None, user=AnonymousUser(), now=now),
        "materials": _materials(editor),
        "transcript": transcript,
        "paragraphs": paragraphs_of(Cue(*cue) for cue in transcript.cues),
        "mine": None,
        "following": None,
    }


def _lesson(editor: Editor) -> Lesson:
    lesson = copy(editor.lesson) if editor.lesson else Lesson(course=editor.course, slug=UNSAVED_ADDRESS)
    if editor.form.is_bound:
        editor.form.is_valid()
        said = editor.form.cleaned_data
        for name in set(EDITED).intersection(said) - {"slug", "module"}:
            setattr(lesson, name, said[name])
        lesson.video_duration_seconds = said.get("duration", lesson.video_duration_seconds)
        derive_lesson(lesson)
    return lesson


def _transcript(editor: Editor, lesson: Lesson) -> Transcript:
    stored = editor.transcript or Transcript(lesson=lesson)
    if not editor.form.is_bound:
        return stored
    said = editor.form.cleaned_data
    captions, cues = stored.captions, stored.cues
    if said.get("captions"):
        captions = said["captions"]
        cues = [[cue.start, cue.end, cue.text] for cue in parse_captions(captions)]
    elif said.get("remove_captions"):
        captions, cues = "", []
    text = said.get("spoken", stored.text) or transcript_of(Cue(*cue) for cue in cues)
    return Transcript(lesson=lesson, captions=captions, cues=cues, text=text)


def _materials(editor: Editor) -> list[Material]:
    """Those that are saved, as they would be, and new ones with an address; a new file has none yet."""
    rows = editor.materials
    if not rows.is_bound:
        return [form.material for form in rows.forms if form.material]
    rows.is_valid()
    return [shown for form in rows.kept if (shown := _material(form.material, form.cleaned_data))]


def _material(stored: Material | None, said: dict[str, Any]) -> Material | None:
    material = copy(stored) if stored else Material()
    for name in ("title", "kind", "url"):
        setattr(material, name, said.get(name, getattr(material, name)))
    return material if material.title and (material.file or material.url) else None
