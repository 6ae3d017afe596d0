"""When things happened and how far people came, as SQL: spread over the time before the database was filled.

What a page counts of the last week or month is so there at every size. The people who have sessions stay simple: all
of them hold open rights for life and have begun each of their courses.
"""

from datetime import UTC, datetime, timedelta

from django.db import connection

from benchmarks.sessions import SESSIONS
from benchmarks.sizes import Size

DAY = 86_400
SPAN = 320 * DAY
END = datetime.now(UTC).replace(minute=0, second=0, microsecond=0)
BEGIN = END - timedelta(seconds=SPAN)


def ago(seconds: str) -> str:
    """The moment so many seconds (an SQL expression) before the end."""
    return after(f"'{END:%Y-%m-%d %H:%M:%S}'", f"-({seconds})", is_text=True)


def after(moment: str, seconds: str, *, is_text: bool = False) -> str:
    """The moment so many seconds after another, both SQL expressions."""
    if connection.vendor == "postgresql":
        start = f"TIMESTAMPTZ {moment[:-1]}+00'" if is_text else moment
        return f"({start} + ({seconds}) * INTERVAL '1 second')"
    return f"strftime('%%Y-%%m-%%d %%H:%%M:%%S', {moment}, ({seconds}) || ' seconds')"


def joined_ago(size: Size, number: str) -> str:
    """Seconds since an account was made: they come evenly, in the order of their numbers; the special ones first."""
    place = f"(CASE WHEN {number} > {size.students} THEN 0 ELSE {number} END)"
    return f"(({size.students} - {place}) * {SPAN // size.students})"


def enrolled_ago(size: Size, user: str, course: str) -> str:
    """Seconds since somebody joined a course: some time after they came."""
    return f"({joined_ago(size, user)} / 100 * (1 + (({user}) * 31 + ({course}) * 17) %% 99))"


def is_ordinary(size: Size, user: str) -> str:
    """True of students without a session, of whom some are late, lapsed or suspended."""
    return f"({user} > {SESSIONS} AND {user} <= {size.students})"


def done(size: Size) -> str:
    """How many lessons of a course its student gets to: all, none, 6 to 19, and one of the short course."""
    lot = "(e.user_id + 3 * e.course_id) %% 10"
    ordinary = is_ordinary(size, "e.user_id")
    return (
        f"(CASE WHEN c.lesson_count < 12 THEN 1 WHEN {ordinary} AND {lot} = 0 THEN c.lesson_count"
        f" WHEN {ordinary} AND {lot} = 5 THEN -1 ELSE 6 + (e.user_id * 3 + e.course_id) %% 14 END)"
    )


def lesson_done_at() -> str:
    """When: one lesson every one to five days since the student joined, and no later than now."""
    least = "LEAST" if connection.vendor == "postgresql" else "MIN"
    return f"{least}({_reached_at()}, {ago('0')})"


def has_happened(size: Size) -> str:
    """What an ordinary student would do later is not done; the others have done all they get to."""
    return f"({_reached_at()} <= {ago('0')} OR NOT {is_ordinary(size, 'e.user_id')})"


def _reached_at() -> str:
    return after("e.enrolled_at", f'(l."order" + 1) * ((e.user_id + e.course_id) %% 5 + 1) * {DAY}')
