"""Loads what the judge needs: everything the database knows about one viewer and some courses, in one statement.

It is plain SQL because it runs on every page and on every report of a player, and because a left join on "this course,
or a membership that reaches it" has no short form in the ORM. `tests/access/test_lists_agree.py` holds it against the
ORM's own lists.
"""

from collections.abc import Iterable
from datetime import UTC, date, datetime
from typing import Any

from django.utils.dateparse import parse_date, parse_datetime

from access.decisions import Standing
from access.models import CourseAccess
from accounts.http import Viewer
from catalog.models import Course

STANDING = """
SELECT
    c.id AS of_course,
    e.enrolled_at AS enrolled_at,
    EXISTS (
        SELECT 1 FROM access_suspension s WHERE s.user_id = %s AND s.course_id = c.id AND s.lifted_at IS NULL
    ) AS is_suspended,
    (
        SELECT COUNT(*) FROM catalog_prerequisite p
        JOIN catalog_course r ON r.id = p.required_id
        LEFT JOIN access_courseenrollment d ON d.course_id = r.id AND d.user_id = %s
        WHERE p.course_id = c.id AND r.lesson_count > 0 AND r.trashed_at IS NULL AND (
            d.completed_at IS NULL
            OR (r.required_quiz_count > 0 AND COALESCE(d.lowest_quiz_score, 0) < c.required_quiz_score)
        )
    ) AS missing,
    (
        SELECT MIN(k.starts_on) FROM access_cohortmembership m
        JOIN access_cohort k ON k.id = m.cohort_id AND k.is_active
        JOIN access_cohort_courses kc ON kc.cohort_id = k.id AND kc.course_id = c.id
        WHERE m.user_id = %s AND m.left_at IS NULL
    ) AS cohort_starts_on,
    {right}
FROM catalog_course c
LEFT JOIN access_courseenrollment e ON e.course_id = c.id AND e.user_id = %s
LEFT JOIN access_courseaccess a ON a.user_id = %s
    AND (a.course_id = c.id OR (c.required_level >= 1 AND a.tier_level >= c.required_level))
WHERE c.id IN ({courses})
"""

# By name: a prepared "all columns" breaks in running processes when a migration adds one.
RIGHT = ", ".join(f"a.{column.column}" for column in CourseAccess._meta.concrete_fields)


def standing_of(user: Viewer, course: Course) -> Standing:
    """What this viewer holds in one course: one query, none for a visitor."""
    return standings_in(user, [course])[0]


def standings_in(user: Viewer, courses: Iterable[Course]) -> list[Standing]:
    """What this viewer holds in each of these courses, in their order: one query, however many."""
    found = list(courses)
    if not user.is_authenticated or not found:
        return [Standing(user, course) for course in found]
    statement = STANDING.format(right=RIGHT, courses=", ".join(["%s"] * len(found)))
    held: dict[int, list[Any]] = {course.pk: [] for course in found}
    rows: Iterable[Any] = CourseAccess.objects.raw(statement, [user.pk] * 5 + [course.pk for course in found])
    for row in rows:
        held[row.of_course].append(row)
    return [_standing(user, course, held[course.pk]) for course in found]


def _standing(user: Viewer, course: Course, rows: list[Any]) -> Standing:
    """Every row carries the same facts about the course; one without an id means that no right was found."""
    facts = rows[0]
    return Standing(
        user,
        course,
        tuple(row for row in rows if row.pk is not None),
        enrolled_at=_moment(facts.enrolled_at),
        is_suspended=bool(facts.is_suspended),
        missing=facts.missing,
        cohort_starts_on=_day(facts.cohort_starts_on),
    )


def _moment(value: datetime | str | None) -> datetime | None:
    """SQLite gives what is no field of the model as it is stored: as text."""
    moment = parse_datetime(value) if isinstance(value, str) else value
    return moment.replace(tzinfo=UTC) if moment and moment.tzinfo is None else moment


def _day(value: date | str | None) -> date | None:
    return parse_date(value) if isinstance(value, str) else value
