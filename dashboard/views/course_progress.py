"""Who is where in one course: the list, and the same as a table to keep."""

from typing import Any

import structlog
from django.http import Http404, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.http import StudentRequest
from catalog.models import Course
from common.csv_rows import csv_response
from dashboard.forms.reports import PlacesFilter
from dashboard.gates import staff_only
from dashboard.lists import page_of, query_of
from dashboard.lookups import course_named
from dashboard.selectors.course_progress import Place, all_places, count_stages, places_found, places_of

COLUMNS = ("Name", "E-mail", "Joined", "Lessons completed", "Lessons", "Progress, %", "Stage", "Last active", "Access")

log = structlog.get_logger(__name__)


@require_safe
@staff_only
def index(request: StudentRequest, slug: str) -> HttpResponse:
    """Everybody who joined the course and is not staff, fifty at a time."""
    now = timezone.now()
    course = _course(slug)
    form = PlacesFilter(request.GET)
    page = page_of(request, places_found(course, form.wanted(), now))
    stages = count_stages(course, now)
    context = {
        "course": course,
        "form": form,
        "page": page,
        "places": places_of(page.object_list, course, now),
        "stages": stages,
        "query": query_of(request),
    }
    return render(request, "dashboard/progress/index.html", context)


@require_safe
@staff_only
def export(request: StudentRequest, slug: str) -> StreamingHttpResponse:
    """All that the list found, on however many pages, as CSV."""
    now = timezone.now()
    course = _course(slug)
    students = places_found(course, PlacesFilter(request.GET).wanted(), now)
    log.info("course_progress_exported", by=request.user.pk, course=course.pk, query=query_of(request))
    name = f"progress-{course.slug}-{timezone.localdate(now):%Y-%m-%d}.csv"
    return csv_response(name, COLUMNS, map(_cells, all_places(students, course, now)))


def _course(slug: str) -> Course:
    course = course_named(slug)
    if course is None:
        raise Http404
    return course


def _cells(place: Place) -> list[Any]:
    person = place.student
    facts = [place.joined_at, place.done, place.total, place.percent, place.stage.label, place.active_at or ""]
    return [person.name, person.email, *facts, place.line.state.label]
