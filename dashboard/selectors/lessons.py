"""Lessons as staff look for them: the list over all courses, and what stands around one of them.

Which lessons and in which order is asked without any column; the columns are asked for one page of them.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet
from django.db.models.functions import Lower

from accounts.models import StaffAction
from catalog.models import Course, Lesson, LessonQuerySet, LessonType, Material, Transcript
from progress.models import LessonProgress

BATCH = 200
SHOWN = (
    "title", "slug", "lesson_type", "is_published", "is_preview", "video_url", "video_duration_seconds", "updated_at",
    "course__title", "course__slug", "module__title",
)  # fmt: skip
WATCHED = (LessonType.VIDEO, LessonType.AUDIO, LessonType.REPLAY)


class Missing(StrEnum):
    """What staff still have to do."""

    VIDEO = "video"
    CAPTIONS = "captions"


class Kept(StrEnum):
    """Who sees a lesson."""

    PUBLISHED = "published"
    UNPUBLISHED = "unpublished"
    PREVIEW = "preview"


ORDERS: dict[str, list[Any]] = {
    "course": [
        Lower("course__title"), "course_id", F("module__order").asc(nulls_first=True), "module_id", "order", "pk",
    ],
    "title": [Lower("title"), "pk"],
    "changed": ["-updated_at", "-pk"],
    "newest": ["-pk"],
}  # fmt: skip


@dataclass(frozen=True)
class WantedLessons:
    """Which lessons: every part may be empty."""

    words: str = ""
    course: Course | None = None
    kind: str = ""
    missing: str = ""
    state: str = ""
    order: str = "course"


@dataclass(frozen=True)
class Neighbours:
    """The lessons before and after one in reading order, published or not."""

    previous: Lesson | None
    following: Lesson | None


def kept_lessons() -> LessonQuerySet:
    """Every lesson that is not in the trash, nor its course."""
    return Lesson.objects.kept().filter(course__trashed_at=None)


def lessons_found(wanted: WantedLessons) -> "QuerySet[Lesson, int]":
    """The keys of the lessons somebody looks for, in their order."""
    lessons = kept_lessons()
    for word in wanted.words.split():
        lessons = lessons.filter(Q(title__icontains=word) | Q(course__title__icontains=word))
    if wanted.course:
        lessons = lessons.filter(course=wanted.course)
    if wanted.kind:
        lessons = lessons.filter(lesson_type=wanted.kind)
    if wanted.missing:
        lessons = lessons.filter(_is_missing(Missing(wanted.missing)))
    if wanted.state:
        lessons = lessons.filter(_is(Kept(wanted.state)))
    return lessons.order_by(*ORDERS[wanted.order]).values_list("pk", flat=True)


def columns_of(keys: Iterable[int]) -> list[Lesson]:
    """What the list shows of some lessons, in the order of their keys; `has_captions` says if they have some."""
    wanted = list(keys)
    rows = Lesson.objects.filter(pk__in=wanted).select_related("course", "module").only(*SHOWN)
    by_key = {row.pk: row for row in rows.annotate(has_captions=_captions())}
    return [by_key[key] for key in wanted if key in by_key]


def all_columns(keys: "QuerySet[Lesson, int]") -> Iterator[Lesson]:
    """The same for all of them, some at a time, for a table that is sent while it is read."""
    found = list(keys)
    for start in range(0, len(found), BATCH):
        yield from columns_of(found[start : start + BATCH])


def _captions() -> Exists:
    return Exists(Transcript.objects.filter(lesson=OuterRef("pk")).exclude(captions=""))


def _is_missing(what: Missing) -> Q:
    if what == Missing.VIDEO:
        return Q(video_url="", lesson_type__in=WATCHED)
    return ~Q(video_url="") & ~Q(_captions())


def _is(state: Kept) -> Q:
    return Q(is_preview=True) if state == Kept.PREVIEW else Q(is_published=state == Kept.PUBLISHED)


def neighbours_of(lesson: Lesson) -> Neighbours:
    """One query."""
    lessons = list(kept_lessons().filter(course=lesson.course_id).in_reading_order().only("title"))
    place = next((number for number, each in enumerate(lessons) if each.pk == lesson.pk), 0)
    return Neighbours(lessons[place - 1] if place else None, next(iter(lessons[place + 1 :]), None))


def materials_of(lesson: Lesson) -> list[Material]:
    """In the order the student sees them."""
    return list(Material.objects.filter(lesson=lesson).order_by("order", "pk"))


def length_told_by_players(lesson: Lesson) -> int | None:
    """How long the video is, in whole seconds, as most students' players said; nobody else is asked."""
    told = LessonProgress.objects.filter(lesson=lesson, duration_seconds__gt=0).values_list("duration_seconds")
    most = told.annotate(times=Count("pk")).order_by("-times", "duration_seconds").first()
    return most[0] if most else None


def last_change_of(lesson: Lesson) -> StaffAction | None:
    """What staff did to it last, with who did it."""
    actions = StaffAction.objects.filter(kind=str(Lesson._meta.verbose_name), object_id=lesson.pk)
    return actions.select_related("actor").order_by("-at", "-pk").first()
