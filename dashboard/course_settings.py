"""The settings of a course as a page: in groups, in words for who may only look, beside what somebody else saved."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.forms import BooleanField, BoundField
from django.http import QueryDict

from accounts.http import StudentRequest
from accounts.models import StaffAction
from catalog.course_saving import CourseEdit
from catalog.editing import version_of
from catalog.held_uploads import HeldUpload
from catalog.models import Course
from common.moments import format_moment
from dashboard.differing import NOTHING, Difference
from dashboard.forms.course_pictures import PICTURES
from dashboard.forms.courses import SETTINGS, CourseForm, initial_of

GROUPS = {
    "What it is": (
        "title", "slug", "short_description", "description", "category", "tags", "course_type", "special_tag",
        "estimated_minutes", "display_order",
    ),
    "Pictures": PICTURES,
    "Who teaches": ("instructor_name", "instructor_bio", "coach_name", "discussion_url"),
    "Who sees it": ("status", "visibility"),
    "Who gets in": (
        "enrollment_method", "required_level", "access_duration_type", "access_duration_days", "access_until",
    ),
    "Before and after": (
        "prerequisites", "required_quiz_score", "exam_unlock_days", "is_accredible_certified", "has_asset_templates",
    ),
}  # fmt: skip
COMPARED = (*SETTINGS, "tags", "prerequisites")


@dataclass(frozen=True)
class Group:
    """Some settings under a heading; `key` is its place in the address of the page."""

    title: str
    fields: list[BoundField]

    @property
    def key(self) -> str:
        return self.title.lower().replace(" ", "-")

    @property
    def error_count(self) -> int:
        return sum(1 for field in self.fields if field.errors)


@dataclass(frozen=True)
class PictureRow:
    """A picture of the course: its field, the one that is there, and one that waits to be saved."""

    field: BoundField
    stored: Any
    held: HeldUpload | None


@dataclass(frozen=True)
class Conflict:
    """What differs, and what was done meanwhile and by whom, if the log knows."""

    differences: list[Difference]
    action: StaffAction | None


def settings_form(request: StudentRequest, course: Course) -> CourseForm:
    """The form as it was sent, or as it is opened."""
    user_id = request.user.pk
    if request.method != "POST":
        return CourseForm(course=course, user_id=user_id)
    data: QueryDict = request.POST
    files = request.FILES
    if theirs := [name for name in request.POST.getlist("theirs") if name in COMPARED]:
        data, files = _with_theirs(data, theirs, course), files.copy()
        for name in theirs:
            files.pop(name, None)
    return CourseForm(data, files, course=course, user_id=user_id)


def _with_theirs(posted: QueryDict, names: list[str], course: Course) -> QueryDict:
    """What was sent, but with what is stored in the fields where staff chose so after a conflict."""
    data, stored = posted.copy(), CourseForm(course=course, user_id=0)
    for name in names:
        data.setlist(name, list(_written(stored[name])))
        data.pop(f"{name}_held", None)
        data.pop(f"{name}-clear", None)
    return data


def _written(field: BoundField) -> Iterator[str]:
    """A value as its control sends it."""
    if field.name in PICTURES or field.value() is None or field.value() is False:
        return
    if isinstance(field.field, BooleanField):
        yield "on"
        return
    value = field.field.widget.format_value(field.field.prepare_value(field.value()))
    yield from map(str, value) if isinstance(value, list) else [str(value)]


def edit_of(form: CourseForm) -> CourseEdit:
    """What the form holds, for the service."""
    said = form.cleaned_data
    return CourseEdit({name: said[name] for name in SETTINGS}, said["tags"], said["prerequisites"])


def groups_of(form: CourseForm) -> list[Group]:
    return [Group(title, [form[name] for name in names]) for title, names in GROUPS.items()]


def pictures_of(form: CourseForm) -> list[PictureRow]:
    """The pictures; those of a refused form that were good are held until it is sent again."""
    waiting = form.hold_pictures() if form.is_bound else {}
    return [PictureRow(form[name], getattr(form.course, name), waiting.get(name)) for name in PICTURES]


def facts_of(course: Course) -> list[tuple[str, list[tuple[str, str]]]]:
    """The same in words, for who may not change it."""
    form, stored = CourseForm(course=course, user_id=0), initial_of(course)
    return [
        (title, [(_label(form, name), words(form, name, stored[name])) for name in names])
        for title, names in GROUPS.items()
    ]


def conflict_of(form: CourseForm, current: Course) -> Conflict:
    """What the form holds beside what is stored now; the form must be valid."""
    stored, found = initial_of(current), []
    for name in COMPARED:
        mine, theirs = words(form, name, form.cleaned_data[name]), words(form, name, stored[name])
        if mine != theirs:
            found.append(Difference(name, _label(form, name), mine, theirs))
    log = StaffAction.objects.filter(kind="course", object_id=current.pk).select_related("actor")
    return Conflict(found, log.order_by("-pk").first())


def after_conflict(form: CourseForm, current: Course) -> CourseForm:
    """The form with everything that was typed, ready to be saved over what is stored now."""
    data = form.data.copy()  # type: ignore[attr-defined] # a QueryDict
    data["version"] = version_of(current)
    for name, upload in form.hold_pictures().items():
        data[f"{name}_held"] = upload.token
    again = CourseForm(data, course=current, user_id=form.user_id)
    again.is_valid()
    return again


def _label(form: CourseForm, name: str) -> str:
    return str(form[name].label)


def words(form: CourseForm, name: str, value: Any) -> str:
    """A setting as people read it."""
    if name in PICTURES:
        return _picture_words(value)
    if name == "tags":
        return ", ".join(sorted(value.split(", ") if isinstance(value, str) else value)) or NOTHING
    if name == "prerequisites":
        return _courses_words(form, value)
    if isinstance(value, bool):
        return "yes" if value else "no"
    if name == "access_until" and value is not None:
        return format_moment(value)
    choices = {str(key): str(label) for key, label in getattr(form.fields[name], "choices", ())}
    text = "" if value is None else str(getattr(value, "pk", value))
    return choices.get(text, text) or NOTHING


def _picture_words(value: Any) -> str:
    if not value:
        return "no picture"
    return "the picture that is there" if getattr(value, "_committed", False) else "a new picture"


def _courses_words(form: CourseForm, value: Any) -> str:
    wanted = {getattr(each, "pk", each) for each in value}
    titles = {course.pk: course.title for course in form.fields["prerequisites"].queryset}  # type: ignore[attr-defined] # a model choice
    return ", ".join(titles[pk] for pk in titles if pk in wanted) or NOTHING
