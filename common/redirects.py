"""Where to send a visitor next."""

from django.http import HttpRequest
from django.utils.http import url_has_allowed_host_and_scheme


def safe_next(request: HttpRequest, fallback: str) -> str:
    """The `next` the visitor sent if it stays on this site, else the fallback (T78)."""
    target = request.POST.get("next") or request.GET.get("next") or ""
    is_address = target.startswith(("/", "http://", "https://"))  # a bare word would be taken for the name of a page
    if is_address and url_has_allowed_host_and_scheme(target, {request.get_host()}, require_https=request.is_secure()):
        return target
    return fallback
