"""Cohorts: dates, seats, courses, and who is in them."""

from typing import Any

import structlog
from django.contrib import messages
from django.core.paginator import Paginator
from django.db import transaction
from django.http import HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from access.models import Cohort
from access.services import AccessRefused, CohortFull, NotAMember, add_to_cohort, remove_from_cohort
from accounts.http import StudentRequest
from accounts.models import User
from accounts.services import note_action
from common.csv_rows import csv_response
from dashboard.changing import posted
from dashboard.drip_days import calendar_courses, openings_of
from dashboard.forms.changes import RemoveFromCohortForm
from dashboard.forms.groups import AddMemberForm
from dashboard.gates import changes_access, edits_groups, staff_only
from dashboard.group_courses import courses_page
from dashboard.group_nouns import COHORT
from dashboard.group_pages import (
    add_page,
    delete_page,
    edit_page,
    grant_page,
    list_page,
    overview_of,
    restore_page,
    status_of,
    urls_of,
)
from dashboard.selectors.groups import people_of
from dashboard.undoing import offer_undo

COURSES_PER_PAGE = 10
COLUMNS = ("Name", "E-mail", "Joined", "Added by")

log = structlog.get_logger(__name__)


@require_safe
@staff_only
def index(request: StudentRequest) -> HttpResponse:
    return list_page(request, COHORT)


@require_http_methods(["GET", "POST"])
@edits_groups
def add(request: StudentRequest) -> HttpResponse:
    return add_page(request, COHORT)


@require_safe
@staff_only
def detail(request: StudentRequest, cohort_id: int) -> HttpResponse:
    """One cohort: its facts, its courses, its members, and a field to add one."""
    cohort: Cohort = COHORT.find(cohort_id)
    return _detail(request, cohort, AddMemberForm())


def _detail(request: StudentRequest, cohort: Cohort, form: AddMemberForm) -> HttpResponse:
    context = overview_of(request, COHORT, cohort) | {"form": form}
    return render(request, "dashboard/cohorts/detail.html", context, status=status_of(form))


@require_http_methods(["GET", "POST"])
@edits_groups
def edit(request: StudentRequest, cohort_id: int) -> HttpResponse:
    cohort: Cohort = COHORT.find(cohort_id)
    says = [f"{COHORT.count(cohort.member_count)}: seats cannot go below that."] if cohort.member_count else []
    return edit_page(request, COHORT, cohort, says)


@require_http_methods(["GET", "POST"])
@edits_groups
def delete(request: StudentRequest, cohort_id: int) -> HttpResponse:
    return delete_page(request, COHORT, COHORT.find(cohort_id))


@require_POST
@edits_groups
def restore(request: StudentRequest, cohort_id: int) -> HttpResponse:
    return restore_page(request, COHORT, COHORT.find(cohort_id))


@require_http_methods(["GET", "POST"])
@edits_groups
def courses(request: StudentRequest, cohort_id: int) -> HttpResponse:
    return courses_page(request, COHORT, COHORT.find(cohort_id))


@require_POST
@edits_groups
def grant(request: StudentRequest, cohort_id: int) -> HttpResponse:
    return grant_page(request, COHORT, COHORT.find(cohort_id))


@require_safe
@staff_only
def calendar(request: StudentRequest, cohort_id: int) -> HttpResponse:
    """Per course, each lesson with the day on which it opens for the members."""
    cohort, now = COHORT.find(cohort_id), timezone.now()
    page = Paginator(calendar_courses(cohort), COURSES_PER_PAGE).get_page(request.GET.get("page"))
    days = [(course, openings_of(cohort, course, now)) for course in page.object_list]
    context = {"group": cohort, "urls": urls_of(COHORT, cohort), "noun": COHORT, "page": page, "days": days}
    return render(request, "dashboard/cohorts/calendar.html", context)


@require_safe
@staff_only
def export(request: StudentRequest, cohort_id: int) -> StreamingHttpResponse:
    """All its members as CSV."""
    cohort: Cohort = COHORT.find(cohort_id)
    log.info("cohort_exported", by=request.user.pk, cohort=cohort.pk)
    rows = (
        (place.user.name, place.user.email, place.joined_at, place.added_by.display_name if place.added_by else "")
        for place in people_of(cohort).iterator(chunk_size=500)
    )
    return csv_response(f"cohort-{cohort.pk}-{timezone.localdate():%Y-%m-%d}.csv", COLUMNS, rows)


@require_POST
@changes_access
def add_member(request: StudentRequest, cohort_id: int) -> HttpResponse:
    """Put the student of this address into it, with what it gives."""
    cohort: Cohort = COHORT.find(cohort_id)
    form = AddMemberForm(request.POST)
    if form.is_valid():
        student = form.cleaned_data["email"]
        try:
            is_new = _put_in(cohort, student, request.user)
        except (CohortFull, AccessRefused) as refusal:
            form.add_error("email", str(refusal))
        else:
            name = student.display_name
            messages.success(request, f"{name} is in {cohort}." if is_new else f"{name} is in {cohort} already.")
            return redirect(COHORT.url("detail", cohort))
    return _detail(request, cohort, form)


@transaction.atomic
def _put_in(cohort: Cohort, student: User, actor: User) -> bool:
    _, is_new = add_to_cohort(user=student, cohort=cohort, now=timezone.now(), actor=actor)
    if is_new:
        note_action(actor=actor, verb="member added", about=cohort, detail=student.email)
    return is_new


@require_http_methods(["GET", "POST"])
@changes_access
def remove_member(request: StudentRequest, cohort_id: int, student_id: int) -> HttpResponse:
    """Take a student out; staff say whether they keep the access the place gave."""
    cohort: Cohort = COHORT.find(cohort_id)
    people = User.objects.filter(cohort_memberships__cohort=cohort).distinct()
    student = get_object_or_404(people, pk=student_id)
    form = RemoveFromCohortForm(posted(request))
    if form.is_bound and form.is_valid():
        try:
            _take_out(cohort, student, request.user, form.cleaned_data)
        except NotAMember:
            messages.info(request, f"{student.display_name} is not in {cohort} any more.")
        else:
            left = cohort.memberships.filter(user=student).latest("pk")
            told, back = f"{student.display_name} is no longer in {cohort}.", COHORT.url("detail", cohort)
            offer_undo(request, told, "remove_from_cohort", back=back, now=timezone.now(), left=left.pk)
        return redirect(COHORT.url("detail", cohort))
    context = {"group": cohort, "urls": urls_of(COHORT, cohort), "noun": COHORT, "student": student, "form": form}
    return render(request, "dashboard/cohorts/remove.html", context, status=status_of(form))


@transaction.atomic
def _take_out(cohort: Cohort, student: User, actor: User, said: dict[str, Any]) -> None:
    remove_from_cohort(user=student, cohort=cohort, now=timezone.now(), actor=actor, **said)
    note_action(actor=actor, verb="member removed", about=cohort, detail=student.email)
