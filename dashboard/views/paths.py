"""Learning paths: their courses in order, and who is on them."""

import structlog
from django.http import HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from access.models import LearningPath
from accounts.http import StudentRequest
from common.csv_rows import csv_response
from dashboard.gates import edits_groups, staff_only
from dashboard.group_courses import courses_page
from dashboard.group_nouns import PATH
from dashboard.group_pages import (
    add_page,
    delete_page,
    edit_page,
    grant_page,
    list_page,
    overview_of,
    restore_page,
)
from dashboard.selectors.groups import people_of

COLUMNS = ("Name", "E-mail", "Joined")

log = structlog.get_logger(__name__)


@require_safe
@staff_only
def index(request: StudentRequest) -> HttpResponse:
    return list_page(request, PATH)


@require_http_methods(["GET", "POST"])
@edits_groups
def add(request: StudentRequest) -> HttpResponse:
    return add_page(request, PATH)


@require_safe
@staff_only
def detail(request: StudentRequest, path_id: int) -> HttpResponse:
    """One path: its steps, its members, and who lacks what came later."""
    path: LearningPath = PATH.find(path_id)
    return render(request, "dashboard/paths/detail.html", overview_of(request, PATH, path))


@require_http_methods(["GET", "POST"])
@edits_groups
def edit(request: StudentRequest, path_id: int) -> HttpResponse:
    """Title, text, and whether students start it themselves."""
    path: LearningPath = PATH.find(path_id)
    number = people_of(path).count()
    says = [f"{PATH.count(number)}: they stay on it, whatever you change here."] if number else []
    return edit_page(request, PATH, path, says)


@require_http_methods(["GET", "POST"])
@edits_groups
def delete(request: StudentRequest, path_id: int) -> HttpResponse:
    return delete_page(request, PATH, PATH.find(path_id))


@require_POST
@edits_groups
def restore(request: StudentRequest, path_id: int) -> HttpResponse:
    return restore_page(request, PATH, PATH.find(path_id))


@require_http_methods(["GET", "POST"])
@edits_groups
def courses(request: StudentRequest, path_id: int) -> HttpResponse:
    return courses_page(request, PATH, PATH.find(path_id))


@require_POST
@edits_groups
def grant(request: StudentRequest, path_id: int) -> HttpResponse:
    return grant_page(request, PATH, PATH.find(path_id))


@require_safe
@staff_only
def export(request: StudentRequest, path_id: int) -> StreamingHttpResponse:
    """All its members as CSV."""
    path: LearningPath = PATH.find(path_id)
    log.info("path_exported", by=request.user.pk, path=path.pk)
    rows = ((place.user.name, place.user.email, place.joined_at) for place in people_of(path).iterator(chunk_size=500))
    return csv_response(f"path-{path.pk}-{timezone.localdate():%Y-%m-%d}.csv", COLUMNS, rows)
