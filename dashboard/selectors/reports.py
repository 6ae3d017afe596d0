"""The reports over the whole school, by name: what the worker counts every five minutes and the pages show."""

from collections.abc import Callable
from datetime import datetime
from functools import partial
from typing import Any

from dashboard.selectors.courses_report import course_lines
from dashboard.selectors.figures import figures_at
from dashboard.selectors.periods import last_days
from dashboard.selectors.trends import Trends, learners_at, trends_of

PERIODS = (7, 30, 90)


def trends_until(now: datetime, *, days: int) -> Trends:
    """The trends of so many days that end today."""
    return trends_of(last_days(days, now))


REPORTS: dict[str, Callable[[datetime], Any]] = {
    "figures": figures_at,
    "courses": course_lines,
    "learners": learners_at,
    **{f"trends:{days}": partial(trends_until, days=days) for days in PERIODS},
}
