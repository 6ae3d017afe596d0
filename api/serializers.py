"""Shapes of the API for staff: what comes in, what goes out, and the one shape of a refusal."""

from typing import Annotated, Any

from ninja import Path, Schema
from pydantic import ConfigDict, Field, StringConstraints

from catalog.models import Course, CourseStatus, EnrollmentMethod, Lesson, LessonType, Module, Visibility

RowId = Annotated[int, Path(ge=1, le=2**63 - 1)]
Title = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200)]
Slug = Annotated[str, Field(pattern=r"^[-a-zA-Z0-9_]+$", max_length=120)]
Markdown = Annotated[str, Field(max_length=50_000)]
Address = Annotated[str, Field(max_length=500)]


class ErrorDetail(Schema):
    code: str
    message: str
    fields: list[dict[str, str]] | None = None


class ErrorOut(Schema):
    """Every refusal."""

    error: ErrorDetail


ERRORS: dict[Any, Any] = dict.fromkeys((400, 401, 403, 404, 409), ErrorOut)


class _In(Schema):
    """What is not named, or null, is left as it is; nothing is read as something else, so true is no number."""

    model_config = ConfigDict(strict=True, extra="forbid")


class CourseChange(_In):
    title: Title | None = None
    slug: Slug | None = None
    short_description: Annotated[str, Field(max_length=300)] | None = None
    description: Markdown | None = None
    instructor_name: Annotated[str, Field(max_length=120)] | None = None
    instructor_bio: Markdown | None = None
    discussion_url: Annotated[str, Field(max_length=300)] | None = None
    required_level: Annotated[int, Field(ge=0, le=3)] | None = None
    status: Annotated[CourseStatus, Field(strict=False)] | None = None
    visibility: Annotated[Visibility, Field(strict=False)] | None = None
    enrollment_method: Annotated[EnrollmentMethod, Field(strict=False)] | None = None
    tags: Annotated[list[Annotated[str, Field(max_length=50)]], Field(max_length=20)] | None = None
    updated_at: Annotated[str, Field(max_length=40, description="Refuse if it was saved since")] | None = None


class CourseIn(CourseChange):
    title: Title


class ModuleChange(_In):
    title: Title | None = None
    description: Annotated[str, Field(max_length=20_000)] | None = None


class ModuleIn(ModuleChange):
    title: Title


class Stamp(_In):
    time_seconds: Annotated[int, Field(ge=0, le=359_999)]
    label: Annotated[str, Field(min_length=1, max_length=200)]


class UnitChange(_In):
    title: Title | None = None
    slug: Slug | None = None
    module_id: Annotated[int, Field(ge=1, le=2**63 - 1)] | None = None
    lesson_type: Annotated[LessonType, Field(strict=False)] | None = None
    description: Markdown | None = None
    video_url: Address | None = None
    body: Markdown | None = None
    homework: Markdown | None = None
    timestamps: Annotated[list[Stamp], Field(max_length=200)] | None = None
    is_preview: bool | None = None
    is_published: bool | None = None
    available_after_days: Annotated[int, Field(ge=0, le=3650)] | None = None
    updated_at: Annotated[str, Field(max_length=40, description="Refuse if it was saved since")] | None = None


class UnitIn(UnitChange):
    title: Title


def course_body(course: Course) -> dict[str, Any]:
    """A course as staff see it."""
    names = (
        "id", "slug", "title", "short_description", "description", "instructor_name", "instructor_bio",
        "discussion_url", "required_level", "status", "visibility", "enrollment_method", "is_free", "lesson_count",
    )  # fmt: skip
    body = {name: getattr(course, name) for name in names}
    body["tags"] = sorted(tag.slug for tag in course.tags.all())
    return body | {"created_at": course.created_at.isoformat(), "updated_at": course.updated_at.isoformat()}


def module_body(module: Module) -> dict[str, Any]:
    """A module as staff see it."""
    return {
        "id": module.pk,
        "course_id": module.course_id,
        "title": module.title,
        "description": module.description,
        "sort_order": module.order,
    }


def unit_line(lesson: Lesson) -> dict[str, Any]:
    """A unit in a list: without its content."""
    return {
        "id": lesson.pk,
        "module_id": lesson.module_id,
        "title": lesson.title,
        "slug": lesson.slug,
        "sort_order": lesson.order,
        "lesson_type": lesson.lesson_type,
        "is_preview": lesson.is_preview,
        "is_published": lesson.is_published,
    }


def unit_body(lesson: Lesson) -> dict[str, Any]:
    """A unit with all that its author wrote."""
    names = ("course_id", "description", "video_url", "body", "homework", "timestamps", "available_after_days")
    content = {name: getattr(lesson, name) for name in names}
    return unit_line(lesson) | content | {"updated_at": lesson.updated_at.isoformat()}
