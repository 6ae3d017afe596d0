"""What recognises a line or card drawn before: it must differ whenever what is shown differs."""

from dataclasses import replace
from datetime import timedelta

import pytest

from catalog.models import CourseStatus
from progress.cards import Card
from progress.models import LessonProgress, LessonStatus
from progress.selectors import OutlineLesson, once_completed_by
from progress.states import State
from tests.factories import NOW, CourseFactory, LessonFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def line():
    return OutlineLesson(LessonFactory(), 1, LessonStatus.NOT_STARTED, is_open=True)


@pytest.mark.parametrize("change", [{"number": 2}, {"status": LessonStatus.COMPLETED}, {"is_open": False}])
def test_line_in_another_state_is_another(line, change):
    assert replace(line, **change).facts != line.facts


def test_line_of_a_renamed_lesson_is_another(line):
    before = line.facts

    line.lesson.title = "New title"

    assert line.facts != before


@pytest.mark.parametrize("change", [{"done": 1}, {"state": State.FREE}])
def test_card_in_another_state_is_another(change):
    card = Card(CourseFactory(lesson_count=3, status=CourseStatus.ACTIVE), State.ACTIVE)

    assert replace(card, **change).facts != card.facts


def test_card_of_a_changed_course_is_another():
    card = Card(CourseFactory(), State.FREE)
    before = card.facts

    card.course.short_description = "New words"

    assert card.facts != before


@pytest.mark.parametrize(
    ("fields", "answers"),
    [
        (None, [False, False]),
        ({}, [False, False]),
        ({"completed_at": NOW}, [False, True]),
        ({"was_completed": True}, [False, True]),  # un-marked since: when it was completed is not kept
    ],
)
def test_a_lesson_was_completed_by_a_moment_of_the_past(fields, answers):
    lesson = LessonFactory.build()
    lesson.mine = None if fields is None else LessonProgress(started_at=NOW, **fields)

    assert [once_completed_by(lesson, NOW + days * timedelta(days=1)) for days in (-1, 1)] == answers
