"""The drip calendar of a cohort: on which day each lesson opens for its members, as the judge would say."""

from dataclasses import dataclass
from datetime import date, datetime

from django.contrib.auth.models import AnonymousUser
from django.db.models import Prefetch, QuerySet
from django.utils import timezone

from access.decisions import Standing, drip_opens_at
from access.models import Cohort
from catalog.models import Course, DurationType, Lesson


@dataclass(frozen=True)
class Opening:
    """A lesson, and on which day of the site it opens to a member; without one, `words` say it."""

    lesson: Lesson
    opens_on: date | None
    words: str


def calendar_courses(cohort: Cohort) -> QuerySet[Course]:
    """The courses of the cohort that are not in the trash, each with its published lessons in reading order."""
    lessons = Lesson.objects.published().in_reading_order()
    courses = cohort.courses.filter(trashed_at=None).order_by("title", "pk")
    return courses.prefetch_related(Prefetch("lessons", lessons, to_attr="to_open"))


def openings_of(cohort: Cohort, course: Course, now: datetime) -> list[Opening]:
    """When each lesson of the course opens for who is in this cohort only, had they joined the course just now."""
    starts_on = cohort.starts_on if cohort.is_active else None
    standing = Standing(AnonymousUser(), course, cohort_starts_on=starts_on)
    return [_opening(standing, lesson, now) for lesson in course.to_open]  # type: ignore[attr-defined] # by calendar_courses


def _opening(standing: Standing, lesson: Lesson, now: datetime) -> Opening:
    days = lesson.available_after_days
    if lesson.is_preview:
        return Opening(lesson, None, "Open to everybody, as a preview")
    if days is not None and standing.cohort_starts_on is not None:
        return Opening(lesson, _site_day(drip_opens_at(standing, lesson, now)), "")
    if days and standing.course.access_duration_type == DurationType.DRIP:
        return Opening(lesson, None, f"{days} {'day' if days == 1 else 'days'} after they join the course")
    return Opening(lesson, None, "With the course")


def _site_day(moment: datetime | None) -> date | None:
    return timezone.localdate(moment, timezone.get_default_timezone()) if moment else None
