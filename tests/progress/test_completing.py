"""Completing, un-marking, and counters that always equal a recount."""

from datetime import timedelta

import pytest

from access.decisions import Code, Decision
from access.models import CourseEnrollment
from access.services import enroll
from catalog.services import recount_lessons, save_lesson
from progress.models import CourseProgress, LessonProgress, LessonStatus
from progress.services import finish_course, recount_course, set_completed
from progress.signals import course_completed
from tests.factories import (
    NOW,
    CourseAccessFactory,
    CourseEnrollmentFactory,
    CourseFactory,
    CourseProgressFactory,
    LessonFactory,
    LessonProgressFactory,
)

pytestmark = pytest.mark.django_db
ACTIVE = Decision(True, Code.ACTIVE)
LATER = NOW + timedelta(hours=1)


@pytest.fixture
def course():
    return CourseFactory()


@pytest.fixture
def lessons(course):
    return [save_lesson(LessonFactory.build(course=course)) for _ in range(2)]


@pytest.fixture
def mark(student):
    def set_to(lesson, is_completed=True, *, now=NOW, decision=ACTIVE):
        return set_completed(user=student, lesson=lesson, decision=decision, is_completed=is_completed, now=now)

    return set_to


@pytest.fixture
def announced():
    heard = []

    def hear(user_id, course_id, now, **_):
        heard.append((user_id, course_id, now))

    course_completed.connect(hear)
    yield heard
    course_completed.disconnect(hear)


def done():
    return CourseProgress.objects.get().completed_lessons


def finished_at():
    return CourseEnrollment.objects.get().completed_at


def test_completing_marks_counts_and_enrolls(lessons, mark):
    row = mark(lessons[0])

    assert (row.status, row.completed_at, done()) == (LessonStatus.COMPLETED, NOW, 1)
    assert CourseEnrollment.objects.get().enrolled_at == NOW


@pytest.mark.parametrize("code", [Code.PREVIEW, Code.STAFF])
def test_completing_a_preview_or_as_staff_enrolls_nobody(lessons, mark, code):
    mark(lessons[0], decision=Decision(True, code))

    assert (CourseEnrollment.objects.count(), done()) == (0, 1)


def test_completing_twice_keeps_the_first_time(lessons, mark):
    mark(lessons[0])

    row = mark(lessons[0], now=LATER)

    assert (row.completed_at, done(), row.revision) == (NOW, 1, 0)


def test_un_marking_goes_back_and_keeps_the_row(lessons, mark):
    mark(lessons[0])

    row = mark(lessons[0], False)

    assert (row.status, row.completed_at, done()) == (LessonStatus.IN_PROGRESS, None, 0)
    assert LessonProgress.objects.count() == 1


def test_un_marking_what_was_never_done_changes_no_counter(lessons, mark):
    mark(lessons[0], False)

    assert (LessonProgress.objects.get().status, done()) == (LessonStatus.IN_PROGRESS, 0)


def test_the_last_lesson_completes_the_course_once(student, course, lessons, mark, announced):
    for lesson in lessons:
        mark(lesson)

    mark(lessons[1], False)
    mark(lessons[1], now=LATER)

    assert (finished_at(), announced) == (NOW, [(student.pk, course.pk, NOW)])


def test_un_marking_later_keeps_the_course_completed(lessons, mark):
    for lesson in lessons:
        mark(lesson)

    mark(lessons[0], False)

    assert (finished_at(), done()) == (NOW, 1)


def test_all_but_one_lesson_completes_no_course(lessons, mark, announced):
    mark(lessons[0])

    assert (finished_at(), announced) == (None, [])


def test_a_student_without_enrollment_completes_no_course(lessons, mark, announced):
    for lesson in lessons:
        mark(lesson, decision=Decision(True, Code.PREVIEW))

    assert announced == []


def test_a_lesson_added_lowers_the_share_and_not_the_counter(course, lessons, mark):
    mark(lessons[0])

    save_lesson(LessonFactory.build(course=course))

    course.refresh_from_db()
    assert (done(), course.lesson_count) == (1, 3)


def test_deleting_the_unfinished_lesson_completes_the_course(lessons, mark, announced):
    mark(lessons[0])

    lessons[1].delete()
    recount_lessons(lessons[0].course_id)

    assert (done(), finished_at() is not None, len(announced)) == (1, True, 1)


