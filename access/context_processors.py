"""What the menu of every page asks of memberships, remembered for a minute in this process's memory."""

from typing import Any

from django.conf import settings
from django.core.cache import caches
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from access.tiers import is_anything_priced


def pricing(request: HttpRequest) -> dict[str, Any]:
    return {"has_pricing": SimpleLazyObject(_has_pricing)}


def _has_pricing() -> bool:
    found = caches["pages"].get_or_set("has_pricing", is_anything_priced, settings.PUBLIC_PAGE_SECONDS)
    return bool(found)
