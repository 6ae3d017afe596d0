"""Bulk access: check a list, look at what it would do, apply it in the background, undo it for a day."""

from collections.abc import Iterator
from datetime import timedelta
from http import HTTPStatus
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from access.models import AccessBatch
from access.services.bulk import BatchRefused, apply_batch, continue_batch
from access.services.bulk_checking import check_batch
from access.services.bulk_undoing import undo_batch
from accounts.http import StudentRequest
from common.csv_rows import csv_response
from dashboard.bulk_wording import cause_of, sign_of_batch, sign_of_line
from dashboard.changing import posted
from dashboard.forms.bulk import COLUMNS, BatchFilter, BulkForm
from dashboard.gates import changes_access, confirms_identity, may_change_access, staff_only
from dashboard.lists import page_of, query_of
from dashboard.selectors.bulk import batch_lines, batches_found, chips_of, rows_found, shown

REPORT = ("Line", *COLUMNS, "verdict", "cause")


@require_http_methods(["GET", "POST"])
@staff_only
def index(request: StudentRequest) -> HttpResponse:
    """The batches of the past, and for who may change rights the form that checks a new list."""
    may_change = may_change_access(request.user)
    form = BulkForm(posted(request), request.FILES or None) if may_change else None
    if request.method == "POST":
        if form is None:
            raise PermissionDenied
        if form.is_valid():
            return redirect("dashboard:bulk_detail", _checked(request, form).pk)
    now, filters = timezone.now(), BatchFilter(request.GET)
    filters.full_clean()
    page = page_of(request, batches_found(filters.cleaned_data, now))
    context = {
        "form": form,
        "filters": filters,
        "page": page,
        "lines": batch_lines(list(page.object_list), now),
        "query": query_of(request),
    }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form and form.is_bound else HTTPStatus.OK
    return render(request, "dashboard/bulk/index.html", context, status=status)


def _checked(request: StudentRequest, form: BulkForm) -> AccessBatch:
    return check_batch(
        wishes=form.wishes,
        by=request.user,
        name=form.name,
        sha256=form.sha256,
        tells=form.cleaned_data["tells"],
        now=timezone.now(),
    )


@require_safe
@staff_only
def sample(request: StudentRequest) -> StreamingHttpResponse:
    """A file to begin with: a line for each action."""
    last_day = timezone.localdate() + timedelta(days=90)
    lines = [
        ("ada@example.com", "course-address", "grant", "", ""),
        ("ben@example.com", "course-address", "grant", last_day.isoformat(), "Prize"),
        ("cleo@example.com", "course-address", "extend", last_day.isoformat(), "Was ill"),
        ("dan@example.com", "course-address", "revoke", "", "Left the programme"),
    ]
    return csv_response("bulk-access-sample.csv", COLUMNS, lines)


@require_safe
@staff_only
def detail(request: StudentRequest, batch_id: int) -> HttpResponse:
    """One batch: what it would do, how far it is, or what became of it. While it works, htmx asks for the part only."""
    batch = get_object_or_404(AccessBatch.objects.select_related("by", "applied_by", "undone_by"), pk=batch_id)
    part = "dashboard/bulk/_batch.html" if request.htmx else "dashboard/bulk/detail.html"
    response = render(request, part, _facts(request, batch))
    patch_vary_headers(response, ["HX-Request"])
    return response


def _facts(request: StudentRequest, batch: AccessBatch) -> dict[str, Any]:
    now, show, may_change = timezone.now(), request.GET.get("show", ""), may_change_access(request.user)
    facts: dict[str, Any] = {
        "batch": batch,
        "sign": sign_of_batch(batch, now),
        "state": batch.state_at(now),
        "chips": chips_of(batch),
        "show": show,
        "can_apply": may_change and batch.can_be_applied(now),
        "can_undo": may_change and batch.can_be_undone(now),
        "can_continue": may_change and batch.is_halted(now),
        "percent": 100 * batch.done // batch.total if batch.total else 100,
    }
    if batch.is_working:
        return facts
    page = page_of(request, rows_found(batch, show))
    return facts | {"page": page, "lines": shown(list(page.object_list), batch), "query": query_of(request)}


@require_safe
@staff_only
def export(request: StudentRequest, batch_id: int) -> StreamingHttpResponse:
    """The lines of a batch with their verdicts, all or those of one chip."""
    batch = get_object_or_404(AccessBatch, pk=batch_id)
    rows = rows_found(batch, request.GET.get("show", "")).iterator(chunk_size=2000)
    return csv_response(f"batch-{batch.pk}.csv", REPORT, _cells(rows, batch))


def _cells(rows: Iterator[Any], batch: AccessBatch) -> Iterator[list[Any]]:
    for row in rows:
        written = [row.line, row.email, row.slug, row.action, row.until_text, row.note]
        yield [*written, sign_of_line(row, batch).text, cause_of(row)]


@require_POST
@changes_access
@confirms_identity
def apply(request: StudentRequest, batch_id: int) -> HttpResponse:
    """Have the batch applied as it was checked; pressed twice, it is applied once."""
    batch = get_object_or_404(AccessBatch, pk=batch_id)
    try:
        apply_batch(batch=batch, actor=request.user, now=timezone.now())
    except BatchRefused as refusal:
        messages.warning(request, str(refusal))
    return redirect("dashboard:bulk_detail", batch.pk)


@require_POST
@changes_access
def resume(request: StudentRequest, batch_id: int) -> HttpResponse:
    """Let work that stopped go on."""
    batch = get_object_or_404(AccessBatch, pk=batch_id)
    try:
        continue_batch(batch=batch, actor=request.user, now=timezone.now())
    except BatchRefused as refusal:
        messages.warning(request, str(refusal))
    return redirect("dashboard:bulk_detail", batch.pk)


@require_http_methods(["GET", "POST"])
@changes_access
@confirms_identity
def undo(request: StudentRequest, batch_id: int) -> HttpResponse:
    """Ask once more, then have the batch undone."""
    batch = get_object_or_404(AccessBatch, pk=batch_id)
    if request.method == "POST":
        try:
            undo_batch(batch=batch, actor=request.user, now=timezone.now())
        except BatchRefused as refusal:
            messages.warning(request, str(refusal))
        return redirect("dashboard:bulk_detail", batch.pk)
    context = {"batch": batch, "chips": chips_of(batch), "can_undo": batch.can_be_undone(timezone.now())}
    return render(request, "dashboard/bulk/undo.html", context)
