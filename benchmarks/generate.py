"""Fill an empty, migrated database of one size, deterministically, through the project's own tables."""

import time
from datetime import UTC, datetime

from allauth.account.models import EmailAddress
from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.core.management import call_command
from django.core.management.color import no_style
from django.db import connection, transaction

from access.models import AccessEvent, CourseAccess, CourseEnrollment
from accounts.models import User
from benchmarks.rows import insert_select, moment, numbers, scalar
from benchmarks.sessions import SESSIONS, make_sessions
from benchmarks.sizes import (
    ENROLLMENTS,
    LESSONS,
    LESSONS_IN_MODULE,
    MANY_ENROLLMENTS,
    MODULES,
    SHORT_COURSE_LESSONS,
    Size,
)
from benchmarks.texts import COURSE_TEXT, SUMMARY, course_html, lesson_columns
from catalog.models import Category, Course, Lesson, Module, Tag
from progress.models import CourseProgress, LessonProgress

START = datetime(2026, 1, 5, 9, 0, tzinfo=UTC)
LATER = datetime(2026, 2, 2, 9, 0, tzinfo=UTC)
CATEGORIES, TAGS = 5, 10
# How many lessons of a course its student has done: 10 to 15, and one of three.
DONE = "(CASE WHEN c.lesson_count < 12 THEN 1 ELSE 10 + (e.user_id + e.course_id) %% 6 END)"


def generate(size: Size) -> float:
    """Fill the database; return the seconds it took.

    :raises RuntimeError: if a counter differs from its rows afterwards
    """
    started = time.perf_counter()
    call_command("migrate", verbosity=0)
    call_command("createcachetable", verbosity=0)
    with transaction.atomic():
        _people(size)
        _courses(size)
        _lessons(size)
        _enrollments(size)
        _rights()
        _progress()
        _set_sequences()
        people = User.objects.filter(pk__in=[*range(1, SESSIONS + 1), size.beginner, size.collector])
        make_sessions(people, settings.AUTHENTICATION_BACKENDS[0])
    check_counters()
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE" if connection.vendor == "postgresql" else "ANALYZE")
    return time.perf_counter() - started


def _people(size: Size) -> None:
    source, params = numbers(size.collector)
    insert_select(
        User,
        {"id": "i + 1", "email": "'student' || (i + 1) || '@example.com'", "name": "'Student ' || (i + 1)"},
        source,
        values={"password": make_password("a long enough phrase"), "date_joined": moment(START)},
        params=params,
    )
    insert_select(
        EmailAddress, {"user_id": "id", "email": "email", "verified": "TRUE", "primary": "TRUE"}, "accounts_user"
    )


def _courses(size: Size) -> None:
    source, params = numbers(CATEGORIES)
    insert_select(
        Category, {"id": "i + 1", "name": "'Category ' || i", "slug": "'category-' || i"}, source, params=params
    )
    source, params = numbers(TAGS)
    insert_select(Tag, {"id": "i + 1", "slug": "'tag-' || i"}, source, params=params)
    source, params = numbers(size.short_course)
    insert_select(
        Course,
        {
            "id": "i + 1",
            "title": "'Course ' || (i + 1)",
            "slug": "'course-' || (i + 1)",
            "category_id": f"i %% {CATEGORIES} + 1",
            "lesson_count": f"CASE WHEN i < {size.courses} THEN {LESSONS} ELSE {SHORT_COURSE_LESSONS} END",
            "visibility": f"CASE WHEN i < {size.courses} THEN 'public' ELSE 'hidden' END",
            "search_text": "'Course ' || (i + 1)",
        },
        source,
        values={
            "status": "active",
            "short_description": SUMMARY,
            "description": COURSE_TEXT,
            "description_html": course_html(),
            "estimated_minutes": LESSONS * 10,
            "created_at": moment(START),
            "updated_at": moment(START),
        },
        params=params,
    )
    for step in (0, 3):
        insert_select(
            Course.tags.through, {"course_id": "id", "tag_id": f"(id + {step}) %% {TAGS} + 1"}, "catalog_course"
        )


def _lessons(size: Size) -> None:
    source, params = numbers(size.courses * MODULES + 1)
    columns = {
        "id": "i + 1",
        "course_id": f"i / {MODULES} + 1",
        "title": f"'Module ' || (i %% {MODULES} + 1)",
        "order": f"i %% {MODULES}",
    }
    insert_select(Module, columns, source, params=params)
    source, params = numbers(size.courses * LESSONS + SHORT_COURSE_LESSONS)
    insert_select(
        Lesson,
        {
            "id": "i + 1",
            "course_id": f"i / {LESSONS} + 1",
            "module_id": f"i / {LESSONS_IN_MODULE} + 1",
            "title": f"'Lesson ' || (i %% {LESSONS} + 1) || ': a title of usual length'",
            "slug": f"'lesson-' || (i %% {LESSONS} + 1)",
            "order": f"i %% {LESSONS}",
        },
        source,
        values=lesson_columns() | {"updated_at": moment(START)},
        params=params,
    )


