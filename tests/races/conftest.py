"""Real threads, each with a connection of its own. Only PostgreSQL runs two writers at once; SQLite queues them."""

import threading
import time

import pytest
from django.db import connection
from django.db.models import QuerySet


@pytest.fixture(autouse=True)
def _needs_postgres():
    if connection.vendor != "postgresql":
        pytest.skip("SQLite has one writer at a time, so a green race on it says nothing: needs PostgreSQL")


def at_once(*calls, may_fail=False):
    """Run these functions in threads that start together; returns what each returned, in order."""
    start, results = threading.Barrier(len(calls)), [None] * len(calls)

    def run(number, call):
        start.wait()
        try:
            results[number] = call()
        except Exception as error:  # noqa: BLE001 - the test looks at it
            results[number] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(calls)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    errors = [result for result in results if isinstance(result, Exception)]
    if errors and not may_fail:
        raise ExceptionGroup("in the threads", errors)
    return results


@pytest.fixture
def meet(monkeypatch):
    """`meet("module.function", 2)`: the first two who are about to call it wait for each other."""

    def patch(path, parties):
        module, _, name = path.rpartition(".")
        original = getattr(__import__(module, fromlist=[name]), name)
        gate, waited = threading.Barrier(parties), []

        def wrapped(*args, **kwargs):
            if len(waited) < parties:
                waited.append(1)
                gate.wait(timeout=20)
            return original(*args, **kwargs)

        monkeypatch.setattr(path, wrapped)

    return patch


@pytest.fixture
def linger(monkeypatch):
    """`linger("module.function")`: whoever calls it holds the open transaction a moment longer."""

    def patch(path, seconds=0.4):
        module, _, name = path.rpartition(".")
        original = getattr(__import__(module, fromlist=[name]), name)

        def wrapped(*args, **kwargs):
            time.sleep(seconds)
            return original(*args, **kwargs)

        monkeypatch.setattr(path, wrapped)

    return patch


@pytest.fixture
def without_row_locks(monkeypatch):
    monkeypatch.setattr(QuerySet, "select_for_update", lambda rows, **_: rows.all())


@pytest.fixture
def overlap(monkeypatch):
    """`overlap("module.function", first, second)`: the first stays in its open transaction, just after its call of that
    function, until the second is through or waits for it; returns what both returned or raised.
    """

    def run(path, first, second):
        module, _, name = path.rpartition(".")
        original = getattr(__import__(module, fromlist=[name]), name)
        reached, through = threading.Event(), threading.Event()

        def wrapped(*args, **kwargs):
            result = original(*args, **kwargs)
            if not reached.is_set():
                reached.set()
                wait_until(lambda: through.is_set() or somebody_waits())
            return result

        def follow():
            reached.wait(20)
            try:
                return second()
            finally:
                through.set()

        monkeypatch.setattr(path, wrapped)
        return at_once(first, follow, may_fail=True)

    return run


def wait_until(is_so):
    end = time.monotonic() + 20
    while not is_so() and time.monotonic() < end:
        time.sleep(0.01)


def somebody_waits():
    """In this database: the other worker of the suite has its own on the same server. A wait for a row names none."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_locks AS waiting WHERE NOT granted AND pid IN (SELECT held.pid FROM pg_locks"
            " AS held JOIN pg_database ON pg_database.oid = held.database WHERE datname = current_database())"
        )
        return cursor.fetchone()[0] > 0
