"""Moments in the words of pages, on the viewer's clock."""

from datetime import UTC, datetime

import pytest
import time_machine
from django.utils import timezone

from common.moments import days_until, format_moment, months_later
from common.templatetags.ui import when

LATE = datetime(2026, 6, 4, 22, 30, tzinfo=UTC)


def test_moment_names_day_time_and_zone_of_the_viewer():
    with timezone.override("America/New_York"):
        there = format_moment(LATE)
    with timezone.override("Europe/Paris"):
        here = when(LATE)

    assert (there, here) == ("Thu 4 June 2026, 18:30 (New York)", "Fri 5 June 2026, 00:30 (Paris)")


def test_days_are_calendar_days_where_the_viewer_is():
    with time_machine.travel(datetime(2026, 6, 3, 23, 0, tzinfo=UTC), tick=False):
        with timezone.override("Europe/Paris"):
            here = days_until(LATE)
        with timezone.override("America/New_York"):
            there = days_until(LATE)

    assert (here, there, days_until(None)) == (1, 1, None)


@pytest.mark.parametrize(
    ("months", "expected"),
    [(1, "2026-02-28T10:00:00+01:00"), (2, "2026-03-31T10:00:00+02:00"), (12, "2027-01-31T10:00:00+01:00")],
)
def test_months_later_is_the_same_time_on_the_clock_of_the_site(settings, months, expected):
    settings.TIME_ZONE = "Europe/Paris"

    later = months_later(datetime(2026, 1, 31, 9, tzinfo=UTC), months)

    assert later.isoformat() == expected
