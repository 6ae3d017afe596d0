"""Two people save the settings of a course at one moment: one is told; without the lock both win and one loses."""

import pytest

from accounts.models import StaffAction
from catalog.course_saving import CourseEdit, change_course
from catalog.editing import EditConflict, version_of
from catalog.models import Course, Lesson
from catalog.services import recount_lessons
from catalog.trash import trash_lesson
from tests.factories import NOW, CourseFactory, LessonFactory, StaffFactory
from tests.races.conftest import at_once

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]


def saved_at_once():
    """What each of two editors got who saved what they had both opened."""
    course, staff = CourseFactory(title="Bread"), StaffFactory()
    version = version_of(Course.objects.get())

    def save(title):
        change_course(course=course, version=version, edit=CourseEdit({"title": title}), actor=staff)
        return title

    return at_once(lambda: save("Rolls"), lambda: save("Buns"), may_fail=True)


def test_of_two_editors_at_once_one_is_told():
    answers = saved_at_once()

    assert sorted(isinstance(answer, EditConflict) for answer in answers) == [False, True]
    assert (StaffAction.objects.count(), Course.objects.get().title in answers) == (1, True)


def test_twin_without_the_locks_lets_both_save(without_row_locks, meet):
    meet("catalog.course_saving._state", 2)

    assert sorted(saved_at_once()) == ["Buns", "Rolls"]
    assert StaffAction.objects.count() == 2


def lessons_left():
    """How many lessons the course counts after both of its lessons went to the trash at once."""
    first = LessonFactory()
    second, staff = LessonFactory(course=first.course), StaffFactory()
    recount_lessons(first.course_id)

    at_once(*[lambda lesson=lesson: trash_lesson(lesson=lesson, actor=staff, now=NOW) for lesson in (first, second)])

    assert not Lesson.objects.published().exists()
    return Course.objects.get().lesson_count


def test_two_lessons_thrown_away_at_once_are_both_counted():
    assert lessons_left() == 0


def test_twin_without_the_locks_counts_one_that_is_gone(without_row_locks, meet):
    meet("catalog.trash.recount_lessons", 2)

    assert lessons_left() == 1
