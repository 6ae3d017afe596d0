"""Reports that read large tables are counted once for a few minutes, and say of when they are.

The worker counts those of the whole school ahead of time and leaves them in the cache all processes share; a process
keeps what it read in its own memory. Where no worker runs, a page counts by itself.
"""

from collections.abc import Callable
from dataclasses import dataclass, fields
from datetime import datetime, timedelta
from typing import Generic, TypeVar, cast
from zlib import crc32

from django.core.cache import caches

from dashboard.selectors.courses_report import CourseLine
from dashboard.selectors.figures import Figures
from dashboard.selectors.periods import Period
from dashboard.selectors.reports import REPORTS
from dashboard.selectors.trends import Daily, Learner, Trends, trends_of

SECONDS = 300
PLACES = 16
LONGEST = timedelta(minutes=10)
Found = TypeVar("Found")
# A release that changes what a report holds must not read what the one before left.
SHAPE = crc32(
    repr(
        [[field.name for field in fields(kind)] for kind in (Figures, Period, Daily, Trends, Learner, CourseLine)]
    ).encode()
)


@dataclass(frozen=True)
class Report(Generic[Found]):
    """What was counted, and when."""

    found: Found
    at: datetime


def kept(name: str, count: Callable[[datetime], Found], now: datetime) -> Report[Found]:
    """The report of this name: what this process has of the last minutes, else what the worker left, else counted."""
    mine, shared = caches["pages"], caches["default"]
    report = cast("Report[Found] | None", mine.get(_key(name)))
    if report is None:
        report = cast("Report[Found] | None", shared.get(_key(name))) if name in REPORTS else None
        if report is None or report.at < now - LONGEST:
            report = Report(count(now), now)
        mine.set(_key(name), report, SECONDS)
    return report


def kept_of(period: Period, now: datetime) -> Report[Trends]:
    """The trends of a period somebody chose.

    They have few places and push each other out: who asks for every period there is fills no memory, and leaves what
    else is kept alone.
    """
    mine, key = caches["pages"], _key(f"period:{crc32(repr(period).encode()) % PLACES}")
    report = cast("Report[Trends] | None", mine.get(key))
    if report is None or report.found.period != period:
        report = Report(trends_of(period), now)
        mine.set(key, report, SECONDS)
    return report


def count_ahead(now: datetime) -> None:
    """Count the reports of the whole school and leave them for all processes.

    Kept without an end: a cache in the database would delete what has ended in the middle of a page.
    """
    for name, count in REPORTS.items():
        caches["default"].set(_key(name), Report(count(now), now), timeout=None)


def _key(name: str) -> str:
    return f"report:{SHAPE}:{name}"
