"""Small things templates draw: icons, initials, cover colours, lengths and dates in the site's own forms."""

import datetime as dt
import json
from functools import lru_cache
from typing import Any
from zlib import crc32

from django import template
from django.conf import settings
from django.templatetags.static import static
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from common.durations import format_clock, format_duration
from common.moments import days_until, format_moment
from common.money import format_money

register = template.Library()

COVERS = 6


@register.simple_tag
@lru_cache(maxsize=500, typed=True)  # dozens a page, few kinds; typed: marked-safe text is not plain text
def icon(name: str, label: str = "", size: str = "") -> SafeString:
    """Draw an icon of static/img/icons.svg; without a label it is decoration and hidden from screen readers."""
    css = f"icon icon-{size}" if size else "icon"
    address = f"{static('img/icons.svg')}#i-{name}"
    if label:
        return format_html(
            '<svg class="{}" role="img" aria-label="{}"><use href="{}"></use></svg>', css, label, address
        )
    return format_html('<svg class="{}" aria-hidden="true"><use href="{}"></use></svg>', css, address)


@register.simple_tag
def default_site_name() -> str:
    """The site's name for pages that are rendered without context processors, such as 500."""
    return str(settings.SITE_NAME)


@register.filter
def initials(name: str) -> str:
    """At most two letters: of the first and the last word."""
    words = [word for word in str(name).replace(".", " ").split() if word[0].isalnum()]
    return "".join(word[0] for word in [*words[:1], *words[1:][-1:]]).upper() or "?"


@register.filter
def cover_class(slug: str) -> str:
    """Name the colour of a course without a picture; the same course always has the same one."""
    return f"cover-{crc32(str(slug).encode()) % COVERS}"


@register.filter
def clock(seconds: float | None) -> str:
    """Show 252 as 4:12."""
    return format_clock(seconds or 0)


@register.filter
def duration(seconds: float | None) -> str:
    """Show 12000 as 3 h 20."""
    return format_duration(seconds=seconds or 0)


@register.simple_tag
def moment(value: dt.datetime) -> SafeString:
    """Show a moment as “Thu 4 June 2026, 18:00 (Paris)” in the viewer's time zone."""
    local = timezone.localtime(value)
    return format_html('<time datetime="{}">{}</time>', local.isoformat(timespec="minutes"), format_moment(value))


@register.filter
def when(value: dt.datetime) -> str:
    """Say a moment as plain text, for attributes and sentences."""
    return format_moment(value)


@register.filter
def days_left(value: dt.datetime | None) -> int | None:
    """Count the calendar days from today to a moment, where the viewer is; None for what never ends."""
    return days_until(value)


@register.filter
def money(amount_minor: int | None, currency: str) -> str:
    """Show minor units as a price, such as €500; nothing for a price that is not set."""
    return "" if amount_minor is None else format_money(amount_minor, currency)


@register.simple_tag
def day(value: dt.datetime | dt.date) -> SafeString:
    """Show a day as “4 June 2026”, for a moment the day it is where the viewer is."""
    local = timezone.localtime(value).date() if isinstance(value, dt.datetime) else value
    return format_html('<time datetime="{}">{}</time>', local.isoformat(), f"{local.day} {local:%B %Y}")


# What could end the script element, or start a comment inside it.
JSON_ESCAPES = {ord("<"): "\\u003C", ord(">"): "\\u003E", ord("&"): "\\u0026"}


@register.simple_tag
def json_ld(data: dict[str, Any]) -> SafeString:
    """Write data for search engines into the head; a title such as `</script>` stays text."""
    text = json.dumps(data, ensure_ascii=False).translate(JSON_ESCAPES)
    return format_html('<script type="application/ld+json">{}</script>', mark_safe(text))  # noqa: S308 - escaped above
