"""CPU time of this process and of its database process; never the wall clock, which others share."""

import time
from contextlib import suppress
from pathlib import Path

from django.db import connection

NANOSECONDS_IN_MS = 1e6


def calibrate() -> float:
    """CPU ms of a fixed loop: how fast the machine is at this moment."""
    started = time.process_time_ns()
    total = 0
    for number in range(200_000):
        total += number * number % 7
    return (time.process_time_ns() - started) / NANOSECONDS_IN_MS


def application_ms() -> float:
    return time.process_time_ns() / NANOSECONDS_IN_MS


def database_process() -> int | None:
    """The process that serves our connection; None where the database is a library."""
    if connection.vendor != "postgresql":
        return None
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        return int(cursor.fetchone()[0])


def database_ms(process: int | None) -> float:
    """CPU ms of that process from the kernel's scheduler; 0 where it cannot be read (another machine, no Linux)."""
    if process is None:
        return 0.0
    with suppress(OSError, ValueError):
        return int(Path(f"/proc/{process}/schedstat").read_text().split()[0]) / NANOSECONDS_IN_MS
    return 0.0
