"""The viewer's own clock: dates on pages are shown in the time zone of the account."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from accounts.time_zones import zone_named

Handler = Callable[[HttpRequest], HttpResponse]


def viewer_time_zone(get_response: Handler) -> Handler:
    """Activate the signed-in user's time zone, or the site's. Visitors without a session cost no query."""

    def middleware(request: HttpRequest) -> HttpResponse:
        name = request.user.time_zone if _has_session(request) and request.user.is_authenticated else ""
        timezone.activate(zone_named(name))
        return get_response(request)

    return middleware


def _has_session(request: HttpRequest) -> bool:
    return settings.SESSION_COOKIE_NAME in request.COOKIES
