"""What only cohorts do: say on which day each lesson opens, and take members in and out by hand."""

from typing import Any

import structlog
from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from access.models import Cohort
from access.services import AccessRefused, CohortFull, NotAMember, add_to_cohort, remove_from_cohort
from accounts.http import StudentRequest
from accounts.models import User
from accounts.services import note_action
from dashboard.changing import posted
from dashboard.drip_days import calendar_courses, openings_of
from dashboard.forms.changes import RemoveFromCohortForm
from dashboard.forms.groups import AddMemberForm
from dashboard.gates import changes_access, staff_only
from dashboard.group_nouns import COHORT, Noun
from dashboard.group_pages import overview_of, status_of, urls_of
from dashboard.lists import page_of
from dashboard.undoing import offer_undo

COURSES_PER_PAGE = 10

log = structlog.get_logger(__name__)


@require_safe
@staff_only
def detail(request: StudentRequest, noun: Noun, cohort_id: int) -> HttpResponse:
    """One cohort: its facts, its courses, its members, and a field to add one."""
    cohort: Cohort = noun.find(cohort_id)
    return _detail(request, cohort, AddMemberForm())


def _detail(request: StudentRequest, cohort: Cohort, form: AddMemberForm) -> HttpResponse:
    context = overview_of(request, COHORT, cohort) | {"form": form}
    return render(request, COHORT.page, context, status=status_of(form))


@require_safe
@staff_only
def calendar(request: StudentRequest, cohort_id: int) -> HttpResponse:
    """Per course, each lesson with the day on which it opens for the members."""
    cohort, now = COHORT.find(cohort_id), timezone.now()
    page = page_of(request, calendar_courses(cohort), COURSES_PER_PAGE)
    days = [(course, openings_of(cohort, course, now)) for course in page.object_list]
    context = {"group": cohort, "urls": urls_of(COHORT, cohort), "noun": COHORT, "page": page, "days": days}
    return render(request, "dashboard/cohorts/calendar.html", context)


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
