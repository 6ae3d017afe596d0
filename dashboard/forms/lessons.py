"""What staff write into the editor of a lesson."""

from datetime import UTC, datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import MinValueValidator, RegexValidator
from django.utils import timezone
from django.utils.text import slugify

from catalog.captions import BadCaptions, parse_captions, write_webvtt
from catalog.models import RESERVED_LESSON_SLUGS, Course, Lesson, LessonType, Module
from catalog.uploads import PictureField
from common.moments import BEFORE_LATEST
from dashboard.forms.lesson_fields import (
    ClockField,
    LinesField,
    TextField,
    TimestampsField,
    VideoField,
    WebAddressField,
)
from dashboard.forms.widgets import LongSelect

TEXT_LENGTH = 200_000
CAPTIONS_BYTES = 3 * 1024 * 1024
LONGEST_WAIT = 3650
EARLIEST = MinValueValidator(datetime(2000, 1, 1, tzinfo=UTC), "Choose a later day.")
validate_slug = RegexValidator(r"^[-a-zA-Z0-9_]+\Z", "Use letters from a to z, numbers and hyphens, like first-steps.")
WORDS_ONLY = "The captions are not text in UTF-8. Save the file as UTF-8 and choose it again."


def _text(label: str, rows: int, help_text: str, most: int = TEXT_LENGTH) -> TextField:
    return TextField(label=label, max_length=most, widget=forms.Textarea({"rows": rows}), help_text=help_text)


def _whole(label: str, low: int, high: int, help_text: str = "", *, required: bool = True) -> forms.IntegerField:
    says = f"{label} must be a whole number from {low} to {high}."
    wrong = dict.fromkeys(("required", "invalid", "min_value", "max_value"), says)
    return forms.IntegerField(
        label=label, min_value=low, max_value=high, required=required, help_text=help_text, error_messages=wrong
    )


