"""Courses to complete first: set as a whole, never in a circle."""

from itertools import pairwise

import pytest
from django.db import IntegrityError, transaction

from catalog.models import Prerequisite
from catalog.services import PrerequisiteCycle, require_first
from tests import factories as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def courses():
    return [make.CourseFactory(title=title) for title in "ABC"]


def links():
    return sorted(Prerequisite.objects.values_list("course__title", "required__title"))


def test_the_list_is_replaced_as_a_whole(courses):
    first, second, third = courses
    require_first(third, [first])

    require_first(third, [second])

    assert links() == [("C", "B")]


def test_the_same_list_twice_changes_nothing(courses):
    first, _, third = courses

    for _ in range(2):
        require_first(third, [first])

    assert links() == [("C", "A")]


def test_an_empty_list_asks_for_none(courses):
    require_first(courses[2], courses[:2])

    require_first(courses[2], [])

    assert links() == []


@pytest.mark.parametrize("length", [1, 2, 3])
def test_a_circle_is_refused_and_nothing_is_kept(courses, length):
    for course, required in pairwise(courses[:length]):
        require_first(course, [required])
    before = links()

    with pytest.raises(PrerequisiteCycle, match="itself waits for"):
        require_first(courses[length - 1], [courses[0]])

    assert links() == before


def test_the_database_refuses_a_course_that_waits_for_itself(courses):
    with pytest.raises(IntegrityError, match="prerequisite_is_another_course"), transaction.atomic():
        Prerequisite.objects.create(course=courses[0], required=courses[0])


def test_the_database_refuses_the_same_link_twice(courses):
    require_first(courses[0], [courses[1]])

    with pytest.raises(IntegrityError), transaction.atomic():
        Prerequisite.objects.create(course=courses[0], required=courses[1])


@pytest.mark.parametrize("score", [101, 30_000])
def test_the_database_refuses_a_score_above_a_hundred(score):
    with pytest.raises(IntegrityError, match="course_quiz_score_is_a_percentage"), transaction.atomic():
        make.CourseFactory(required_quiz_score=score)
