"""Addresses the staff pages had in [004]: they lead to the dashboard for good, and say nothing of what is there."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.urls import reverse
from django.views.decorators.http import require_safe


@login_not_required
@require_safe
def admin_courses(request: HttpRequest, rest: str = "") -> HttpResponse:
    """The list of courses; its numbers were others, so one course leads there too."""
    return HttpResponsePermanentRedirect(reverse("dashboard:course_list"))


@login_not_required
@require_safe
def admin_course_new(request: HttpRequest) -> HttpResponse:
    return HttpResponsePermanentRedirect(reverse("dashboard:course_add"))