class LessonForm(forms.Form):
    """All of a lesson but its materials. `version` is what was loaded; `shown_module` the module it was then in."""

    version = forms.CharField(required=False, max_length=40, widget=forms.HiddenInput)
    shown_module = forms.CharField(required=False, max_length=20, widget=forms.HiddenInput)
    title = forms.CharField(max_length=200, error_messages={"required": "Give the lesson a title."})
    slug = forms.CharField(label="Address", required=False, max_length=120)
    module = forms.ModelChoiceField(
        Module.objects.none(), required=False, empty_label="No module: before all modules", widget=LongSelect
    )
    lesson_type = forms.ChoiceField(label="Type", choices=LessonType.choices, initial=LessonType.VIDEO)
    description = _text("Description", 2, "One or two sentences for search engines and shared links", 2000)
    video_url = VideoField(label="Video", widget=forms.TextInput({"autocomplete": "off"}))
    duration = ClockField(label="Length", required=False, help_text="Minutes and seconds, like 12:40")
    completion_threshold = _whole("Completes at", 1, 100, "Percent watched, where the player tells us")
    body = _text("Text", 16, "Markdown")
    homework = _text("Homework", 5, "Markdown")
    timestamps = TimestampsField(
        required=False, widget=forms.Textarea({"rows": 4}), help_text="One in a line: 4:12 First run"
    )
    key_takeaways = LinesField(
        label="Takeaways", required=False, widget=forms.Textarea({"rows": 4}), help_text="One in a line"
    )
    captions_file = forms.FileField(
        label="Captions file",
        required=False,
        help_text="WebVTT or SubRip (.vtt, .srt), in UTF-8",
        widget=forms.FileInput({"accept": ".vtt,.srt"}),
    )
    captions = forms.CharField(
        label="Or paste captions",
        required=False,
        widget=forms.Textarea({"rows": 3, "spellcheck": "false"}),
        help_text="They take the place of those that are there",
    )
    remove_captions = forms.BooleanField(label="Remove the captions", required=False)
    spoken = _text("Transcript", 4, "What is said, as plain text. Empty: made from the captions")
    is_published = forms.BooleanField(label="Published: students of the course see it", required=False)
    is_preview = forms.BooleanField(label="Free preview: everybody may open it", required=False)
    available_after_days = _whole(
        "Opens after days", 0, LONGEST_WAIT, "From the start of their cohort, or from joining", required=False
    )
    live_starts_at = forms.DateTimeField(
        label="Live session starts",
        required=False,
        validators=[EARLIEST, BEFORE_LATEST],
        widget=forms.DateTimeInput({"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        error_messages={"invalid": "Write day and time as in 2026-05-31 18:00."},
    )
    meeting_url = WebAddressField(label="Address of the live session", required=False, max_length=300)

    def __init__(self, *args: Any, course: Course, lesson: Lesson | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.course, self.lesson = course, lesson
        self.fields["module"].queryset = Module.objects.filter(course=course).order_by("order", "pk")  # type: ignore[attr-defined] # a model choice
        zone = timezone.get_current_timezone_name().rpartition("/")[2].replace("_", " ")
        self.fields["live_starts_at"].help_text = f"On the clock of {zone}"

    def clean_slug(self) -> str:
        """The address in the course; made from the title when none is given."""
        slug = str(self.cleaned_data["slug"] or slugify(self.cleaned_data.get("title", ""))[:120].strip("-_"))
        if not slug and "title" not in self.cleaned_data:
            return slug  # the title's own error says enough
        validate_slug(slug or " ")
        if slug in RESERVED_LESSON_SLUGS or slug.isdecimal():
            raise ValidationError(f"“{slug}” is an address of the site itself. Choose another.")
        return slug

    def clean_captions_file(self) -> str | None:
        """The captions in the file, as WebVTT."""
        file = self.cleaned_data["captions_file"]
        if not file:
            return None
        if file.size > CAPTIONS_BYTES:
            raise ValidationError("The file is too large: captions of at most 3 MB are kept.")
        try:
            text = file.read().decode("utf-8-sig")
        except UnicodeDecodeError:
            raise ValidationError(WORDS_ONLY) from None
        return _as_webvtt(text)

    def clean_captions(self) -> str | None:
        text = str(self.cleaned_data["captions"])
        return _as_webvtt(text) if text.strip() else None

    @property
    def captions_wanted(self) -> str | None:
        """The captions from now on; None leaves what is there."""
        given = self.cleaned_data["captions_file"] or self.cleaned_data["captions"]
        return "" if given is None and self.cleaned_data["remove_captions"] else given

    @property
    def lesson_fields(self) -> dict[str, Any]:
        """What `LessonEdit.fields` takes: the module only if it was changed here, for others may move the lesson."""
        own = {"version", "shown_module", "duration", "captions_file", "captions", "remove_captions", "spoken"}
        found = {name: value for name, value in self.cleaned_data.items() if name not in own}
        found["video_duration_seconds"] = self.cleaned_data["duration"]
        module = found["module"]
        if self.lesson and str(module.pk if module else "") == self.cleaned_data["shown_module"]:
            del found["module"]
        return found


class PictureForm(forms.Form):
    """A picture for the text of a lesson."""

    picture = PictureField(
        help_text="PNG, JPEG, GIF or WebP, at most 5 MB", error_messages={"required": "Choose a picture."}
    )
    words = forms.CharField(
        label="What it shows", required=False, max_length=200, help_text="Read to those who cannot see it"
    )


def _as_webvtt(text: str) -> str:
    """:raises ValidationError: with the lines that are wrong"""
    if "\x00" in text:
        raise ValidationError(WORDS_ONLY)
    try:
        cues = parse_captions(text)
    except BadCaptions as refusal:
        raise ValidationError([f"Line {line}: {cause}." for line, cause in refusal.errors[:10]]) from None
    return text if text.lstrip("\ufeff").startswith("WEBVTT") else write_webvtt(cues)


def initial_of(lesson: Lesson) -> dict[str, Any]:
    """What the form shows of a lesson as it is; what is said in it comes beside it."""
    names = (
        "title", "slug", "module", "lesson_type", "description", "video_url", "completion_threshold", "body",
        "homework", "timestamps", "key_takeaways", "is_published", "is_preview", "available_after_days",
        "live_starts_at", "meeting_url",
    )  # fmt: skip
    return {name: getattr(lesson, name) for name in names} | {
        "duration": lesson.video_duration_seconds,
        "shown_module": lesson.module_id or "",
    }
