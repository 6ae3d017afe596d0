"""What staff write into the settings of a course, and how they make a new one."""

from datetime import UTC, datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import MinValueValidator, RegexValidator
from django.utils import timezone
from django.utils.text import slugify

from access.models import Tier
from catalog.models import RESERVED_COURSE_SLUGS, Category, Course, DurationType, EnrollmentMethod
from catalog.services import PrerequisiteCycle, refuse_cycle
from catalog.tagging import TAG_LENGTH, tag_slugs
from common.moments import BEFORE_LATEST
from dashboard.course_words import DURATION_SAYS, METHOD_NAMES, METHOD_SAYS, TYPE_NAMES, VISIBILITY_SAYS, status_choices
from dashboard.forms.choosing import ManyRowsField
from dashboard.forms.course_pictures import PICTURES, PicturesForm
from dashboard.forms.inspecting import MomentInput
from dashboard.forms.lesson_fields import WebAddressField
from dashboard.forms.widgets import LongChecks, LongSelect
from dashboard.selectors.students import courses_to_choose

TEXT_LENGTH = 200_000
MOST_TAGS = 20
SLUG_LENGTH = 120
EARLIEST = MinValueValidator(datetime(2000, 1, 1, tzinfo=UTC), "Choose a moment after the year 2000.")
PLAIN = RegexValidator(r"^[-a-zA-Z0-9_]+\Z", "Use letters without accents, numbers and hyphens, like first-steps.")
SOLD = (EnrollmentMethod.PURCHASE, EnrollmentMethod.SUBSCRIPTION_ONLY)
IN_TRASH = "A course in the trash has this address. Restore it, or choose another."
TAKEN = "Another course has this address."
# What a length of access needs beside its name, and what is said when it is missing.
DURATION_NEEDS = {
    DurationType.FIXED_DAYS: ("access_duration_days", "Say how many days access lasts."),
    DurationType.UNTIL_DATE: ("access_until", "Say until when access lasts."),
}
SETTINGS = (
    "title", "slug", "short_description", "description", "category", "course_type", "special_tag", "estimated_minutes",
    "display_order", *PICTURES, "instructor_name", "instructor_bio", "coach_name", "discussion_url", "status",
    "visibility", "enrollment_method", "required_level", "access_duration_type", "access_duration_days", "access_until",
    "required_quiz_score", "exam_unlock_days", "is_accredible_certified", "has_asset_templates",
)  # fmt: skip


def clean_address(slug: str, title: str, course: Course | None = None) -> str:
    """The address of a course, made from its title when none is given.

    :raises ValidationError: if it is none, one of the site's own, or another's
    """
    slug = slug or slugify(title)[:SLUG_LENGTH].strip("-_")
    PLAIN(slug or " ")
    if slug in RESERVED_COURSE_SLUGS:
        raise ValidationError(f"“{slug}” is an address of the site itself. Choose another.")
    there = Course.objects.filter(slug=slug).first()
    if there and there != course:
        raise ValidationError(IN_TRASH if there.trashed_at else TAKEN)
    return slug


class NewCourseForm(forms.Form):
    """A name and an address; the rest is for the settings."""

    title = forms.CharField(max_length=200, error_messages={"required": "Give the course a title."})
    slug = forms.CharField(
        label="Address", required=False, max_length=SLUG_LENGTH, help_text="Empty: made from the title"
    )

    def clean_slug(self) -> str:
        slug, title = self.cleaned_data["slug"], self.cleaned_data.get("title", "")
        return clean_address(slug, title) if slug or title else ""  # without a title, its own error says enough


def _whole(label: str, low: int, high: int, help_text: str = "", *, required: bool = True) -> forms.IntegerField:
    says = f"{label} must be a whole number from {low:,} to {high:,}."
    wrong = dict.fromkeys(("required", "invalid", "min_value", "max_value"), says)
    return forms.IntegerField(
        label=label, min_value=low, max_value=high, required=required, help_text=help_text, error_messages=wrong
    )


def _text(label: str, rows: int, most: int, help_text: str = "") -> forms.CharField:
    area = forms.Textarea({"rows": rows})
    return forms.CharField(label=label, required=False, max_length=most, widget=area, help_text=help_text)


def _line(label: str, most: int, help_text: str = "") -> forms.CharField:
    return forms.CharField(label=label, required=False, max_length=most, help_text=help_text)


def _one_of(label: str, said: dict[Any, str]) -> forms.ChoiceField:
    return forms.ChoiceField(label=label, choices=list(said.items()), widget=forms.RadioSelect)


