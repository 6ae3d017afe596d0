"""The first page of the dashboard. Until it has figures of its own, it is the list of students."""

from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_safe

from accounts.http import StudentRequest
from dashboard.gates import staff_only


@require_safe
@staff_only
def index(request: StudentRequest) -> HttpResponse:
    return redirect("dashboard:student_list")
