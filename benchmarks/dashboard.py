"""How long pages of the dashboard take at a size, and the plan of the slowest query: `python -m benchmarks.dashboard`.

Here it is time that is promised, so time is measured, by the clock and in CPU: a busy machine shows in the first more
than in the second, and without parallel workers, whose CPU nobody counts. The promise is held against CPU, which is the
time of a page on a machine with nothing else to do. Pages with reports of the whole school are
measured as visitors find them, after the worker counted; how long that takes stands in lines of their own.
"""

import argparse
import os
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from statistics import median
from typing import Any
from urllib.parse import urlencode

import django
from django.core.management import call_command

from benchmarks.calls import Application, Call, send
from benchmarks.clocks import application_ms, calibrate, database_ms, database_process
from benchmarks.databases import engine_of, environment_for, url_for
from benchmarks.processes import SETTINGS
from benchmarks.report import RESULTS, machine
from benchmarks.sizes import SIZES, Size

VISITS = 7
PROMISED_MS, LIST_PROMISED_MS = 500, 200
QUERIES = 12
# Of pages that are no lists.
MORE_QUERIES = {"overview": 20, "analytics": 30, "student": 20}


@dataclass(frozen=True)
class Target:
    """A page; `forgets` means that this process keeps nothing from the visit before, as after its start."""

    name: str
    address: str
    most_ms: int = PROMISED_MS
    forgets: bool = False


@dataclass
class Visit:
    """What one page cost: a figure for each visit, and the slowest query."""

    target: Target
    wall_ms: list[float] = field(default_factory=list)
    cpu_ms: list[float] = field(default_factory=list)
    queries: int = 0
    slowest_ms: float = 0
    slowest: tuple[str, Any] = ("", None)

    @property
    def is_kept(self) -> bool:
        most = next((most for name, most in MORE_QUERIES.items() if self.target.name.startswith(name)), QUERIES)
        return median(self.cpu_ms) <= self.target.most_ms and self.queries <= most


def targets(size: Size) -> Iterator[Target]:
    """Every page with rows behind it, the list of students in every filter."""
    yield Target("overview", "")
    yield Target("overview, first visit to a process", "", forgets=True)
    yield Target("activity", "activity/")
    for days in (7, 30, 90):
        yield Target(f"analytics, {days} days", f"analytics/?period={days}")
    yield Target("analytics, first visit to a process", "analytics/", forgets=True)
    last = datetime.now(UTC).date() - timedelta(days=30)
    year = {"period": "custom", "first": last - timedelta(days=365), "last": last}
    yield Target("analytics, a year by hand, first visit", f"analytics/?{urlencode(year)}", forgets=True)
    yield Target("analytics by completion, last page", "analytics/?sort=rate&page=999")
    for query in ("", "stage=stuck", "stage=completed&sort=name", "q=47"):
        yield Target(f"course progress {query}".strip(), f"courses/course-5/progress/?{query}")
    yield Target("student", "students/300/")
    yield Target("student in a course", "students/300/course-5/")
    for query in _student_queries():
        yield Target(f"students {query}".strip(), f"students/?{query}", LIST_PROMISED_MS)
    for name in ("courses", "lessons", "cohorts", "bundles", "paths", "audit", "trash", "staff"):
        yield Target(name, f"{name}/")
    yield Target("lessons without captions", "lessons/?missing=captions")
    yield Target("courses by students", "courses/?sort=students")
    yield Target("cohort", "cohorts/1/")
    yield Target("search", f"search/?q={size.students // 2}")


def _student_queries() -> Iterator[str]:
    yield from ("", "page=9999", "sort=name", "sort=email", "q=4711", "q=student+47", "course=course-5", "cohort=1")
    yield from (f"state={state}" for state in ("suspended", "active", "waiting", "expired", "none", "ending"))
    yield from (f"active={active}" for active in ("7", "30", "quiet", "stuck"))
    yield from ("course=course-5&state=active", "course=course-5&active=quiet", "state=active&sort=name")


class Measurer:
    """Visits pages as the one member of staff of the database."""

    def __init__(self, application: Application, cookies: dict[str, str], forget: Callable[[], None]) -> None:
        self.application, self.cookies, self.forget = application, cookies, forget

    def measure(self, target: Target) -> Visit:
        """Once to warm up, then as often as it takes; the last time with every query timed."""
        visit = Visit(target)
        call = Call(f"/dashboard/{target.address}", cookies=self.cookies)
        send(self.application, call)
        process = database_process()
        for _ in range(VISITS):
            if target.forgets:
                self.forget()
            wall, cpu = time.perf_counter(), application_ms() + database_ms(process)
            send(self.application, call)
            visit.wall_ms.append((time.perf_counter() - wall) * 1000)
            visit.cpu_ms.append(application_ms() + database_ms(process) - cpu)
        if target.forgets:
            self.forget()
        with _timed_queries(visit):
            send(self.application, call)
        return visit


