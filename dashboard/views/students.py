"""Students: the list."""

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.http import StudentRequest
from accounts.models import User
from dashboard.gates import staff_only

PER_PAGE = 50


@require_safe
@staff_only
def index(request: StudentRequest) -> HttpResponse:
    """Everybody with an account who is not staff, the newest first."""
    students = User.objects.filter(is_staff=False).order_by("-date_joined", "-pk")
    page = Paginator(students, PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "dashboard/students/index.html", {"page": page})
