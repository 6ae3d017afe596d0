"""Where to send a visitor next."""

from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.db.models import Model
from django.http import Http404, HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.utils.http import url_has_allowed_host_and_scheme


def safe_next(request: HttpRequest, fallback: str) -> str:
    """The `next` the visitor sent if it stays on this site, else the fallback (T78)."""
    target = request.POST.get("next") or request.GET.get("next") or ""
    is_address = target.startswith(("/", "http://", "https://"))  # a bare word would be taken for the name of a page
    if is_address and url_has_allowed_host_and_scheme(target, {request.get_host()}, require_https=request.is_secure()):
        return target
    return fallback


def moved_for_good(request: HttpRequest, row: Model | None) -> HttpResponse:
    """Send whoever comes to an old address to the present one, with what else the address says.

    :raises Http404: if there is none
    """
    if row is None:
        raise Http404
    query = request.META["QUERY_STRING"]
    return HttpResponsePermanentRedirect(row.get_absolute_url() + (f"?{query}" if query else ""))  # type: ignore[attr-defined] # a row that has a page


def log_in_first(request: HttpRequest) -> HttpResponse:
    """Send a visitor to the log-in page, which says why, and from there back here."""
    messages.info(request, "This course is shown to people with an account: log in or sign up to see it.")
    return redirect_to_login(request.get_full_path())
