"""Cohorts on the course page: join, leave, and the start as a file for a calendar."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from access.calendars import calendar_of_a_day
from access.groups import next_with_a_seat
from access.models import Cohort
from access.selectors import courses_visible_to
from access.services import CohortClosed, CohortFull, EnrollmentClosed, NotAMember, join_cohort, leave_cohort
from accounts.http import StudentRequest
from catalog.models import Course


@require_POST
def cohort_join(request: StudentRequest, slug: str, cohort_id: int) -> HttpResponse:
    """Take a seat in this cohort; a second click says that one has it."""
    course = _course(request, slug)
    return _join(request, course, get_object_or_404(course.cohorts, pk=cohort_id, is_active=True))


@require_POST
def cohort_choose(request: StudentRequest, slug: str) -> HttpResponse:
    """The same for the list of starts, whose form names the cohort."""
    course, chosen = _course(request, slug), request.POST.get("cohort", "")
    if not chosen:
        messages.error(request, "Choose a cohort first.")
        return redirect(course)
    number = int(chosen) if chosen.isascii() and chosen.isdigit() and len(chosen) < 19 else 0
    return _join(request, course, get_object_or_404(course.cohorts, pk=number, is_active=True))


def _join(request: StudentRequest, course: Course, cohort: Cohort) -> HttpResponse:
    now = timezone.now()
    try:
        join_cohort(user=request.user, cohort=cohort, course=course, now=now)
    except CohortFull:
        messages.error(request, _filled_up(next_with_a_seat(request.user, course, now)))
    except (CohortClosed, EnrollmentClosed) as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, f"You are in the cohort {cohort}{_from(cohort)}.")
    return redirect(course)


def _filled_up(other: Cohort | None) -> str:
    sentence = "This cohort filled up a moment ago."
    return f"{sentence} The next one is {other}{_from(other)}." if other else sentence


def _from(cohort: Cohort) -> str:
    day = cohort.starts_on
    return f", from {day.day} {day:%B %Y} on" if day else ""


@require_POST
def cohort_leave(request: StudentRequest, slug: str, cohort_id: int) -> HttpResponse:
    """Give the seat back, also in a cohort that is closed by now."""
    course = _course(request, slug)
    cohort = get_object_or_404(course.cohorts, pk=cohort_id)
    try:
        leave_cohort(user=request.user, cohort=cohort, now=timezone.now())
    except NotAMember as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, f"You left the cohort {cohort}.")
    return redirect(course)


@require_safe
def cohort_calendar(request: StudentRequest, slug: str, cohort_id: int) -> HttpResponse:
    """The first day of one's own cohort, for a calendar."""
    course = _course(request, slug)
    mine: dict[str, Any] = {"memberships__user": request.user, "memberships__left_at": None}
    cohort = get_object_or_404(course.cohorts.filter(**mine), pk=cohort_id)
    if cohort.starts_on is None:
        raise Http404
    text = calendar_of_a_day(
        uid=f"cohort-{cohort.pk}-{course.pk}@{settings.SITE_URL.partition('://')[2]}",
        day=cohort.starts_on,
        title=f"{course.title}: {cohort} starts",
        address=f"{settings.SITE_URL}{course.get_absolute_url()}",
        now=timezone.now(),
    )
    headers = {"Content-Disposition": f'attachment; filename="{course.slug}.ics"'}
    return HttpResponse(text, content_type="text/calendar; charset=utf-8", headers=headers)


def _course(request: StudentRequest, slug: str) -> Course:
    return get_object_or_404(courses_visible_to(request.user), slug=slug)
