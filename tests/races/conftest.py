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
