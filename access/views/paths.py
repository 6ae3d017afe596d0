"""Learning paths: the list, one path step by step, and starting a free one."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from access.models import LearningPath
from access.offers import path_courses, path_for_viewer, routes_listed_to
from access.services import PathClosed, start_path
from accounts.http import SiteRequest, StudentRequest, Viewer
from catalog.structured_data import DESCRIPTION_LENGTH, course_list_data, trail_data
from common.durations import format_duration
from common.markdown import plain_text
from common.percentages import percent
from progress.paths import Step, StepState, steps_of
from progress.selectors import cards_for


@login_not_required
@require_safe
def path_list(request: SiteRequest) -> HttpResponse:
    """Every path on offer, and those the student is on, with its courses in order."""
    return render(request, "access/path_list.html", {"routes": routes_listed_to(request.user)})


@login_not_required
@require_safe
def path_detail(request: SiteRequest, slug: str) -> HttpResponse:
    """One path: its courses as steps, and the one thing this viewer can do now."""
    path = _path(request.user, slug)
    cards = cards_for(request.user, path_courses(request.user, path), timezone.now())
    steps = steps_of(cards, is_member=path.is_mine)  # type: ignore[attr-defined] # annotated by path_for_viewer
    context = {
        "path": path,
        "steps": steps,
        "viewer": "student" if request.user.is_authenticated else "anonymous",
        "lessons": sum(step.card.lesson_count for step in steps),
        "length": format_duration(minutes=sum(step.course.estimated_minutes or 0 for step in steps)),
    }
    return render(request, "access/path_detail.html", context | _standing(steps) | _for_search_engines(path, steps))


@require_POST
def path_join(request: StudentRequest, slug: str) -> HttpResponse:
    """Start a free path; a second click changes nothing."""
    path = _path(request.user, slug)
    try:
        start_path(user=request.user, path=path, now=timezone.now())
    except PathClosed as refusal:
        messages.error(request, str(refusal))
    return redirect(path)


def _path(viewer: Viewer, slug: str) -> LearningPath:
    path = path_for_viewer(viewer, slug)
    if path is None:
        raise Http404
    return path


def _standing(steps: list[Step]) -> dict[str, Any]:
    """How far the student is: the step to go on with, else the first that is closed."""
    done = sum(step.is_done for step in steps)
    by_state = {step.state: step for step in reversed(steps)}
    return {
        "done": done,
        "total": len(steps),
        "percent": percent(done, len(steps)),
        "step": by_state.get(StepState.CURRENT) or by_state.get(StepState.AVAILABLE),
        "closed": by_state.get(StepState.LOCKED),
    }


def _for_search_engines(path: LearningPath, steps: list[Step]) -> dict[str, Any]:
    text = path.description or f"{path.title}: {len(steps)} courses, one after another."
    return {
        "page_description": plain_text(text, DESCRIPTION_LENGTH),
        "list_data": course_list_data(step.course for step in steps),
        "breadcrumb_data": trail_data(("Learning paths", reverse("path_list")), (path.title, path.get_absolute_url())),
    }
