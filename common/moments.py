"""Moments in the words of pages, in the time zone of whoever looks."""

from calendar import monthrange
from datetime import UTC, date, datetime, time

from django.core.validators import MaxValueValidator
from django.utils import timezone

# Near the end of the calendar no moment can be shown in every time zone, and no days can be added.
LATEST = datetime(3000, 1, 1, tzinfo=UTC)
TOO_LATE = "Choose a day before the year 3000."
BEFORE_LATEST = MaxValueValidator(LATEST, TOO_LATE)
DAY_BEFORE_LATEST = MaxValueValidator(LATEST.date(), TOO_LATE)


def format_moment(value: datetime) -> str:
    """Return `Thu 4 June 2026, 18:00 (Paris)`."""
    local = timezone.localtime(value)
    place = timezone.get_current_timezone_name().rpartition("/")[2].replace("_", " ")
    return f"{local:%a} {local.day} {local:%B %Y, %H:%M} ({place})"


def format_day(value: datetime) -> str:
    """Return `4 June 2026`: the day it is where the viewer is."""
    local = timezone.localtime(value)
    return f"{local.day} {local:%B %Y}"


def days_until(value: datetime | None) -> int | None:
    """Count the calendar days from today to a moment, where the viewer is; None for what never ends."""
    if value is None:
        return None
    return (timezone.localtime(value).date() - timezone.localdate()).days


def start_of_day(day: date) -> datetime:
    """The first moment of a calendar day in the site's time zone."""
    return datetime.combine(day, time.min, tzinfo=timezone.get_default_timezone())


def months_later(moment: datetime, months: int) -> datetime:
    """The same time of the same day of a later month on the site's clock; the last day where that month is shorter."""
    local = timezone.localtime(moment, timezone.get_default_timezone())
    years, month = divmod(local.month - 1 + months, 12)
    year = local.year + years
    return local.replace(year=year, month=month + 1, day=min(local.day, monthrange(year, month + 1)[1]))
