"""Whole pages for visitors who carry no cookie of ours, kept for a minute in this process's memory: no query."""

from collections.abc import Callable
from functools import wraps
from hashlib import sha256
from typing import Concatenate, ParamSpec, TypeVar

from django.conf import settings
from django.core.cache import caches
from django.http import HttpRequest, HttpResponse
from django.utils.cache import patch_vary_headers

from common.context_processors import theme_of

P = ParamSpec("P")
R = TypeVar("R", bound=HttpRequest)
View = Callable[Concatenate[R, P], HttpResponse]


def cached_for_visitors(view: View[R, P]) -> View[R, P]:
    """Serve `view` from memory to anyone without a session or a waiting message."""

    @wraps(view)
    def cached(request: R, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        if request.method != "GET" or _is_personal(request):
            return view(request, *args, **kwargs)
        key = _key(request)
        found: HttpResponse | None = caches["pages"].get(key)
        if found is None:
            found = view(request, *args, **kwargs)
            patch_vary_headers(found, ["Cookie", "HX-Request"])
            if found.status_code == 200:
                caches["pages"].set(key, found, settings.PUBLIC_PAGE_SECONDS)
        return found

    return cached


def _key(request: HttpRequest) -> str:
    """What the page depends on, as a hash: an address may be longer than a cache key."""
    is_fragment = bool(getattr(request, "htmx", False))  # as views ask: the header has more than one spelling
    parts = (request.get_host(), request.get_full_path(), theme_of(request), str(is_fragment))
    return sha256("|".join(parts).encode()).hexdigest()


def _is_personal(request: HttpRequest) -> bool:
    return settings.SESSION_COOKIE_NAME in request.COOKIES or "messages" in request.COOKIES
