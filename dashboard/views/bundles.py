"""Bundles: what they hold, how it is had, and who owns them."""

import structlog
from django.http import HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from access.models import Bundle, BundlePurchase
from accounts.http import StudentRequest
from common.csv_rows import csv_response
from dashboard.gates import edits_groups, staff_only
from dashboard.group_courses import courses_page
from dashboard.group_nouns import BUNDLE
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

COLUMNS = ("Name", "E-mail", "Since", "Level", "How")

log = structlog.get_logger(__name__)


@require_safe
@staff_only
def index(request: StudentRequest) -> HttpResponse:
    return list_page(request, BUNDLE)


@require_http_methods(["GET", "POST"])
@edits_groups
def add(request: StudentRequest) -> HttpResponse:
    return add_page(request, BUNDLE)


@require_safe
@staff_only
def detail(request: StudentRequest, bundle_id: int) -> HttpResponse:
    """One bundle: its courses, its owners, and who lacks what came later."""
    bundle: Bundle = BUNDLE.find(bundle_id)
    return render(request, "dashboard/bundles/detail.html", overview_of(request, BUNDLE, bundle))


@require_http_methods(["GET", "POST"])
@edits_groups
def edit(request: StudentRequest, bundle_id: int) -> HttpResponse:
    """Name, text and type; who bought it keeps what they bought."""
    bundle: Bundle = BUNDLE.find(bundle_id)
    number = people_of(bundle).count()
    says = [f"{BUNDLE.count(number)}: what they bought decides for them, whatever you change here."] if number else []
    return edit_page(request, BUNDLE, bundle, says)


@require_http_methods(["GET", "POST"])
@edits_groups
def delete(request: StudentRequest, bundle_id: int) -> HttpResponse:
    return delete_page(request, BUNDLE, BUNDLE.find(bundle_id))


@require_POST
@edits_groups
def restore(request: StudentRequest, bundle_id: int) -> HttpResponse:
    return restore_page(request, BUNDLE, BUNDLE.find(bundle_id))


@require_http_methods(["GET", "POST"])
@edits_groups
def courses(request: StudentRequest, bundle_id: int) -> HttpResponse:
    return courses_page(request, BUNDLE, BUNDLE.find(bundle_id))


@require_POST
@edits_groups
def grant(request: StudentRequest, bundle_id: int) -> HttpResponse:
    return grant_page(request, BUNDLE, BUNDLE.find(bundle_id))


@require_safe
@staff_only
def export(request: StudentRequest, bundle_id: int) -> StreamingHttpResponse:
    """All its owners as CSV."""
    bundle: Bundle = BUNDLE.find(bundle_id)
    log.info("bundle_exported", by=request.user.pk, bundle=bundle.pk)
    rows = (
        (place.user.name, place.user.email, place.purchased_at, place.get_level_display() or "", _how(place))
        for place in people_of(bundle).iterator(chunk_size=500)
    )
    return csv_response(f"bundle-{bundle.pk}-{timezone.localdate():%Y-%m-%d}.csv", COLUMNS, rows)


def _how(purchase: BundlePurchase) -> str:
    return f"Given by {purchase.granted_by.display_name}" if purchase.granted_by else "Bought"
