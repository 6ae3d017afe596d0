"""Fields of rows as keys of front matter: the names, the types, and both directions."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.db import models
from django.utils.dateparse import parse_datetime

from catalog.folders.drafts import Problem
from catalog.folders.front_matter import Document
from catalog.models import Course, Lesson, Module
from common.durations import BadClock, format_clock, parse_clock

# Pairs of key and field, in the order in which they are written.
COURSE_KEYS = (
    ("title", "title"),
    ("slug", "slug"),
    ("short_description", "short_description"),
    ("type", "course_type"),
    ("special_tag", "special_tag"),
    ("instructor", "instructor_name"),
    ("instructor_bio", "instructor_bio"),
    ("coach", "coach_name"),
    ("discussion_url", "discussion_url"),
    ("minutes", "estimated_minutes"),
    ("accredible", "is_accredible_certified"),
    ("asset_templates", "has_asset_templates"),
    ("exam_unlock_days", "exam_unlock_days"),
    ("display_order", "display_order"),
    ("status", "status"),
    ("visibility", "visibility"),
    ("enrollment", "enrollment_method"),
    ("required_level", "required_level"),
    ("access", "access_duration_type"),
    ("access_days", "access_duration_days"),
    ("access_until", "access_until"),
    ("required_quiz_score", "required_quiz_score"),
)
MODULE_KEYS = (("title", "title"),)
LESSON_KEYS = (
    ("title", "title"),
    ("slug", "slug"),
    ("type", "lesson_type"),
    ("description", "description"),
    ("video", "video_url"),
    ("video_thumbnail", "video_thumbnail_url"),
    ("duration", "video_duration_seconds"),
    ("threshold", "completion_threshold"),
    ("preview", "is_preview"),
    ("published", "is_published"),
    ("opens_after_days", "available_after_days"),
    ("live_starts_at", "live_starts_at"),
    ("meeting_url", "meeting_url"),
    ("timestamps", "timestamps"),
    ("key_takeaways", "key_takeaways"),
)
IMAGES = ("thumbnail", "cover", "logo")
# Keys that are not simply a field of the row.
COURSE_EXTRAS = ("category", "tags", "prerequisites", *IMAGES)
LESSON_EXTRAS = ("materials", "order")
MODULE_EXTRAS = ("order",)


KEYS: dict[type[models.Model], tuple[tuple[tuple[str, str], ...], tuple[str, ...]]] = {
    Course: (COURSE_KEYS, COURSE_EXTRAS),
    Module: (MODULE_KEYS, MODULE_EXTRAS),
    Lesson: (LESSON_KEYS, LESSON_EXTRAS),
}


Reader = Callable[[Any, models.Field[Any, Any]], Any]


class BadValue(Exception):
    """A value has the wrong type; the message says which one is right."""


def key_of(model: type[models.Model], field: str) -> str:
    """Return the key under which a field stands in front matter."""
    keys, _ = KEYS.get(model, ((), ()))
    return next((key for key, name in keys if name == field), field)


def read_fields(model: type[models.Model], document: Document, path: str, problems: list[Problem]) -> dict[str, Any]:
    """Return a value for each field, the default where the file says nothing; a wrong one is a problem."""
    keys, extras = KEYS[model]
    values: dict[str, Any] = {}
    for key, name in keys:
        field = model._meta.get_field(name)
        assert isinstance(field, models.Field)  # noqa: S101 - for mypy: the tables above name plain fields
        values[name] = field.get_default()
        if key not in document.fields:
            continue
        try:
            values[name] = _reader(field)(document.fields[key], field)
        except (BadValue, BadClock) as error:
            problems.append(Problem(path, f"{key}: {error}", document.lines.get(key)))
    known = {key for key, _ in keys} | set(extras)
    problems += [
        Problem(path, f"“{key}” is not a key we know", document.lines.get(key))
        for key in document.fields
        if key not in known
    ]
    return values


def write_fields(row: models.Model) -> dict[str, Any]:
    """Return the front matter of a row: every field that differs from its default, and always the title and slug."""
    written: dict[str, Any] = {}
    for key, name in KEYS[type(row)][0]:
        field = row._meta.get_field(name)
        assert isinstance(field, models.Field)  # noqa: S101 - for mypy: the tables above name plain fields
        value = getattr(row, name)
        if value != field.get_default() or name in ("title", "slug"):
            written[key] = _write(value, name)
    return written


def _reader(field: models.Field[Any, Any]) -> Reader:
    special: dict[str, Reader] = {
        "timestamps": _read_timestamps,
        "key_takeaways": read_texts,
        "video_duration_seconds": _read_duration,
    }
    if field.name in special:
        return special[field.name]
    if isinstance(field, models.BooleanField):
        return _read_boolean
    if isinstance(field, models.IntegerField):
        return _read_integer
    return _read_datetime if isinstance(field, models.DateTimeField) else read_text


def _read_boolean(value: Any, _field: models.Field[Any, Any]) -> bool:
    if not isinstance(value, bool):
        raise BadValue("must be true or false")
    return value


def _read_integer(value: Any, field: models.Field[Any, Any]) -> int | None:
    if value is None and field.null:
        return None
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value < 2**31:
        raise BadValue("must be a whole number")
    return value


def read_text(value: Any, _field: models.Field[Any, Any] | None = None) -> str:
    if isinstance(value, bool) or not isinstance(value, str | int):
        raise BadValue("must be text; put it in quotes")
    return str(value)


def read_texts(value: Any, _field: models.Field[Any, Any] | None = None) -> list[str]:
    if not isinstance(value, list):
        raise BadValue("must be a list")
    return [read_text(item) for item in value]


def _read_datetime(value: Any, field: models.Field[Any, Any]) -> datetime | None:
    if value is None and field.null:
        return None
    try:
        moment = parse_datetime(read_text(value))
    except ValueError:
        moment = None
    if moment is None or moment.tzinfo is None:
        raise BadValue("must be a moment like 2026-05-03T18:00:00+00:00")
    return moment


def _read_duration(value: Any, field: models.Field[Any, Any]) -> int | None:
    return parse_clock(value) if isinstance(value, str) else _read_integer(value, field)


def _read_timestamps(value: Any, _field: models.Field[Any, Any]) -> list[dict[str, Any]]:
    if not isinstance(value, list):
        raise BadValue("must be a list like “4:12 First steps”")
    return [_read_timestamp(item) for item in value]


def _read_timestamp(item: Any) -> dict[str, Any]:
    if isinstance(item, str):
        clock, _, label = item.partition(" ")
        return {"time_seconds": parse_clock(clock), "label": label.strip()}
    if not isinstance(item, dict) or set(item) != {"time_seconds", "label"}:
        raise BadValue("must be a list like “4:12 First steps”")
    seconds = item["time_seconds"]
    if isinstance(seconds, bool) or not isinstance(seconds, int | float) or seconds < 0:
        raise BadValue("time_seconds must be a number")
    return {"time_seconds": seconds, "label": read_text(item["label"])}


def _write(value: Any, name: str) -> Any:
    if name == "timestamps":
        return [_write_timestamp(item) for item in value]
    if name == "video_duration_seconds" and value:
        return format_clock(value)
    if isinstance(value, datetime):
        return value.isoformat()
    return str(value) if isinstance(value, str) else value


def _write_timestamp(item: dict[str, Any]) -> Any:
    """Write `4:12 Label`; in full if that would not read back the same."""
    short = f"{format_clock(item['time_seconds'])} {item['label']}"
    try:
        same = _read_timestamp(short) == item
    except BadClock:
        same = False
    return short if same else dict(item)
