"""Reads of the catalog: search, filters, and the order of a course's lessons."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.db.models import F, Q, QuerySet, Value

from catalog.models import Category, Course, Lesson, Module, Tag

# What an outline needs of a lesson; bodies stay in the database.
OUTLINE_FIELDS = (
    "id", "course_id", "module_id", "title", "slug", "order", "lesson_type", "is_preview", "is_published",
    "video_duration_seconds", "available_after_days", "video_provider",
)  # fmt: skip
SORTS = {
    "recommended": ("display_order", "-created_at", "-pk"),
    "newest": ("-created_at", "-pk"),
    "title": ("title", "pk"),
}


@dataclass(frozen=True)
class Chapter:
    """A module and its lessons in reading order; `module` is None for lessons without one."""

    module: Module | None
    lessons: tuple[Lesson, ...]


@dataclass(frozen=True)
class FilterOptions:
    """What the catalog can be filtered by: pairs of the value in the address and the word on the page."""

    categories: list[tuple[str, str]]
    tags: list[tuple[str, str]]
    levels: list[tuple[str, str]]


def filter_options(courses: QuerySet[Course], levels: QuerySet[Any, Any]) -> FilterOptions:
    """What these courses have, in one query. `levels` are rows of (kind "level", key, label, place)."""
    columns = ("kind", "key", "label", "place")
    categories = Category.objects.filter(courses__in=courses).annotate(
        kind=Value("category"), key=F("slug"), label=F("name"), place=F("order")
    )
    tags = Tag.objects.filter(courses__in=courses).annotate(
        kind=Value("tag"), key=F("slug"), label=F("slug"), place=Value(0)
    )
    found: dict[str, list[tuple[int, str, str]]] = {"category": [], "tag": [], "level": []}
    for kind, key, label, place in categories.values_list(*columns).union(tags.values_list(*columns), levels):
        found[kind].append((place, label, key))
    pairs = {kind: [(key, label) for _, label, key in sorted(rows)] for kind, rows in found.items()}
    return FilterOptions(pairs["category"], pairs["tag"], pairs["level"])


def outline_lessons(course_id: int) -> QuerySet[Lesson]:
    """The published lessons of a course with what an outline needs of them."""
    return Lesson.objects.filter(course=course_id, is_published=True).only(*OUTLINE_FIELDS).order_by("order", "pk")


def chapters_of(course: Course, lessons: list[Lesson] | None = None) -> tuple[Chapter, ...]:
    """The published lessons of a course in reading order, chapter by chapter: two queries.

    `lessons` are its `outline_lessons` to which the caller has added something.
    """
    modules = Module.objects.filter(course=course).order_by("order", "pk")
    if lessons is None:
        lessons = list(outline_lessons(course.pk))
    by_module: dict[int | None, list[Lesson]] = {}
    for lesson in lessons:
        lesson.course = course
        by_module.setdefault(lesson.module_id, []).append(lesson)
    loose = [Chapter(None, tuple(by_module[None]))] if None in by_module else []
    return (*loose, *(Chapter(module, tuple(by_module.get(module.pk, ()))) for module in modules))


def matching(courses: QuerySet[Course], text: str) -> QuerySet[Course]:
    """Courses whose title, description, tags or lesson titles hold every word, each as the start of a word."""
    words = [word for word in "".join(c if c.isalnum() else " " for c in text).split() if word][:8]
    if not words:
        return courses
    if connection.vendor == "postgresql":
        query = " & ".join(f"{word}:*" for word in words)
        return courses.extra(
            where=["to_tsvector('simple', catalog_course.search_text) @@ to_tsquery('simple', %s)"], params=[query]
        )
    found = Q()
    for word in words:
        found &= Q(search_text__icontains=word)
    return courses.filter(found)


def lessons_matching(courses: QuerySet[Course], text: str, *, limit: int) -> list[Lesson]:
    """Published lessons of these courses whose titles hold every word."""
    found = Q(is_published=True, course__in=courses)
    for word in text.split()[:8]:
        found &= Q(title__icontains=word)
    return list(Lesson.objects.filter(found).select_related("course").only(
        "id", "title", "slug", "course__id", "course__slug", "course__title"
    ).order_by("course__title", "course_id", "order", "pk")[:limit])  # fmt: skip


def catalog_page(
    courses: QuerySet[Course],
    *,
    text: str = "",
    category: str = "",
    tags: Iterable[str] = (),
    is_free: bool = False,
    level: int | None = None,
    sort: str = "recommended",
) -> QuerySet[Course]:
    """The catalog's filters: all of them must hold, tags with AND  [T-14]."""
    courses = matching(courses, text)
    if category:
        courses = courses.filter(category__slug=category)
    for tag in tags:
        courses = courses.filter(tags__slug=tag)
    if is_free:
        courses = courses.filter(enrollment_method="open", required_level=0)
    if level is not None:
        courses = courses.filter(required_level=level)
    return courses.defer("description", "description_html", "instructor_bio", "search_text").order_by(*SORTS[sort])
