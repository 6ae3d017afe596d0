"""What every response needs and no view should have to remember."""

from collections.abc import Callable
from http import HTTPStatus

import structlog
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from common.storages import StorageAway

Handler = Callable[[HttpRequest], HttpResponse]

log = structlog.get_logger(__name__)


def private_by_default(get_response: Handler) -> Handler:
    """Keep a signed-in person's pages out of every cache, so that lost access is lost on Back too (T6, T15)."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        if settings.SESSION_COOKIE_NAME in request.COOKIES and not response.has_header("Cache-Control"):
            response["Cache-Control"] = "private, no-store"
        return response

    return middleware


class StorageMayBeAway:
    """Say that files cannot be had or stored now, where the page itself does not: what was begun is rolled back."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Everything else is left to Django."""
        if not isinstance(exception, StorageAway):
            return None
        log.error("storage_away", error=str(exception))
        return render(request, "503.html", status=HTTPStatus.SERVICE_UNAVAILABLE)
