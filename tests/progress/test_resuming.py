import pytest

from progress.player import resume_seconds
from tests.factories import LessonFactory, LessonProgressFactory


@pytest.mark.parametrize(
    ("position", "length", "resumes_at"),
    [
        (0, 100, 0),
        (2, 100, 0),
        (42.9, 100, 39),
        (99, 100, 0),
        (42, None, 39),
    ],
)
def test_watching_goes_on_three_seconds_earlier(db, position, length, resumes_at):
    lesson = LessonFactory(video_duration_seconds=length)

    mine = LessonProgressFactory(lesson=lesson, last_position_seconds=position)

    assert resume_seconds(lesson, mine) == resumes_at


def test_the_length_the_player_told_counts_while_the_lesson_has_none(db):
    mine = LessonProgressFactory(last_position_seconds=99, duration_seconds=100)

    assert resume_seconds(mine.lesson, mine) == 0


def test_watching_begins_at_the_start_for_someone_new(db):
    assert resume_seconds(LessonFactory(), None) == 0
