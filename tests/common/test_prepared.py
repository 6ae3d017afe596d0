"""Queries whose SQL is written once."""

import pytest
from django.db.models import QuerySet

from accounts.models import User
from catalog.models import Course, Lesson
from common.prepared import prepared
from tests.factories import CourseFactory, LessonFactory, UserFactory

pytestmark = pytest.mark.django_db


@prepared
def _users(*, user_id: int, name: str) -> QuerySet[User]:
    return User.objects.filter(pk=user_id, name=name)


def test_each_call_gets_the_rows_of_its_own_arguments():
    sam, stella = UserFactory(name="Sam"), UserFactory(name="Stella")

    found = [_users(user_id=user.pk, name=user.name) for user in (sam, stella)]

    assert found == [[sam], [stella]]


def test_text_is_a_parameter_and_never_part_of_the_sql():
    UserFactory(name="Sam")

    assert _users(user_id=1, name="' OR 1=1 --") == []


def test_none_and_booleans_shape_the_query():
    @prepared
    def lessons(*, course_id: int | None, is_published: bool) -> QuerySet[Lesson]:
        found = Lesson.objects.filter(is_published=is_published)
        return found if course_id is None else found.filter(course=course_id)

    course = CourseFactory()
    shown, hidden = LessonFactory(course=course), LessonFactory(course=course, is_published=False)
    other = LessonFactory()

    found = [
        lessons(course_id=course.pk, is_published=True),
        lessons(course_id=course.pk, is_published=False),
        sorted(lessons(course_id=None, is_published=True), key=lambda lesson: lesson.pk),
    ]

    assert found == [[shown], [hidden], [shown, other]]


def test_sql_is_written_once():
    calls = []

    @prepared
    def courses(*, course_id: int) -> QuerySet[Course]:
        calls.append(course_id)
        return Course.objects.filter(pk=course_id)

    for course_id in (1, 2, 3):
        courses(course_id=course_id)

    assert len(calls) == 1


def test_related_objects_come_with_their_row(django_assert_num_queries):
    @prepared
    def lessons(*, lesson_id: int) -> QuerySet[Lesson]:
        return Lesson.objects.filter(pk=lesson_id).select_related("course")

    lesson = LessonFactory()

    with django_assert_num_queries(1):
        titles = [found.course.title for found in lessons(lesson_id=lesson.pk)]
    assert titles == [lesson.course.title]