class CourseForm(PicturesForm):
    """All of a course but its lessons. `version` is what was loaded."""

    version = forms.CharField(required=False, max_length=40, widget=forms.HiddenInput)
    title = forms.CharField(max_length=200, error_messages={"required": "Give the course a title."})
    slug = forms.CharField(label="Address", max_length=SLUG_LENGTH, help_text="The old one leads to the new one")
    short_description = _text("Short description", 2, 300, "One or two sentences for cards and search engines")
    description = _text("Description", 12, TEXT_LENGTH, "Markdown, on the page of the course")
    category = forms.ModelChoiceField(
        Category.objects.order_by("order", "name"), required=False, empty_label="No category", widget=LongSelect
    )
    tags = _line("Tags", 1000, "Words between commas, like: writing, first steps")
    course_type = forms.ChoiceField(label="Kind", choices=list(TYPE_NAMES.items()))
    special_tag = _line("Words on its badge", 60, "Shown on cards, like: New")
    estimated_minutes = _whole("Minutes it takes", 0, 100_000, "0: counted from its videos")
    display_order = _whole("Place in the catalog", 0, 32_767, "Smaller numbers come first")
    instructor_name = _line("Teacher", 120)
    instructor_bio = _text("About the teacher", 4, 20_000)
    coach_name = _line("Name of the AI coach", 80)
    discussion_url = WebAddressField(
        label="Where students talk",
        required=False,
        max_length=300,
        help_text="A web address; shown to those with access",
        widget=forms.TextInput({"inputmode": "url"}),
    )
    status = forms.ChoiceField(choices=status_choices(), widget=forms.RadioSelect)
    visibility = _one_of("Who finds it", VISIBILITY_SAYS)
    enrollment_method = _one_of("How students start", METHOD_SAYS)
    required_level = forms.TypedChoiceField(label="Membership that opens it", coerce=int)
    access_duration_type = _one_of("How long access lasts", DURATION_SAYS)
    access_duration_days = _whole("Days", 1, 36_500, required=False)
    access_until = forms.DateTimeField(
        label="Until",
        required=False,
        widget=MomentInput,
        validators=[EARLIEST, BEFORE_LATEST],
        error_messages={"invalid": "Write day and time as in 2026-05-31 18:00."},
    )
    prerequisites = ManyRowsField(
        Course.objects.none(), label="Courses to complete first", required=False, widget=LongChecks
    )
    required_quiz_score = _whole("Score in their quizzes", 0, 100, "In percent. Empty: none is asked", required=False)
    exam_unlock_days = _whole("Days until the exam for those who pay in parts", 0, 3650)
    is_accredible_certified = forms.BooleanField(label="Certificates come from Accredible", required=False)
    has_asset_templates = forms.BooleanField(label="It comes with templates", required=False)

    def __init__(self, *args: Any, course: Course, **options: Any) -> None:
        super().__init__(*args, initial=initial_of(course), **options)
        self.course = course
        self.fields["required_level"].choices = _level_choices()  # type: ignore[attr-defined] # a choice field
        others = courses_to_choose().exclude(pk=course.pk)
        self.fields["prerequisites"].queryset = others  # type: ignore[attr-defined] # a model choice
        zone = timezone.get_current_timezone_name().rpartition("/")[2].replace("_", " ")
        self.fields["access_until"].help_text = f"On the clock of {zone}"

    def clean_slug(self) -> str:
        return clean_address(self.cleaned_data["slug"], "", self.course)

    def clean_tags(self) -> list[str]:
        words = str(self.cleaned_data["tags"])
        long = next((word.strip() for word in words.split(",") if len(word.strip()) > TAG_LENGTH), "")
        slugs = tag_slugs(words)
        if long:
            raise ValidationError(f"“{long[:30]}…” is too long for a tag: at most {TAG_LENGTH} letters.")
        if len(slugs) > MOST_TAGS:
            raise ValidationError(f"At most {MOST_TAGS} tags are kept; these are {len(slugs)}.")
        return slugs

    def clean_access_until(self) -> datetime | None:
        """The field shows minutes: what was not touched keeps its seconds."""
        stored, said = self.course.access_until, self.cleaned_data["access_until"]
        is_same = stored is not None and said == stored.replace(second=0, microsecond=0)
        found: datetime | None = stored if is_same else said
        return found

    def clean_prerequisites(self) -> list[Course]:
        chosen = list(self.cleaned_data["prerequisites"])
        try:
            refuse_cycle(self.course, chosen)
        except PrerequisiteCycle as refusal:
            raise ValidationError(str(refusal)) from None
        return chosen

    def clean(self) -> None:
        super().clean()
        said = self.cleaned_data
        self._clean_level(said.get("enrollment_method"), said.get("required_level"))
        self._clean_duration(said)
        if said.get("required_quiz_score") is not None and said.get("prerequisites") == []:
            self.add_error("required_quiz_score", "Choose the courses to complete first, or leave the score empty.")

    def _clean_level(self, method: str | None, level: int | None) -> None:
        if method == EnrollmentMethod.SUBSCRIPTION_ONLY and level == 0:
            self.add_error("required_level", "Choose the membership they need.")
        elif level and method and method not in SOLD:
            name = METHOD_NAMES[EnrollmentMethod(method)]
            says = f"A membership opens what is sold or for members. With “{name}” choose none."
            self.add_error("required_level", says)

    def _clean_duration(self, said: dict[str, Any]) -> None:
        """What the chosen length does not use is emptied, so that nothing waits there unseen."""
        for kind, (name, missing) in DURATION_NEEDS.items():
            if name in said and said.get("access_duration_type") != kind:
                said[name] = None
            elif name in said and said[name] is None:
                self.add_error(name, missing)


def initial_of(course: Course) -> dict[str, Any]:
    """What the form shows of a course as it is. What comes first of those in the trash is not shown, and kept."""
    stored = {name: getattr(course, name) for name in SETTINGS}
    tags = course.tags.order_by("slug").values_list("slug", flat=True)
    first = course.prerequisites.filter(trashed_at=None).order_by("title", "pk").values_list("pk", flat=True)
    return stored | {"tags": ", ".join(tags), "prerequisites": list(first)}


def _level_choices() -> list[tuple[int, str]]:
    """Every membership by its level; 0 is none."""
    tiers = Tier.objects.filter(level__gte=1).order_by("level").values_list("level", "name")
    return [(0, "None"), *((level, f"{name} or higher") for level, name in tiers)]
