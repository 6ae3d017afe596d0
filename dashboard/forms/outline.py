"""What the builder asks for: titles, and places."""

from typing import Any

from django import forms

from catalog.models import Course, LessonType, Module
from dashboard.forms.widgets import LongSelect

FARTHEST = 9999
NO_TITLE = {"required": "Give it a title."}
NO_TYPE = {"required": "Choose a type.", "invalid_choice": "Choose a type."}
NOT_HERE = {"invalid_choice": "Choose a module of this course."}


def title_field() -> forms.CharField:
    return forms.CharField(label="Title", max_length=200, error_messages=NO_TITLE)


def position_field(hint: str) -> forms.IntegerField:
    wanted = f"Position must be a whole number from 1 to {FARTHEST}."
    texts = dict.fromkeys(("invalid", "min_value", "max_value"), wanted)
    return forms.IntegerField(
        label="Position", required=False, min_value=1, max_value=FARTHEST, help_text=hint, error_messages=texts
    )


class ModuleForm(forms.Form):
    """A module's words."""

    title = title_field()
    description = forms.CharField(
        required=False, max_length=20_000, widget=forms.Textarea, help_text="Markdown, or nothing"
    )


class TitleForm(forms.Form):
    """A lesson's title."""

    title = title_field()


class InModuleForm(forms.Form):
    """A module of this course, or none."""

    module = forms.ModelChoiceField(
        Module.objects.none(),
        required=False,
        empty_label="Without a module, before the first",
        widget=LongSelect,
        error_messages=NOT_HERE,
    )

    def __init__(self, *args: Any, course: Course, **options: Any) -> None:
        super().__init__(*args, **options)
        modules: forms.ModelChoiceField[Module] = self.fields["module"]  # type: ignore[assignment] # declared above
        modules.queryset = Module.objects.filter(course=course).order_by("order", "pk")


class NewLessonForm(InModuleForm):
    """A lesson to begin with; the rest is written in its editor."""

    title = title_field()
    lesson_type = forms.ChoiceField(
        label="Type",
        choices=LessonType.choices,
        initial=LessonType.VIDEO,
        error_messages={"required": "Choose a type."},
    )
    field_order = ("title", "lesson_type", "module")


class LessonPlaceForm(InModuleForm):
    """Where a lesson goes."""

    position = position_field("In that module, counted from 1. Empty: at the end")
    version = forms.CharField(widget=forms.HiddenInput, required=False, max_length=64)


class ModulePlaceForm(forms.Form):
    """Where a module goes."""

    position = position_field("Among the modules, counted from 1. Empty: at the end")
    version = forms.CharField(widget=forms.HiddenInput, required=False, max_length=64)
