"""Pages that belong to the site as a whole."""

from http import HTTPStatus

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.db import connection
from django.http import HttpRequest, HttpResponse, HttpResponseServerError, JsonResponse
from django.shortcuts import redirect, render
from django.template import loader
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST, require_safe

from common.context_processors import THEMES
from common.redirects import safe_next

YEAR = 365 * 86_400


@login_not_required
@never_cache
@require_safe
def healthz(request: HttpRequest) -> JsonResponse:
    """Answer 200 when the database answers; for load balancers and uptime checks."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return JsonResponse({"status": "ok"})


@login_not_required
@csrf_exempt  # it only sets the visitor's own theme cookie; anonymous pages are cached whole and carry no token
@require_POST
def theme(request: HttpRequest) -> HttpResponse:
    """Remember light, dark or the system's choice, and go back to where the visitor was."""
    response = redirect(safe_next(request, "home"))
    chosen = request.POST.get("theme", "system")
    if chosen in THEMES:
        response.set_cookie("theme", chosen, max_age=YEAR, samesite="Lax", secure=not settings.DEBUG)
    return response


@login_not_required
@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    """What crawlers may visit; the same addresses the sitemap leaves out."""
    return render(request, "robots.txt", content_type="text/plain")


@login_not_required
@require_safe
def help_page(request: HttpRequest) -> HttpResponse:
    return render(request, "pages/help.html")


@login_not_required
@require_safe
def legal(request: HttpRequest) -> HttpResponse:
    return render(request, "pages/legal.html")


@login_not_required
def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A refused form, told as a page of ours; the reason is for the log, not for the visitor."""
    return render(request, "403_csrf.html", status=HTTPStatus.FORBIDDEN)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """One page for what does not exist and for what this visitor may not know of."""
    if request.path.startswith("/api/"):
        return JsonResponse({"error": {"code": "not_found", "message": "There is nothing here."}}, status=404)
    return render(request, "404.html", status=HTTPStatus.NOT_FOUND)


def server_error(request: HttpRequest) -> HttpResponse:
    """The page for our own mistakes: no queries, no context processors, for either may be what failed."""
    if request.path.startswith("/api/"):
        return JsonResponse({"error": {"code": "server_error", "message": "Something broke on our side."}}, status=500)
    return HttpResponseServerError(loader.get_template("500.html").render({"site_name": settings.SITE_NAME}))
