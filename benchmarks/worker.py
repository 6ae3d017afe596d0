"""One project in one process: fills its database or answers calls, as the lines on its standard input say."""

import json
import re
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import cached_property
from importlib import import_module
from itertools import cycle, islice
from typing import Any

import django
from django.core.cache import caches
from django.core.wsgi import get_wsgi_application
from django.db import connection

from benchmarks.calls import Call, Page, send
from benchmarks.clocks import application_ms, calibrate, database_ms, database_process
from benchmarks.sizes import SIZES

# Modules with `generate(size)` and `pages_of(size)`; they import models, so only after django.setup().
GENERATORS = {"site": "benchmarks.generate", "floor": "benchmarks.floor.load"}
PAGES = {"site": "benchmarks.pages", "floor": "benchmarks.floor.load"}
BOOKKEEPING = ("SAVEPOINT", "RELEASE", "ROLLBACK", "BEGIN", "COMMIT")
READ = re.compile(r"\s*\(?(SELECT|WITH)\b", re.IGNORECASE)


class Worker:
    """The commands; every answer is plain JSON."""

    def __init__(self, project: str, size: str) -> None:
        self.project, self.size = project, SIZES[size]
        self.application = get_wsgi_application()

    @cached_property
    def pages(self) -> dict[str, Page]:
        return {page.name: page for page in import_module(PAGES[self.project]).pages_of(self.size)}

    def generate(self) -> float | None:
        seconds: float | None = import_module(GENERATORS[self.project]).generate(self.size)
        return seconds

    def names(self) -> list[str]:
        return list(self.pages)

    def versions(self) -> dict[str, str]:
        with connection.cursor() as cursor:
            cursor.execute("SHOW server_version" if connection.vendor == "postgresql" else "SELECT sqlite_version()")
            version = cursor.fetchone()[0]
        return {"Python": sys.version.split()[0], "Django": django.__version__, connection.display_name: version}

    def count(self, page: str) -> dict[str, Any]:
        """Queries of the page's first call and of its small and large form, and the writes among them."""
        found = self.pages[page]
        asked = {"queries": found.calls[0], "few": found.few, "many": found.many}
        self._warm(found)
        sql = {name: self._queries(found, call) for name, call in asked.items() if call}
        writes = [text for text in sql["queries"] if not READ.match(text)]
        self._run(found.undo[:1])
        return {name: len(texts) for name, texts in sql.items()} | {
            "sql": sql["queries"],
            "writes": writes if found.only_reads else [],
        }

    def _queries(self, page: Page, call: Call) -> list[str]:
        if page.is_cold:
            forget_pages()
        with recorded_queries() as texts:
            send(self.application, call)
        return texts

    def measure(self, page: str, visits: int) -> dict[str, float]:
        """CPU ms and bytes per call, application and database apart."""
        found = self.pages[page]
        calls = list(islice(cycle(found.calls), visits))
        before = calibrate()
        process = database_process()
        database, application = database_ms(process), application_ms()
        size = self._run(calls, is_cold=found.is_cold)
        application, database = application_ms() - application, database_ms(process) - database
        same = database_process() == process
        self._run(found.undo)
        return {
            "application_ms": application / visits,
            "database_ms": database / visits,
            "bytes": size / visits,
            "is_whole": same,  # a connection that was closed on its way took its share of the time with it
            "calibration_before": before,
            "calibration_after": calibrate(),
        }

    def _warm(self, page: Page) -> None:
        self._run(page.calls[:3])
        self._run(page.undo[:3])

    def _run(self, calls: Sequence[Call], *, is_cold: bool = False) -> int:
        size = 0
        for call in calls:
            if is_cold:
                forget_pages()
            size += send(self.application, call)
        return size


def forget_pages() -> None:
    """Forget what was drawn, but not whether there is a pricing page, which a process asks once a minute for all."""
    has_pricing = caches["pages"].get("has_pricing", False)
    caches["pages"].clear()
    caches["pages"].set("has_pricing", has_pricing)


@contextmanager
def recorded_queries() -> Iterator[list[str]]:
    """Leave in the list the SQL that ran, without transaction marks."""
    texts: list[str] = []

    def record(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
        if not sql.upper().startswith(BOOKKEEPING):
            texts.append(sql)
        return execute(sql, params, many, context)

    with connection.execute_wrapper(record):
        yield texts


def main() -> None:
    """Serve `python -m benchmarks.worker site|floor SIZE`: one command a line, one answer a line."""
    django.setup()
    worker = Worker(*sys.argv[1:])
    for line in sys.stdin:
        command = json.loads(line)
        answer = getattr(worker, command.pop("do"))(**command)
        print(json.dumps(answer), flush=True)


if __name__ == "__main__":
    main()
