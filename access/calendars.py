"""One whole day as an iCalendar file (RFC 5545)."""

from datetime import UTC, date, datetime, timedelta
from unicodedata import category

LINE = 75  # octets of a line, without its end (section 3.1)


def calendar_of_a_day(*, uid: str, day: date, title: str, address: str, now: datetime) -> str:
    """Return the file's text; the day belongs to no time zone, so calendars show it as the whole day."""
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Courses//Cohorts//EN",
        "BEGIN:VEVENT",
        f"UID:{uid}",
        f"DTSTAMP:{now.astimezone(UTC):%Y%m%dT%H%M%SZ}",
        f"DTSTART;VALUE=DATE:{day:%Y%m%d}",
        f"DTEND;VALUE=DATE:{day + timedelta(days=1):%Y%m%d}",
        f"SUMMARY:{_escaped(title)}",
        f"URL:{address}",
        "END:VEVENT",
        "END:VCALENDAR",
    ]
    return "".join(f"{_folded(line)}\r\n" for line in lines)


def _escaped(text: str) -> str:
    """Section 3.3.11. Control characters have no place in a line."""
    words = "".join(character for character in " ".join(text.split()) if category(character) != "Cc")
    for character in ("\\", ";", ","):
        words = words.replace(character, f"\\{character}")
    return words


def _folded(line: str) -> str:
    """Continue a long line after a space, and never inside a character."""
    pieces, room = [""], LINE
    for character in line:
        size = len(character.encode())
        if size > room:
            pieces.append("")
            room = LINE - 1  # the space that begins the line counts too
        pieces[-1] += character
        room -= size
    return "\r\n ".join(pieces)
