"""The access inspector: why a student can or cannot open a course or lesson at a moment."""

from http import HTTPStatus
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.http import StudentRequest
from accounts.models import User
from dashboard.forms.inspecting import InspectForm
from dashboard.gates import staff_only
from dashboard.selectors.inspecting import Inspection, courses_offered, inspect
from dashboard.student_sees import sentence_for
from dashboard.verdicts import advice_of, inspector_address, lines_of, others_of

ASKED = ("student", "what")


@require_safe
@staff_only
def access_inspect(request: StudentRequest) -> HttpResponse:
    """The question in the address; the answer first, then every rule. An address with half a question asks the rest."""
    now = timezone.now()
    is_asked = all(name in request.GET for name in ASKED)
    form = InspectForm(request.GET) if is_asked else InspectForm(initial=request.GET.dict())
    context: dict[str, Any] = {"form": form, "courses_offered": courses_offered()}
    if not is_asked:
        return render(request, "dashboard/access/inspect.html", context)
    if not form.is_valid():
        context |= _choices(form, request)
        return render(request, "dashboard/access/inspect.html", context, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    asked = form.cleaned_data
    found = inspect(asked["student"], asked["what"], asked["at"] or now, now=now)
    context |= _answer(found, request.user, is_now=not asked["at"])
    return render(request, "dashboard/access/inspect.html", context)


def _choices(form: InspectForm, request: StudentRequest) -> dict[str, Any]:
    """Links to the same question about each of those that the text fits."""
    people = [(person, _with(request, student=person.email)) for person in form.people]
    targets = [(target, _with(request, what=target.get_absolute_url())) for target in form.targets]
    return {"people": people, "targets": targets}


def _with(request: StudentRequest, **changes: str) -> str:
    query = request.GET.copy()
    for name, value in changes.items():
        query[name] = value
    return f"?{query.urlencode()}"


def _answer(found: Inspection, viewer: User, *, is_now: bool) -> dict[str, Any]:
    target = found.question.lesson or found.course
    moment, lines = found.question.moment, lines_of(found)
    return {
        "found": found,
        "decision": found.explanation.decision,
        "target": target,
        "is_now": is_now,
        "lines": lines,
        "deciding": next((number, line) for number, line in enumerate(lines, 1) if line.is_deciding),
        "others": others_of(found),
        "advice": advice_of(found, viewer),
        "sentence": sentence_for(found),
        "link": inspector_address(found.student, target, moment),
        "link_for_now": inspector_address(found.student, target),
        "lessons": [
            (each, inspector_address(found.student, each, None if is_now else moment)) for each in found.lessons
        ],
    }
