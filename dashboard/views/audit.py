"""The log of staff: what was done, by whom, when. It is read here and nowhere changed."""

from typing import Any

import structlog
from django.http import HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.http import StudentRequest
from common.csv_rows import csv_response
from dashboard.forms.audit import AuditFilter
from dashboard.gates import staff_only
from dashboard.lists import PER_PAGE, query_of
from dashboard.selectors.audit import Line, all_lines, lines_before, position_at

COLUMNS = ("When", "Who", "E-mail", "Did", "About", "What", "Detail")

log = structlog.get_logger(__name__)


@require_safe
@staff_only
def index(request: StudentRequest) -> HttpResponse:
    """The newest lines, or those before the one that the address names."""
    form = AuditFilter(request.GET)
    asked = form.asked()
    position = position_at(request.GET.get("before", ""))
    found = lines_before(asked, position, count=PER_PAGE + 1)
    lines = found[:PER_PAGE]
    context = {
        "form": form,
        "lines": lines,
        "older": str(lines[-1].position) if len(found) > PER_PAGE else "",
        "is_first": position is None,
        "query": query_of(request, "before"),
    }
    return render(request, "dashboard/audit/index.html", context)


@require_safe
@staff_only
def export(request: StudentRequest) -> StreamingHttpResponse:
    """All that was asked for, as CSV."""
    asked = AuditFilter(request.GET).asked()
    log.info("audit_exported", by=request.user.pk, query=query_of(request, "before"))
    name = f"audit-{timezone.localdate():%Y-%m-%d}.csv"
    return csv_response(name, COLUMNS, map(_cells, all_lines(asked)))


def _cells(line: Line) -> list[Any]:
    return [line.position.at, line.actor.name, line.actor.email, line.did, line.kind, line.what, line.detail]
