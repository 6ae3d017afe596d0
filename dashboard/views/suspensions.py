"""Closing a course to a student, and opening it again."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_http_methods

from access.models import Suspension
from access.services import reinstate, suspend
from accounts.http import StudentRequest
from dashboard.changing import Change, answer, posted, student_asked
from dashboard.forms.changes import SuspendForm, WhyForm
from dashboard.gates import changes_access
from dashboard.lookups import course_asked


@require_http_methods(["GET", "POST"])
@changes_access
def close(request: StudentRequest, student_id: int) -> HttpResponse:
    """Suspend a student from a course, with a reason and, if wanted, a note they read."""
    student, course = student_asked(student_id), course_asked(request)
    form = SuspendForm(posted(request))

    def apply(said: dict[str, Any]) -> str:
        suspend(user=student, course=course, **form.cleaned_data, **said)
        return f"{student.display_name} is suspended from {course}. Reinstate opens it again."

    says = [
        f"{course} closes to {student.display_name} at once, whatever rights they hold, until staff reinstate them.",
        "Their rights, their progress and their other courses stay as they are. They get a mail.",
    ]
    title = f"Suspend from {course}"
    return answer(request, student, Change(title, "Suspend student", form, apply, "reason", takes=True, says=says))


@require_http_methods(["GET", "POST"])
@changes_access
def lift(request: StudentRequest, student_id: int) -> HttpResponse:
    """Lift the suspension; the rights beneath it speak again."""
    student, course = student_asked(student_id), course_asked(request)
    suspensions = Suspension.objects.filter(user=student, course=course).order_by("-suspended_at", "-pk")
    suspension = get_object_or_404(suspensions[:1])
    form = WhyForm(posted(request))

    def apply(said: dict[str, Any]) -> str:
        reinstate(suspension=suspension, reason=form.cleaned_data["reason"], **said)
        return f"{student.display_name} is reinstated in {course}."

    says = [f"Suspended because: {suspension.reason}", "The rights they hold open the course again. They get a mail."]
    return answer(request, student, Change(f"Reinstate in {course}", "Reinstate student", form, apply, says=says))
