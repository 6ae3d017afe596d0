"""What every page knows without asking the database."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest

THEMES = ("system", "light", "dark")


def theme_of(request: HttpRequest) -> str:
    """The theme the visitor chose; anything else in the cookie is the system's."""
    theme = request.COOKIES.get("theme", "system")
    return theme if theme in THEMES else "system"


def site(request: HttpRequest) -> dict[str, Any]:
    return {
        "site_name": settings.SITE_NAME,
        "site_url": settings.SITE_URL,
        "support_email": settings.SUPPORT_EMAIL,
        "theme": theme_of(request),
    }
