"""One page for every change of what a student may open: asked for by GET, done by POST, told on the student's page."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from http import HTTPStatus
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.forms import Form
from django.http import HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone

from access.services import AccessRefused, BundleRefused, CohortFull, PathClosed, ReasonMissing
from accounts.http import StudentRequest
from accounts.models import User
from dashboard.selectors.students import all_students
from dashboard.undoing import offer_undo

REFUSALS = (AccessRefused, BundleRefused, CohortFull, PathClosed, ReasonMissing)


@dataclass(frozen=True)
class Undoable:
    """A sentence told afterwards with [Undo]: by which name it is taken back, and the facts that takes."""

    text: str
    undo: str
    facts: dict[str, int]


@dataclass(frozen=True)
class Change:
    """What the page says, and what it does: `apply` calls the service and returns the sentence told afterwards.

    `refused_at` is the field a refusal of the service belongs to; `takes` marks what takes something away.
    """

    title: str
    button: str
    form: Form
    apply: Callable[[dict[str, Any]], str | Undoable]
    refused_at: str | None = None
    takes: bool = False
    says: list[str] = field(default_factory=list)


def student_asked(student_id: int) -> User:
    """The student of the address; staff are none.

    :raises Http404: if there is none
    """
    return get_object_or_404(all_students(), pk=student_id)


def posted(request: StudentRequest) -> QueryDict | None:
    """What a form is bound to; None on the way to it. An empty POST is an answer too, with everything missing."""
    return request.POST if request.method == "POST" else None


def answer(request: StudentRequest, student: User, change: Change) -> HttpResponse:
    """Show the form, or do what it says; what the service refuses stands at its field, with everything kept."""
    form = change.form
    if form.is_bound and form.is_valid():
        now = timezone.now()
        try:
            with transaction.atomic():
                told = change.apply({"actor": request.user, "now": now})
        except REFUSALS as refusal:
            form.add_error(change.refused_at, str(refusal))
        else:
            back = reverse("dashboard:student_detail", args=[student.pk])
            _tell(request, told, back, now)
            return redirect(back)
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.is_bound else HTTPStatus.OK
    context = {"student": student, "change": change, "form": form}
    return render(request, "dashboard/students/change.html", context, status=status)


def _tell(request: StudentRequest, told: str | Undoable, back: str, now: datetime) -> None:
    if isinstance(told, Undoable):
        offer_undo(request, told.text, told.undo, back=back, now=now, **told.facts)
    else:
        messages.success(request, told)
