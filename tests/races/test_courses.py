"""Two people save the settings of a course at one moment: one is told; without the lock both win and one loses."""

import pytest

from access.models import CourseAccess
from access.services import grant_access
from accounts.models import StaffAction
from catalog.course_saving import CourseEdit, change_course
from catalog.editing import EditConflict, version_of
from catalog.models import Course, Lesson, Prerequisite
from catalog.services import recount_lessons, require_first
from catalog.trash import delete_for_good, trash_course, trash_lesson
from tests.factories import NOW, CourseFactory, LessonFactory, StaffFactory, UserFactory
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


def circle_closed(overlap):
    """How many of two courses have to be completed before the other, after both were said at once."""
    one, two = CourseFactory(), CourseFactory()
    overlap("catalog.services.refuse_cycle", lambda: require_first(one, [two]), lambda: require_first(two, [one]))
    return Prerequisite.objects.count()


def test_two_who_close_a_circle_together_do_not(overlap):
    assert circle_closed(overlap) == 1


def test_twin_without_the_locks_closes_it(overlap, without_row_locks):
    assert circle_closed(overlap) == 2


def courses_after_a_grant_beside_deleting(overlap):
    """Whether a course of the trash is still there, after it was deleted for good while somebody was given it."""
    course, staff, user = CourseFactory(), StaffFactory(), UserFactory()
    trash_course(course=course, actor=staff, now=NOW)
    given = {"user": user, "course": course, "access_type": "manual", "source_key": "k", "now": NOW}
    overlap(
        "catalog.trash.holders_of",
        lambda: delete_for_good(row=course, actor=staff, now=NOW),
        lambda: grant_access(**given),
    )
    return Course.objects.count(), CourseAccess.objects.count()


def test_nobody_is_given_what_is_being_deleted(overlap):
    assert courses_after_a_grant_beside_deleting(overlap) == (0, 0)


def test_twin_without_the_lock_only_the_database_keeps_it_from_going(overlap, without_row_locks):
    assert courses_after_a_grant_beside_deleting(overlap) == (1, 1)


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
