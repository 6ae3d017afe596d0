"""Queries per page and call, session and user included, on few rows and on many."""

from datetime import timedelta

import pytest
from django.utils import timezone

from progress.models import LessonProgress
from progress.player import opened_token
from tests import factories as make
from tests.conftest import client_of, counted_queries

pytestmark = pytest.mark.django_db
SIZES = pytest.mark.parametrize(("lesson_count", "courses"), [(3, 1), (30, 20)])
VIEWERS = (
    "anonymous", "none", "active", "joined", "expired", "suspended", "staff", "prerequisite", "drip", "cohort", "path",
)  # fmt: skip
HOLDERS = {"active", "joined", "prerequisite", "drip", "suspended"}


def build(user, lesson_count, courses):
    """A course with everything a lesson can have, and a student with that many courses; returns the first lesson."""
    course = make.CourseFactory(slug="big", enrollment_method="purchase", required_level=1, lesson_count=lesson_count)
    course.tags.add(make.TagFactory(), make.TagFactory())
    modules = [make.ModuleFactory(course=course) for _ in range(max(1, lesson_count // 5))]
    for number in range(lesson_count):
        module = modules[number % len(modules)]
        lesson = make.LessonFactory(course=course, module=module, video_duration_seconds=100, order=number)
        make.MaterialFactory(lesson=lesson)
        if user and number:
            make.LessonProgressFactory(user=user, lesson=lesson, status="completed", completed_at=make.NOW)
    for _ in range(courses - 1):
        if user:
            other = make.CourseEnrollmentFactory(user=user).course
            make.CourseAccessFactory(user=user, course=other)
    first = course.lessons.order_by("order").first()
    first.video_url = "https://example.com/film.mp4"
    first.save()
    return first


def prepare(role, lesson_count, courses):
    """A client in that role (None for a visitor), and the lesson it looks at."""
    if role == "anonymous":
        return None, build(None, lesson_count, courses)
    user = make.StaffFactory() if role == "staff" else make.UserFactory()
    lesson = build(user, lesson_count, courses)
    if role in HOLDERS:
        make.CourseAccessFactory(user=user, course=lesson.course)
    if role == "expired":
        make.CourseAccessFactory(user=user, course=lesson.course, status="expired")
    if role in {"joined", "suspended", "expired", "prerequisite", "drip"}:
        make.CourseEnrollmentFactory(user=user, course=lesson.course)
    if role == "suspended":
        make.SuspensionFactory(user=user, course=lesson.course)
    if role in CLOSED_BY:
        CLOSED_BY[role](user, lesson)
    return client_of(user), lesson


def need_others_first(user, lesson):
    """Two courses to complete before it, one with a score."""
    for _ in range(2):
        required = make.CourseFactory(lesson_count=3, required_quiz_count=1)
        make.PrerequisiteFactory(course=lesson.course, required=required)
        make.CourseProgressFactory(user=user, course=required, completed_lessons=1)
    lesson.course.required_quiz_score = 70
    lesson.course.save()


def drip(user, lesson):
    """The student's cohort began today, and the lesson opens in a week."""
    cohort = make.CohortFactory(starts_on=timezone.localdate())
    cohort.courses.add(lesson.course)
    make.CohortMembershipFactory(user=user, cohort=cohort)
    lesson.available_after_days = 7
    lesson.save()


def begin_later(user, lesson):
    """The student's cohort gives the right and begins in a week; others could be joined."""
    day = timezone.localdate() + timedelta(days=7)
    cohorts = [make.CohortFactory(starts_on=day, grants_access=True) for _ in range(2)]
    for cohort in cohorts:
        cohort.courses.add(lesson.course)
    make.CohortMembershipFactory(user=user, cohort=cohorts[0])
    starts = timezone.now() + timedelta(days=7)
    right = {"access_type": "cohort", "status": "pending", "starts_at": starts}
    make.CourseAccessFactory(user=user, course=lesson.course, cohort=cohorts[0], **right)


def wait_in_a_path(user, lesson):
    row = {"access_type": "path", "path": make.LearningPathFactory(), "status": "pending", "starts_at": None}
    make.CourseAccessFactory(user=user, course=lesson.course, **row)


CLOSED_BY = {"prerequisite": need_others_first, "drip": drip, "cohort": begin_later, "path": wait_in_a_path}


@pytest.fixture
def ready(client):
    def get(role, lesson_count, courses):
        signed_in, lesson = prepare(role, lesson_count, courses)
        return signed_in or client, lesson

    return get


@SIZES
@pytest.mark.parametrize("role", VIEWERS)
def test_course_page_needs_8(ready, max_queries, role, lesson_count, courses):
    visitor, lesson = ready(role, lesson_count, courses)

    with max_queries(8):
        assert visitor.get(lesson.course.get_absolute_url()).status_code == 200


@SIZES
@pytest.mark.parametrize("role", VIEWERS)
def test_lesson_page_needs_8(ready, max_queries, role, lesson_count, courses):
    visitor, lesson = ready(role, lesson_count, courses)

    with max_queries(8):
        status = visitor.get(lesson.get_absolute_url()).status_code

    assert status == (200 if role in {"active", "joined", "staff"} else 403)


@SIZES
@pytest.mark.parametrize("role", VIEWERS)
@pytest.mark.parametrize("path", ["/api/courses", "/api/courses/big"])
def test_api_reads_need_8(*, ready, max_queries, role, lesson_count, courses, path):
    visitor, _ = ready(role, lesson_count, courses)

    with max_queries(8):
        assert visitor.get(path).status_code == 200


def call(visitor, lesson, user, **report):
    opened = opened_token(lesson_id=lesson.pk, user_id=user.pk, now=timezone.now() - timedelta(seconds=200))
    body = {"opened": opened} | report
    return visitor.post(f"/api/lessons/{lesson.pk}/progress/", body, content_type="application/json")


@SIZES
def test_progress_call_needs_5(student, student_client, max_queries, lesson_count, courses):
    lesson = build(student, lesson_count, courses)
    make.CourseAccessFactory(user=student, course=lesson.course)
    call(student_client, lesson, student, ranges=[[0, 10]])

    with max_queries(5):
        assert call(student_client, lesson, student, ranges=[[10, 20]], timestamp=20).status_code == 200


@SIZES
def test_first_progress_call_of_a_lesson_needs_8(student, student_client, max_queries, lesson_count, courses):
    lesson = build(student, lesson_count, courses)
    make.CourseAccessFactory(user=student, course=lesson.course)
    make.CourseEnrollmentFactory(user=student, course=lesson.course)

    with max_queries(8):
        assert call(student_client, lesson, student, timestamp=20).status_code == 200


@SIZES
def test_first_progress_call_in_a_course_already_begun_needs_5(
    student, student_client, max_queries, lesson_count, courses
):
    lesson = build(student, lesson_count, courses)
    make.CourseAccessFactory(user=student, course=lesson.course)
    make.CourseEnrollmentFactory(user=student, course=lesson.course)
    make.CourseProgressFactory(user=student, course=lesson.course)

    with max_queries(5):
        assert call(student_client, lesson, student, timestamp=20).status_code == 200


COMPLETE = {
    "api": lambda lesson: f"/api/lessons/{lesson.pk}/complete/",
    "toggle": lambda lesson: f"/api/courses/{lesson.course.slug}/units/{lesson.pk}/complete",
    "page": lambda lesson: f"{lesson.get_absolute_url()}complete/",
}


@SIZES
@pytest.mark.parametrize("is_last", [False, True])
@pytest.mark.parametrize("way", COMPLETE)
def test_completing_a_lesson_needs_10(*, student, student_client, max_queries, lesson_count, courses, way, is_last):
    lesson = build(student, lesson_count, courses)
    make.CourseAccessFactory(user=student, course=lesson.course)
    make.CourseEnrollmentFactory(user=student, course=lesson.course)
    make.CourseProgressFactory(user=student, course=lesson.course, completed_lessons=lesson_count - 1)
    if not is_last:
        make.LessonFactory(course=lesson.course)
        type(lesson.course).objects.update(lesson_count=lesson_count + 1)

    with max_queries(10):
        assert student_client.post(COMPLETE[way](lesson)).status_code in {200, 302}

    assert LessonProgress.objects.get(lesson=lesson).is_completed


@SIZES
def test_dashboard_and_course_progress_need_no_more_with_more_rows(student, student_client, lesson_count, courses):
    lesson = build(student, lesson_count, courses)
    make.CourseAccessFactory(user=student, course=lesson.course)
    make.CourseEnrollmentFactory(user=student, course=lesson.course)

    with counted_queries() as queries:
        student_client.get("/my-dashboard/")
        student_client.get("/my-dashboard/course/big/")

    assert len(queries) <= 6 + 8
