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
from dashboard.selectors.audit import Line, all_lines, lines_before, position_at

PER_PAGE = 50
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
        "query": _query(request),
    }
    return render(request, "dashboard/audit/index.html", context)


@require_safe
@staff_only
def export(request: StudentRequest) -> StreamingHttpResponse:
    """All that was asked for, as CSV."""
    asked = AuditFilter(request.GET).asked()
    log.info("audit_exported", by=request.user.pk, query=_query(request))
    name = f"audit-{timezone.localdate():%Y-%m-%d}.csv"
    return csv_response(name, COLUMNS, map(_cells, all_lines(asked)))


def _query(request: StudentRequest) -> str:
    """The state of the list without the place one is at."""
    query = request.GET.copy()
    query.pop("before", None)
    return query.urlencode()


def _cells(line: Line) -> list[Any]:
    return [line.position.at, line.actor.name, line.actor.email, line.did, line.kind, line.what, line.detail]
