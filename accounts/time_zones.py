"""The time zones people may choose from: places, not abbreviations."""

import zoneinfo
from functools import cache

from django.conf import settings

REGIONS = frozenset(
    ("Africa", "America", "Antarctica", "Arctic", "Asia", "Atlantic", "Australia", "Europe", "Indian", "Pacific")
)
Choice = tuple[str, str | list[tuple[str, str]]]


@cache
def time_zone_names() -> frozenset[str]:
    return frozenset(
        name for name in zoneinfo.available_timezones() if name.partition("/")[0] in REGIONS and "/" in name
    )


def zone_named(name: str) -> zoneinfo.ZoneInfo:
    """The zone an account names; the site's for none, and for one this machine does not know."""
    try:
        return zoneinfo.ZoneInfo(name or settings.TIME_ZONE)
    except (zoneinfo.ZoneInfoNotFoundError, ValueError):
        return zoneinfo.ZoneInfo(settings.TIME_ZONE)


@cache
def time_zone_choices() -> list[Choice]:
    """The site's own zone first, as the empty choice, then all places by region."""
    regions: dict[str, list[tuple[str, str]]] = {}
    for name in sorted(time_zone_names()):
        region, _, place = name.partition("/")
        regions.setdefault(region, []).append((name, place.replace("_", " ").replace("/", ", ")))
    return [("", f"Same as the site: {settings.TIME_ZONE}"), *regions.items()]