def _enrollments(size: Size) -> None:
    """Student n takes five courses, eleven apart; the beginner the short one; the collector the first twenty."""
    values = {"enrolled_at": moment(START)}
    source, params = numbers(size.students * ENROLLMENTS)
    course = f"(i / {ENROLLMENTS} * 7 + i %% {ENROLLMENTS} * 11) %% {size.courses} + 1"
    insert_select(
        CourseEnrollment,
        {"user_id": f"i / {ENROLLMENTS} + 1", "course_id": course},
        source,
        values=values,
        params=params,
    )
    source, params = numbers(1)
    columns = {"user_id": str(size.beginner), "course_id": str(size.short_course)}
    insert_select(CourseEnrollment, columns, source, values=values, params=params)
    source, params = numbers(MANY_ENROLLMENTS)
    insert_select(
        CourseEnrollment, {"user_id": str(size.collector), "course_id": "i + 1"}, source, values=values, params=params
    )


def _rights() -> None:
    insert_select(
        CourseAccess,
        {"user_id": "user_id", "course_id": "course_id", "granted_at": "enrolled_at", "starts_at": "enrolled_at"},
        "access_courseenrollment",
        values={"access_type": "free", "source_key": "free"},
    )
    insert_select(
        AccessEvent,
        {
            "access_id": "id",
            "user_id": "user_id",
            "course_id": "course_id",
            "at": "granted_at",
            "starts_at": "starts_at",
        },
        "access_courseaccess",
        values={"action": "granted", "cause": "free"},
    )


def _progress() -> None:
    """The first lessons of every course done, the next one begun."""
    done = f'l."order" < {DONE}'
    dates = {"started_at": moment(START), "last_accessed": moment(LATER)}
    insert_select(
        LessonProgress,
        {
            "user_id": "e.user_id",
            "course_id": "e.course_id",
            "lesson_id": "l.id",
            "status": f"CASE WHEN {done} THEN 'completed' ELSE 'in_progress' END",
            "completed_at": f"CASE WHEN {done} THEN e.enrolled_at END",
            "watch_percentage": f"CASE WHEN {done} THEN 100 ELSE 5 END",
            "last_position_seconds": f"CASE WHEN {done} THEN 0 ELSE 30 END",
        },
        "access_courseenrollment e JOIN catalog_course c ON c.id = e.course_id"
        f' JOIN catalog_lesson l ON l.course_id = e.course_id AND l."order" <= {DONE}',
        values=dates,
    )
    insert_select(
        CourseProgress,
        {"user_id": "user_id", "course_id": "course_id", "completed_lessons": "n", "last_active_at": "at"},
        "(SELECT user_id, course_id, COUNT(*) AS n, MAX(last_accessed) AS at FROM progress_lessonprogress"
        " WHERE status = 'completed' GROUP BY user_id, course_id) done",
    )


def _set_sequences() -> None:
    """Ids were given by hand; the next row must come after them."""
    models = [User, Category, Tag, Course, Module, Lesson]
    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), models):
            cursor.execute(statement)


CHECKS = {
    "courses whose lesson_count is not a recount": """
        SELECT COUNT(*) FROM catalog_course c WHERE c.lesson_count <>
        (SELECT COUNT(*) FROM catalog_lesson l WHERE l.course_id = c.id AND l.is_published)""",
    "students' counters that are not a recount": """
        SELECT COUNT(*) FROM progress_courseprogress p LEFT JOIN
        (SELECT user_id, course_id, COUNT(*) AS n FROM progress_lessonprogress
         WHERE status = 'completed' GROUP BY user_id, course_id) done
        ON done.user_id = p.user_id AND done.course_id = p.course_id
        WHERE p.completed_lessons <> COALESCE(done.n, 0)""",
    "rights without exactly one event": """
        SELECT COUNT(*) FROM access_courseaccess a LEFT JOIN
        (SELECT access_id, COUNT(*) AS n FROM access_accessevent GROUP BY access_id) event
        ON event.access_id = a.id WHERE COALESCE(event.n, 0) <> 1""",
    "enrollments without a right": """
        SELECT COUNT(*) FROM access_courseenrollment e LEFT JOIN access_courseaccess a
        ON a.user_id = e.user_id AND a.course_id = e.course_id WHERE a.id IS NULL""",
}


def check_counters() -> None:
    """Compare what is counted with what is there.

    :raises RuntimeError: naming the first difference
    """
    for name, statement in CHECKS.items():
        if found := scalar(statement):
            raise RuntimeError(f"{found} {name}")
