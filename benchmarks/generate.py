"""Fill an empty, migrated database of one size, deterministically, through the project's own tables."""

import time

from allauth.account.models import EmailAddress
from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.core.management import call_command
from django.core.management.color import no_style
from django.db import connection, transaction

from access.models import AccessEvent, Cohort, CohortMembership, CourseAccess, CourseEnrollment, Suspension
from accounts.models import StaffAction, User
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
from benchmarks.spread import (
    BEGIN,
    DAY,
    after,
    ago,
    done,
    enrolled_ago,
    has_happened,
    is_ordinary,
    joined_ago,
    lesson_done_at,
)
from benchmarks.texts import COURSE_TEXT, SUMMARY, course_html, lesson_columns
from catalog.models import Category, Course, Lesson, Module, Tag
from progress.models import CourseProgress, LessonProgress

CATEGORIES, TAGS = 5, 10
COHORTS, STAFF_ACTIONS = 20, 2_000


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
        _rights(size)
        _progress(size)
        _staff(size)
        _set_sequences()
        people = User.objects.filter(pk__in=[*range(1, SESSIONS + 1), size.beginner, size.collector, size.owner])
        make_sessions(people, settings.AUTHENTICATION_BACKENDS[0])
    check_counters()
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE" if connection.vendor == "postgresql" else "ANALYZE")
    return time.perf_counter() - started


def _people(size: Size) -> None:
    source, params = numbers(size.collector)
    insert_select(
        User,
        {
            "id": "i + 1",
            "email": "'student' || (i + 1) || '@example.com'",
            "name": "'Student ' || (i + 1)",
            "date_joined": ago(joined_ago(size, "i + 1")),
        },
        source,
        values={"password": make_password("a long enough phrase")},
        params=params,
    )
    owner = {"pk": size.owner, "email": "owner@example.com", "date_joined": BEGIN, "is_superuser": True}
    User.objects.create(**owner, is_staff=True)
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
            "created_at": moment(BEGIN),
            "updated_at": moment(BEGIN),
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
        values=lesson_columns() | {"updated_at": moment(BEGIN)},
        params=params,
    )


def _enrollments(size: Size) -> None:
    """Student n takes five courses, eleven apart; the beginner the short one; the collector the first twenty."""
    course = f"(i / {ENROLLMENTS} * 7 + i %% {ENROLLMENTS} * 11) %% {size.courses} + 1"
    _enroll(size, f"i / {ENROLLMENTS} + 1", course, size.students * ENROLLMENTS)
    _enroll(size, str(size.beginner), str(size.short_course), 1)
    _enroll(size, str(size.collector), "i + 1", MANY_ENROLLMENTS)


def _enroll(size: Size, user: str, course: str, count: int) -> None:
    source, params = numbers(count)
    columns = {"user_id": user, "course_id": course, "enrolled_at": ago(enrolled_ago(size, user, course))}
    insert_select(CourseEnrollment, columns, source, params=params)


def _rights(size: Size) -> None:
    """Open for life; of every 25th ordinary student all have an end, of some past."""
    ends = f"CASE WHEN {is_ordinary(size, 'user_id')} AND user_id %% 25 = 3 THEN "
    insert_select(
        CourseAccess,
        {
            "user_id": "user_id",
            "course_id": "course_id",
            "granted_at": "enrolled_at",
            "starts_at": "enrolled_at",
            "expires_at": ends + after("enrolled_at", str(60 * DAY)) + " END",
        },
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
            "expires_at": "expires_at",
        },
        "access_courseaccess",
        values={"action": "granted", "cause": "free"},
    )


def _progress(size: Size) -> None:
    """The first lessons of most courses done, the next one begun; some courses finished, some not begun."""
    is_done = f'l."order" < {done(size)}'
    insert_select(
        LessonProgress,
        {
            "user_id": "e.user_id",
            "course_id": "e.course_id",
            "lesson_id": "l.id",
            "status": f"CASE WHEN {is_done} THEN 'completed' ELSE 'in_progress' END",
            "started_at": lesson_done_at(),
            "completed_at": f"CASE WHEN {is_done} THEN {lesson_done_at()} END",
            "last_accessed": lesson_done_at(),
            "watch_percentage": f"CASE WHEN {is_done} THEN 100 ELSE 5 END",
            "last_position_seconds": f"CASE WHEN {is_done} THEN 0 ELSE 30 END",
        },
        "access_courseenrollment e JOIN catalog_course c ON c.id = e.course_id"
        f' JOIN catalog_lesson l ON l.course_id = e.course_id AND l."order" <= {done(size)} AND {has_happened(size)}',
    )
    insert_select(
        CourseProgress,
        {"user_id": "user_id", "course_id": "course_id", "completed_lessons": "n", "last_active_at": "at"},
        "(SELECT user_id, course_id, COUNT(completed_at) AS n, MAX(last_accessed) AS at FROM progress_lessonprogress"
        " GROUP BY user_id, course_id) done",
    )
    with connection.cursor() as cursor:
        cursor.execute(COMPLETE)


def _staff(size: Size) -> None:
    """Cohorts with their members, a few suspensions, and a log."""
    source, params = numbers(COHORTS)
    columns = {"id": "i + 1", "name": "'Cohort ' || i"}
    insert_select(Cohort, columns, source, values={"updated_at": moment(BEGIN)}, params=params)
    insert_select(
        CohortMembership,
        {"cohort_id": f"id %% {COHORTS} + 1", "user_id": "id", "joined_at": "date_joined"},
        "accounts_user WHERE id %% 10 = 0",
    )
    insert_select(
        Suspension,
        {"user_id": "user_id", "course_id": "course_id", "suspended_at": "enrolled_at"},
        f"access_courseenrollment WHERE {is_ordinary(size, 'user_id')} AND user_id %% 500 = 9",
        values={"reason": "Shared the password", "suspended_by_id": size.owner},
    )
    source, params = numbers(STAFF_ACTIONS)
    columns = {"at": ago("i * 7200"), "object_id": "i + 1", "label": "'Course ' || (i + 1)"}
    values = {"actor_id": size.owner, "verb": "changed", "kind": "course"}
    insert_select(StaffAction, columns, source, values=values, params=params)


# Whoever has done every lesson has completed the course.
COMPLETE = """
    UPDATE access_courseenrollment SET completed_at = done.last_active_at
    FROM (SELECT p.user_id, p.course_id, p.last_active_at FROM progress_courseprogress p
          JOIN catalog_course c ON c.id = p.course_id WHERE p.completed_lessons >= c.lesson_count) done
    WHERE done.user_id = access_courseenrollment.user_id AND done.course_id = access_courseenrollment.course_id
"""


def _set_sequences() -> None:
    """Ids were given by hand; the next row must come after them."""
    models = [User, Category, Tag, Course, Module, Lesson, Cohort]
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
