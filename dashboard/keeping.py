"""Reports that read large tables are counted once for a few minutes and say of when they are."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Generic, TypeVar, cast

from django.core.cache import caches

SECONDS = 300
Found = TypeVar("Found")


@dataclass(frozen=True)
class Report(Generic[Found]):
    """What was counted, and when."""

    found: Found
    at: datetime


def kept(name: str, count: Callable[[], Found], now: datetime) -> Report[Found]:
    """The report of this name out of this process's memory; counted if there is none of the last five minutes."""
    key = f"report:{name}"
    report = cast("Report[Found] | None", caches["pages"].get(key))
    if report is None:
        report = Report(count(), now)
        caches["pages"].set(key, report, SECONDS)
    return report
