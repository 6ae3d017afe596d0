"""A lesson saved as Django's admin does, beside the builder: both lock the course first, so neither waits for ever.

The twin locks the lesson first, and PostgreSQL ends one of the two.
"""

import pytest
from django.db import OperationalError

from catalog.arranging import Place, move_lesson
from catalog.models import Lesson
from catalog.services import save_lesson
from tests.catalog.outlines import course_of, order_of
from tests.factories import StaffFactory
from tests.races.conftest import at_once

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]


@pytest.fixture(autouse=True)
def _both_hold_what_they_locked_first(linger):
    linger("catalog.services.recount_lessons")
    linger("catalog.arranging.store_arrangement")


def saved_beside_a_move():
    """What became of a lesson saved with a new title while another is put before it, and the order then."""
    course, staff = course_of(Welcome=["a", "b", "c"]), StaffFactory()
    lesson, other = (course.lessons.select_related("course").get(title=title) for title in "ac")
    lesson.title, place = "new", Place(course.modules.get().pk, 1)
    results = at_once(
        lambda: save_lesson(lesson),
        lambda: move_lesson(lesson=other, to=place, version=None, actor=staff),
        may_fail=True,
    )
    return [type(result) for result in results if isinstance(result, Exception)], order_of(course)


def test_a_lesson_saved_beside_a_move_does_not_deadlock():
    failed, order = saved_beside_a_move()

    assert (failed, sorted(order["Welcome"])) == ([], ["b", "c", "new"])


def test_twin_that_locks_the_lesson_first_deadlocks(monkeypatch):
    monkeypatch.setattr("catalog.services.lock_courses", lambda _: [Lesson.objects.get(title="a").course_id])

    failed, _ = saved_beside_a_move()

    assert failed == [OperationalError]
