"""Beginning and ending to see the site with the eyes of a student."""

from http import HTTPStatus
from urllib.parse import urlsplit

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.middleware.csrf import rotate_token
from django.shortcuts import redirect, render
from django.urls import Resolver404, resolve, reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from accounts.http import StudentRequest
from common.redirects import safe_next
from dashboard.changing import posted
from dashboard.forms.view_as import ViewAsForm
from dashboard.gates import may_change_access, staff_only
from dashboard.middleware import SHOWN
from dashboard.viewing import Eyes, start_viewing, stop_viewing


@require_http_methods(["GET", "POST"])
@staff_only
def start(request: StudentRequest) -> HttpResponse:
    """Choose whose eyes; then the page one came from, if it is one that students see."""
    form = ViewAsForm(posted(request), initial=request.GET.dict(), may_see_students=may_change_access(request.user))
    if form.is_bound and form.is_valid():
        chosen = form.cleaned_data
        eyes = chosen["eyes"]
        student = chosen["student"] if eyes == Eyes.STUDENT else None
        with transaction.atomic():
            start_viewing(session=request.session, staff=request.user, eyes=eyes, student=student, now=timezone.now())
        rotate_token(request)  # a form of a page of before is no form of theirs
        return redirect(_page_after(request, eyes))
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.is_bound else HTTPStatus.OK
    return render(request, "dashboard/view_as/start.html", {"form": form}, status=status)


def _page_after(request: StudentRequest, eyes: Eyes) -> str:
    start = reverse("course_list" if eyes == Eyes.VISITOR else "my_dashboard")
    target = safe_next(request, start)
    try:
        return target if resolve(urlsplit(target).path).view_name in SHOWN else start
    except Resolver404:
        return start


@require_POST
@staff_only
def stop(request: StudentRequest) -> HttpResponse:
    """See the site as oneself again; a form of a page seen so works no more: the middleware sees to that."""
    with transaction.atomic():
        stop_viewing(session=request.session, staff=request.user)
    messages.info(request, "You see the site as yourself again.")
    return redirect(safe_next(request, "dashboard:overview"))
