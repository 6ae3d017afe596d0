"""What is done for the students that were ticked in the list, or for all that it found."""

from http import HTTPStatus
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.forms import Form
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from accounts.http import StudentRequest
from accounts.models import User
from dashboard.changing import posted
from dashboard.forms.selected import FORMS
from dashboard.gates import may_change_access, staff_only
from dashboard.lists import query_of
from dashboard.many_students import Added, TooMany, add_all_to_cohort, check_grants
from dashboard.selected import chosen_in

SHOWN = 10
DOABLE = {*FORMS, "export"}
WORDS = {
    "grant": ("Grant a course", "Check"),
    "cohort": ("Add to a cohort", "Add to cohort"),
}


@require_http_methods(["GET", "POST"])
@staff_only
def selected(request: StudentRequest) -> HttpResponse:
    """Lead to their export, or say what is done for them; the address says who they are."""
    do, students = request.GET.get("do", ""), chosen_in(request.GET)
    count = students.count()
    if not count:
        messages.warning(request, "Nobody was chosen. Tick students in the list first.")
    if not count or do not in DOABLE:
        return _back(request)
    if do == "export":
        return redirect(f"{reverse('dashboard:student_export')}?{request.GET.urlencode()}")
    if not may_change_access(request.user):
        raise PermissionDenied
    form = FORMS[do](posted(request))
    if form.is_bound and form.is_valid():
        try:
            return _grant(request, students, form) if do == "grant" else _add(request, students, form)
        except TooMany as refusal:
            form.add_error(None, str(refusal))
    return _ask(request, students, count, do, form)


def _ask(request: StudentRequest, students: QuerySet[User], count: int, do: str, form: Form) -> HttpResponse:
    title, button = WORDS[do]
    context = {
        "form": form,
        "title": title,
        "button": button,
        "do": do,
        "count": count,
        "shown": students[:SHOWN],
        "others": max(0, count - SHOWN),
        "list_query": query_of(request, "id", "all", "do"),
    }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.is_bound else HTTPStatus.OK
    return render(request, "dashboard/students/selected.html", context, status=status)


def _grant(request: StudentRequest, students: QuerySet[User], form: Form) -> HttpResponse:
    said = form.cleaned_data
    facts = {"course": said["course"], "last_day": said["last_day"], "note": said["notes"]}
    batch = check_grants(students=students, actor=request.user, now=timezone.now(), **facts)
    return redirect("dashboard:bulk_detail", batch.pk)


def _add(request: StudentRequest, students: QuerySet[User], form: Form) -> HttpResponse:
    cohort = form.cleaned_data["cohort"]
    done = add_all_to_cohort(students=students, cohort=cohort, actor=request.user, now=timezone.now())
    tell = messages.warning if done.refused else messages.success
    tell(request, _told(done, str(cohort)))
    return _back(request)


def _told(done: Added, cohort: str) -> str:
    told = f"{done.added} added to {cohort}."
    if done.present:
        told += f" {done.present} were in it already."
    if done.refused:
        told += f" {done.refused} were not added: no seat is free, or a course of it ends before it starts."
    return told


def _back(request: StudentRequest) -> HttpResponse:
    response: Any = redirect("dashboard:student_list")
    if query := query_of(request, "id", "all", "do"):
        response["Location"] += f"?{query}"
    return response  # type: ignore[no-any-return] # a redirect
