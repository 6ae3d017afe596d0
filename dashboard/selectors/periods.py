"""Periods of whole days, by the calendar of the site's time zone."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.utils import timezone

from common.moments import start_of_day

ONE_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Period:
    """From the first day to the last, both included."""

    first: date
    last: date

    @property
    def days(self) -> int:
        return (self.last - self.first).days + 1

    @property
    def since(self) -> datetime:
        """The first moment that belongs to it."""
        return start_of_day(self.first)

    @property
    def until(self) -> datetime:
        """The first moment that is too late."""
        return start_of_day(self.last + ONE_DAY)

    @property
    def before(self) -> "Period":
        """As many days, directly before."""
        return Period(self.first - self.days * ONE_DAY, self.first - ONE_DAY)


def day_of(moment: datetime) -> date:
    """The day it is at the site."""
    return timezone.localdate(moment, timezone.get_default_timezone())


def last_days(count: int, now: datetime) -> Period:
    """So many days, of which today is the last."""
    today = day_of(now)
    return Period(today - (count - 1) * ONE_DAY, today)
