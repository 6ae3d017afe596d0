"""Students: the list, and the same as a table to keep."""

from typing import Any

import structlog
from django.http import HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.http import StudentRequest
from common.csv_rows import csv_response
from dashboard.forms.filters import StudentFilter
from dashboard.gates import may_change_access, staff_only
from dashboard.lists import page_of, query_of
from dashboard.selected import chosen_in
from dashboard.selectors.students import (
    MOST,
    Line,
    all_lines,
    first_found,
    lines_of,
    students_found,
    students_with,
)

COLUMNS = ("Name", "E-mail", "Joined", "Courses", "Last active", "State")

log = structlog.get_logger(__name__)


@require_safe
@staff_only
def index(request: StudentRequest) -> HttpResponse:
    """Everybody with an account who is not staff, fifty at a time; the address says what was asked for.

    Of what a filter finds the first two thousand are listed: counting more costs more than it tells.
    """
    now = timezone.now()
    form = StudentFilter(request.GET)
    wanted = form.wanted()
    first = first_found(wanted, now) if form.is_narrowed else None
    rows = students_found(wanted, now) if first is None else first[:MOST]
    page = page_of(request, rows)
    shown = page.object_list if first is None else students_with(page.object_list)
    context = {
        "form": form,
        "page": page,
        "lines": lines_of(shown, wanted.course, now),
        "is_cut": first is not None and len(first) > MOST,
        "course": wanted.course,
        "query": query_of(request),
        "asked": [(name, value) for name, value in request.GET.items() if name in form.fields],
        "can_change": may_change_access(request.user),
    }
    return render(request, "dashboard/students/index.html", context)


@require_safe
@staff_only
def export(request: StudentRequest) -> StreamingHttpResponse:
    """All that the list found, on however many pages, or those that were chosen in it, as CSV."""
    now = timezone.now()
    wanted = StudentFilter(request.GET).wanted()
    log.info("students_exported", by=request.user.pk, query=query_of(request)[:500])
    students = chosen_in(request.GET) if "id" in request.GET else students_found(wanted, now)
    lines = all_lines(students, wanted.course, now)
    return csv_response(f"students-{timezone.localdate(now):%Y-%m-%d}.csv", COLUMNS, map(_cells, lines))


def _cells(line: Line) -> list[Any]:
    person = line.student
    facts = [line.courses, line.last_active_at or "", line.state.label]
    return [person.name, person.email, person.date_joined, *facts]