def test_unpublishing_a_finished_lesson_takes_it_out_of_the_count(course, lessons, mark):
    mark(lessons[0])
    lessons[0].is_published = False

    save_lesson(lessons[0])

    course.refresh_from_db()
    assert (done(), course.lesson_count, finished_at()) == (0, 1, None)


def test_publishing_it_again_brings_it_back(lessons, mark):
    mark(lessons[0])
    for is_published in (False, True):
        lessons[0].is_published = is_published
        save_lesson(lessons[0])

    assert done() == 1


def test_a_course_without_lessons_is_never_complete(course, student, announced):
    CourseEnrollmentFactory(user=student, course=course)
    CourseProgressFactory(user=student, course=course)

    recount_course(course_id=course.pk, now=NOW)

    assert (finished_at(), announced) == (None, [])


def test_recount_repairs_every_student_of_this_course_and_no_other(lessons, mark):
    mark(lessons[0])
    wrong = CourseProgressFactory(course=lessons[0].course, completed_lessons=7)
    elsewhere = CourseProgressFactory(completed_lessons=7)
    CourseProgress.objects.filter(user__email="student@example.com").update(completed_lessons=9)

    recount_course(course_id=lessons[0].course_id, now=NOW)

    counters = dict(CourseProgress.objects.values_list("pk", "completed_lessons"))
    assert (counters.pop(wrong.pk), counters.pop(elsewhere.pk), list(counters.values())) == (0, 7, [1])


def test_recount_announces_nothing_twice(lessons, mark, announced):
    for lesson in lessons:
        mark(lesson)

    recount_course(course_id=lessons[0].course_id, now=LATER)

    assert len(announced) == 1


def test_a_failing_listener_undoes_the_completion(lessons, mark):
    mark(lessons[0])

    def broken(**_):
        raise RuntimeError("no certificate")

    course_completed.connect(broken)
    with pytest.raises(RuntimeError):
        mark(lessons[1])
    course_completed.disconnect(broken)

    assert (done(), finished_at(), LessonProgress.objects.filter(status="completed").count()) == (1, None, 1)


def test_a_completion_that_comes_twice_from_the_same_page_keeps_the_first_time(student, lessons, mark):
    stale = LessonProgressFactory(user=student, lesson=lessons[0])
    mark(lessons[0])

    row = set_completed(user=student, lesson=lessons[0], mine=stale, decision=ACTIVE, is_completed=True, now=LATER)

    assert (row.completed_at, done()) == (NOW, 1)


def test_nobody_finishes_a_course_without_lessons(student, course, announced):
    CourseEnrollmentFactory(user=student, course=course)
    CourseProgressFactory(user=student, course=course)

    finish_course(user_id=student.pk, course_id=course.pk, now=NOW)

    assert (finished_at(), announced) == (None, [])


def test_rows_name_themselves(student, lessons, mark):
    row = mark(lessons[0])

    assert str(row) == f"{student.pk} in lesson {lessons[0].pk}: completed"
    assert str(CourseProgress.objects.get()) == f"{student.pk} in {lessons[0].course_id}: 1"


def test_a_lesson_once_completed_stays_open_under_drip_also_when_un_marked(student, student_client, lessons):
    for lesson in lessons:
        type(lesson).objects.filter(pk=lesson.pk).update(available_after_days=3_000)
    type(lessons[0].course).objects.update(access_duration_type="drip")
    CourseAccessFactory(user=student, course=lessons[0].course)
    for is_completed in (True, False):
        set_completed(user=student, lesson=lessons[0], decision=ACTIVE, is_completed=is_completed, now=NOW)

    statuses = [student_client.get(lesson.get_absolute_url()).status_code for lesson in lessons]

    assert statuses == [200, 403]


def test_enrolling_completes_a_course_whose_lessons_are_all_done(student, course, lessons, mark):
    for lesson in lessons:
        mark(lesson, decision=Decision(True, Code.PREVIEW))

    enrollment = enroll(user=student, course=course, now=LATER)

    enrollment.refresh_from_db()
    assert enrollment.completed_at == LATER


def test_enrolling_completes_nothing_that_is_not_done(student, course, lessons, mark):
    mark(lessons[0], decision=Decision(True, Code.PREVIEW))

    enrollment = enroll(user=student, course=course, now=LATER)

    enrollment.refresh_from_db()
    assert enrollment.completed_at is None