@contextmanager
def _timed_queries(visit: Visit) -> Iterator[None]:
    from django.db import connection

    def record(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
        started = time.perf_counter()
        try:
            return execute(sql, params, many, context)
        finally:
            took = (time.perf_counter() - started) * 1000
            visit.queries += 1
            if took > visit.slowest_ms:
                visit.slowest_ms, visit.slowest = took, (sql, params)

    with connection.execute_wrapper(record):
        yield


def plan_of(visit: Visit) -> str:
    """What the database does for the slowest query of a page."""
    from django.db import connection

    words = "EXPLAIN (ANALYZE, BUFFERS)" if connection.vendor == "postgresql" else "EXPLAIN QUERY PLAN"
    with connection.cursor() as cursor:
        cursor.execute(f"{words} {visit.slowest[0]}", visit.slowest[1])
        return "\n".join(str(row[-1])[:160] for row in cursor.fetchall())


def markdown(visits: list[Visit], counting: dict[str, float], size: Size, engine: str, calibration: list[float]) -> str:
    """The table, and the plan of the slowest query of all."""
    worst = max(visits, key=lambda visit: visit.slowest_ms)
    how = (
        f"- Median of {VISITS} visits [least..most], by the clock and in CPU (application and the database's process);"
        " without parallel workers"
    )
    lines = [
        f"# The dashboard at size {size.name}: {size.students:,} students, {size.courses:,} courses, {engine}",
        "",
        f"- Machine: {machine()}; calibration loop {min(calibration):.1f} to {max(calibration):.1f} ms",
        how,
        "- What the worker counts every five minutes, CPU ms: "
        + ", ".join(f"{name} {cost:.0f}" for name, cost in counting.items()),
        "",
        "| page | ms | CPU ms | most | queries | slowest query, ms |",
        "|---|---|---|---|---|---|",
        *map(_line, visits),
        "",
        f"## The slowest query: {worst.slowest_ms:.0f} ms, of “{worst.target.name}”",
        "",
        "```sql",
        worst.slowest[0],
        "```",
        "",
        "```",
        plan_of(worst),
        "```",
        "",
    ]
    return "\n".join(lines)


def _line(visit: Visit) -> str:
    wall = f"{median(visit.wall_ms):.0f} [{min(visit.wall_ms):.0f}..{max(visit.wall_ms):.0f}]"
    mark = "" if visit.is_kept else " **broken**"
    name = f"`{visit.target.name}`" if "=" in visit.target.name else visit.target.name
    cells = [name, wall, f"{median(visit.cpu_ms):.0f}{mark}", f"{visit.target.most_ms}", f"{visit.queries}"]
    return "| " + " | ".join([*cells, f"{visit.slowest_ms:.0f}"]) + " |"


def main() -> int:
    """Measure; exit 1 when a page takes longer, or more queries, than is promised."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.dashboard", description=__doc__)
    parser.add_argument("--database", required=True, metavar="URL", help="base name of a filled database; _l is added")
    parser.add_argument("--size", default="L", choices=SIZES)
    parser.add_argument("--only", default="", metavar="WORD", help="pages whose name has the word")
    parser.add_argument("--name", default="dashboard-latest", help="name of the report in benchmarks/results")
    asked = parser.parse_args()
    os.environ.update(environment_for(url_for(asked.database, asked.size), SETTINGS["site"]) | {"LOG_LEVEL": "WARNING"})
    django.setup()
    call_command("collectstatic", interactive=False, verbosity=0)  # production's hashed names, which pages look up
    visits, counting, calibration = _measure_all(SIZES[asked.size], asked.only)
    text = markdown(visits, counting, SIZES[asked.size], engine_of(asked.database), calibration)
    print(text)
    (RESULTS / f"{asked.name}.md").write_text(text)
    return 0 if all(visit.is_kept for visit in visits) else 1


def _measure_all(size: Size, only: str) -> tuple[list[Visit], dict[str, float], list[float]]:
    from django.conf import settings
    from django.core.wsgi import get_wsgi_application
    from django.db.backends.signals import connection_created

    from benchmarks.sessions import session_key
    from benchmarks.worker import forget_pages

    connection_created.connect(_without_workers)
    cookies = {settings.SESSION_COOKIE_NAME: session_key(size.owner)}
    measurer = Measurer(get_wsgi_application(), cookies, forget_pages)
    counting = _count_ahead()
    calibration, visits = [calibrate()], []
    for target in (target for target in targets(size) if only in target.name):
        visits.append(measurer.measure(target))
        calibration.append(calibrate())
    return visits, counting, calibration


def _without_workers(connection: Any, **_: Any) -> None:
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SET max_parallel_workers_per_gather = 0")


def _count_ahead() -> dict[str, float]:
    """Milliseconds of CPU of each report the worker counts; then they are there."""
    from django.utils import timezone

    from dashboard.keeping import count_ahead
    from dashboard.selectors.reports import REPORTS

    now, found = timezone.now(), {}
    count_ahead(now)
    process = database_process()
    for name, count in REPORTS.items():
        before = application_ms() + database_ms(process)
        count(now)
        found[name] = application_ms() + database_ms(process) - before
    return found


if __name__ == "__main__":
    sys.exit(main())
