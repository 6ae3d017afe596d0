"""While staff view as a student: only pages that students look at, nothing is saved, every page says so."""

from collections.abc import Callable
from http import HTTPStatus

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.middleware.csrf import rotate_token
from django.shortcuts import render
from django.urls import Resolver404, resolve
from django.utils import timezone

from accounts.models import User
from dashboard.viewing import KEY, Viewing, stop_viewing, viewing_of

Handler = Callable[[HttpRequest], HttpResponse]
SAFE = ("GET", "HEAD")
# Pages whose viewer may be somebody else. Whatever is not named here stays closed: the account first of all.
SHOWN = {
    "home", "course_list", "search", "course_image", "course_detail", "lesson_detail", "lesson_by_position",
    "lesson_material", "lesson_picture", "lesson_captions", "path_list", "path_detail", "bundle_detail", "pricing",
    "my_dashboard", "course_progress", "course_continue", "cohort_calendar", "help", "legal",
    "healthz", "robots", "sitemap", "api:list_courses", "api:get_course", "api:get_unit",
}  # fmt: skip
STOP, LOG_OUT = "dashboard:view_as_stop", "account_logout"


def view_as(get_response: Handler) -> Handler:
    """Answer as for the one whose eyes it is. Whoever views with their own costs no query."""

    def middleware(request: HttpRequest) -> HttpResponse:
        user = request.user if settings.SESSION_COOKIE_NAME in request.COOKIES else AnonymousUser()
        asked = request.session.get(KEY) if user.is_authenticated else None
        if asked is None or not user.is_authenticated:
            return get_response(request)
        viewing = viewing_of(asked, user, timezone.now())
        return _answer(request, viewing, get_response) if viewing else _end(request, user, get_response)

    return middleware


def _answer(request: HttpRequest, viewing: Viewing, get_response: Handler) -> HttpResponse:
    request.viewing = viewing  # type: ignore[attr-defined] # for the banner
    page = _name_of(request)
    if request.method == "POST" and page in {STOP, LOG_OUT}:
        if page == LOG_OUT:
            stop_viewing(session=request.session, staff=viewing.staff)
        return _leave(request, get_response)
    if request.method not in SAFE or page not in SHOWN:
        return _refuse(request, viewing)
    request.user = viewing.shown
    try:
        return get_response(request)
    finally:
        request.user = viewing.staff  # for what is written about the request


def _leave(request: HttpRequest, get_response: Handler) -> HttpResponse:
    """Whatever becomes of the form that ends it, no other form of a page seen so works afterwards."""
    response = get_response(request)
    rotate_token(request)
    return response


def _name_of(request: HttpRequest) -> str:
    """The name of the address; one that is none is as harmless as the home page."""
    try:
        return resolve(request.path_info).view_name
    except Resolver404:
        return "home"


def _refuse(request: HttpRequest, viewing: Viewing) -> HttpResponse:
    if request.path.startswith("/api/"):
        return _refuse_machine("viewing_as", f"You see what {viewing.name} sees. Nothing is saved.")
    context = {"viewing": viewing, "is_page": request.method in SAFE}
    return render(request, "dashboard/view_as/refused.html", context, status=HTTPStatus.FORBIDDEN)


def _refuse_machine(code: str, message: str) -> HttpResponse:
    return JsonResponse({"error": {"code": code, "message": message}}, status=HTTPStatus.FORBIDDEN)


def _end(request: HttpRequest, staff: User, get_response: Handler) -> HttpResponse:
    """The time is over, or the right to it. No form of a page seen so works for the member of staff themselves, neither
    now nor, with another token, later.
    """
    stop_viewing(session=request.session, staff=staff)
    if request.method == "POST" and _name_of(request) in {STOP, LOG_OUT}:
        return _leave(request, get_response)
    rotate_token(request)
    if request.method in SAFE:
        messages.info(request, "You see the site as yourself again.")
        return get_response(request)
    if request.path.startswith("/api/"):
        return _refuse_machine("csrf", "You see the site as yourself again. Reload the page.")
    return render(request, "403_csrf.html", status=HTTPStatus.FORBIDDEN)
