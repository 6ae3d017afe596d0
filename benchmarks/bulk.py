"""How long bulk access takes: 10 courses for 10,000 students, read, checked, applied, told and undone.

It needs an empty database:

bash scripts/with_postgres.sh .venv/bin/python -m benchmarks.bulk
"""

import os
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from benchmarks.databases import environment_for

os.environ.update(environment_for(os.environ["DATABASE_URL"], "courses_project.settings"))

import django

django.setup()

from django.core.management import call_command  # noqa: E402 - Django first
from django.db import connection, transaction  # noqa: E402 - as above
from django.utils import timezone  # noqa: E402 - as above

from access import tasks  # noqa: E402 - as above
from access.models import AccessBatch, AccessEvent, CourseAccess  # noqa: E402 - as above
from access.services.bulk import apply_batch  # noqa: E402 - as above
from access.services.bulk_checking import Wish, check_batch  # noqa: E402 - as above
from access.services.bulk_telling import tell_chunk  # noqa: E402 - as above
from access.services.bulk_undoing import undo_batch  # noqa: E402 - as above
from accounts.models import User  # noqa: E402 - as above
from benchmarks.clocks import application_ms, database_ms, database_process  # noqa: E402 - as above
from catalog.models import Course  # noqa: E402 - as above
from common.csv_reading import read_table, read_text  # noqa: E402 - as above
from common.models import OutgoingMail  # noqa: E402 - as above
from dashboard.forms.bulk import SHAPE  # noqa: E402 - as above

STUDENTS, COURSES, LIMIT = 10_000, 10, 20.0
Slowest = dict[str, tuple[float, str, Any]]
Seconds = dict[str, tuple[float, float, float]]


def main() -> int:
    """Print the seconds of each step and the plan of the slowest statement; 1 if applying takes over 20 s of CPU.

    Application and database take turns, so on a machine that does nothing else the wall clock shows their sum.
    """
    call_command("migrate", verbosity=0)
    if User.objects.exists():
        print("This needs an empty database.", file=sys.stderr)
        return 2
    staff, seconds, slowest = _fill(), Seconds(), Slowest()
    with connection.execute_wrapper(_watch(slowest)):
        batch = _check(staff, seconds)
        counts = _apply(batch, staff, seconds)
        with _timed(seconds, "undo"):
            undo_batch(batch=AccessBatch.objects.get(), actor=staff, now=timezone.now())
            tasks.undo_batch(batch.pk)
    print(f"{batch.total:,} lines; rights, events, mails: {counts}")
    print("        wall     application + database CPU")
    for step, (wall, application, database) in seconds.items():
        print(f"{step:>6}: {wall:5.1f} s   {application:5.1f} + {database:.1f} s")
    _explain(slowest)
    return 1 if sum(seconds["apply"][1:]) > LIMIT else 0


def _check(staff: User, seconds: Seconds) -> AccessBatch:
    content = _file()
    with _timed(seconds, "read"):
        rows = read_table(read_text(content, SHAPE), SHAPE)
    wishes = [Wish(row.line, row.cells["email"], row.cells["course_slug"], row.cells["action"]) for row in rows]
    with _timed(seconds, "check"):
        return check_batch(wishes=wishes, by=staff, name="x.csv", sha256="0" * 64, tells=True, now=timezone.now())


def _apply(batch: AccessBatch, staff: User, seconds: Seconds) -> tuple[int, int, int]:
    with _timed(seconds, "apply"):
        apply_batch(batch=batch, actor=staff, now=timezone.now())
        tasks.apply_batch(batch.pk)
    with _timed(seconds, "tell"):
        while tell_chunk(batch_id=batch.pk, now=timezone.now()):
            pass
    return CourseAccess.objects.count(), AccessEvent.objects.count(), OutgoingMail.objects.count()


def _fill() -> User:
    people = (User(email=f"student{number}@example.com", password="") for number in range(STUDENTS))
    User.objects.bulk_create(people)
    Course.objects.bulk_create(
        Course(title=f"Course {number}", slug=f"course-{number}", status="active") for number in range(COURSES)
    )
    return User.objects.create_superuser("owner@example.com")


def _file() -> bytes:
    lines = (
        f"student{student}@example.com,course-{course},grant,,\n"
        for course in range(COURSES)
        for student in range(STUDENTS)
    )
    return ("email,course_slug,action,expires_at,note\n" + "".join(lines)).encode()


@contextmanager
def _timed(seconds: Seconds, step: str) -> Iterator[None]:
    process = database_process()
    started = time.perf_counter(), application_ms(), database_ms(process)
    yield
    ended = time.perf_counter(), application_ms(), database_ms(process)
    application, database = ((after - before) / 1000 for before, after in zip(started[1:], ended[1:], strict=True))
    seconds[step] = ended[0] - started[0], application, database


def _watch(slowest: Slowest) -> Callable[..., Any]:
    def wrapper(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
        started = time.perf_counter()
        result = execute(sql, params, many, context)
        spent = time.perf_counter() - started
        if spent > slowest.get("any", (0.0, "", None))[0]:
            slowest["any"] = (spent, sql, params)
        return result

    return wrapper


def _explain(slowest: Slowest) -> None:
    spent, sql, params = slowest["any"]
    print(f"slowest statement: {spent * 1000:.0f} ms: {sql[:160]}")
    if connection.vendor == "postgresql":
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"EXPLAIN (COSTS) {sql}", params)
            print("\n".join(line for (line,) in cursor.fetchall()))


if __name__ == "__main__":
    sys.exit(main())
