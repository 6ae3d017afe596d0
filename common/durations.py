"""Lengths of time in the three forms the site shows and reads."""

import re

MINUTE = 60
HOUR = 60 * MINUTE

CLOCK = re.compile(r"(?:(\d{1,3}):)?(\d{1,3}):(\d{2})", re.ASCII)


class BadClock(ValueError):
    """The text is not a time like 4:12 or 1:02:03."""


def format_clock(seconds: float) -> str:
    """Return `4:12`, or `1:02:03` from one hour on; parts of a second are cut off."""
    minutes, rest = divmod(max(0, int(seconds)), MINUTE)
    hours, minutes = divmod(minutes, MINUTE)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"


def format_duration(*, minutes: float = 0, seconds: float = 0) -> str:
    """Return `14 min`, or `3 h 20` from one hour on; less than a minute counts as one, nothing as ``""``."""
    total = max(0.0, minutes * MINUTE + seconds)
    if total == 0:
        return ""
    rounded = max(1, int(total / MINUTE + 0.5))
    hours, rest = divmod(rounded, 60)
    if not hours:
        return f"{rounded} min"
    return f"{hours} h {rest:02}" if rest else f"{hours} h"


def parse_clock(text: str) -> int:
    """Return the seconds in `4:12`, `75:00` or `1:02:03`.

    :raises BadClock: for anything else, also for 60 seconds or, with hours, 60 minutes
    """
    match = CLOCK.fullmatch(text.strip())
    if match is None:
        raise BadClock(f"“{text[:20]}” is not a time like 4:12 or 1:02:03.")
    hours, minutes, seconds = (int(part or 0) for part in match.groups())
    if seconds >= MINUTE or (match.group(1) and minutes >= MINUTE):
        raise BadClock(f"“{text[:20]}” has too many minutes or seconds.")
    return hours * HOUR + minutes * MINUTE + seconds
