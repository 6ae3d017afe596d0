"""Two who change one outline at the same moment: no place is lost or taken twice, and nothing deadlocks."""

import pytest

from catalog.arranging import OutlineChanged, Place, arrangement_of, move_lesson, step_lesson
from catalog.editing import version_of
from catalog.folders.importing import import_folder
from catalog.folders.writing import write_course
from catalog.lesson_saving import LessonEdit, change_lesson
from catalog.models import Lesson
from catalog.outline import add_lesson, delete_module, duplicate_lesson
from catalog.trash import restore_lesson, trash_lesson
from tests.catalog.outlines import course_of, order_of
from tests.factories import NOW, StaffFactory
from tests.races.conftest import at_once

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]


def moves_at_once(version=None):
    """Two who each put a lesson first; returns their course and what became of each."""
    course, staff = course_of(Welcome=["a", "b", "c", "d"], Voice=["e"]), StaffFactory()
    module = course.modules.get(title="Welcome")
    shown = arrangement_of(course).version if version else None

    def first(title):
        lesson = course.lessons.select_related("course").get(title=title)
        return lambda: move_lesson(lesson=lesson, to=Place(module.pk, 1), version=shown, actor=staff)

    return course, at_once(first("d"), first("e"), may_fail=True)


def places(course):
    """The numbers of each module's lessons: 1, 2, 3 … without a gap when nobody disturbed another."""
    return {
        module.title: sorted(module.lessons.values_list("order", flat=True))
        for module in course.modules.order_by("order")
    }


def test_two_moves_at_once_both_happen():
    course, results = moves_at_once()

    assert (places(course), order_of(course)["Welcome"][2:]) == (
        {"Welcome": [1, 2, 3, 4, 5], "Voice": []},
        ["a", "b", "c"],
    )
    assert {type(result).__name__ for result in results} == {"Moved"}


def test_of_two_moves_of_what_was_shown_one_is_told(linger):
    linger("catalog.arranging.store_arrangement")

    course, results = moves_at_once(version="shown")

    assert sorted(type(result).__name__ for result in results) == ["Moved", "OutlineChanged"]
    assert [sum(map(len, places(course).values())), *places(course)["Welcome"]] in ([5, 1, 2, 3, 4], [5, 1, 2, 3, 4, 5])


def test_twin_without_the_lock_both_move_what_was_shown(without_row_locks, meet):
    meet("catalog.arranging.store_arrangement", 2)

    _, results = moves_at_once(version="shown")

    assert {type(result).__name__ for result in results} == {"Moved"}


def test_twin_without_the_lock_a_move_is_lost_or_two_lessons_take_one_place(without_row_locks, meet):
    meet("catalog.arranging.store_arrangement", 2)

    course, _ = moves_at_once()

    assert (places(course)["Welcome"], order_of(course)["Welcome"][2:]) != ([1, 2, 3, 4, 5], ["a", "b", "c"])


def test_a_move_beside_the_trash_never_deadlocks_and_the_trash_wins():
    course, staff = course_of(Welcome=["a", "b", "c", "d"]), StaffFactory()
    lesson = course.lessons.select_related("course").get(title="b")

    for _ in range(5):
        results = at_once(
            lambda: step_lesson(lesson=lesson, by=1, version=None, actor=staff),
            lambda: trash_lesson(lesson=lesson, actor=staff, now=NOW),
            may_fail=True,
        )
        assert [
            result for result in results if isinstance(result, Exception) and type(result) is not OutlineChanged
        ] == []
        assert Lesson.objects.get(pk=lesson.pk).trashed_at == NOW
        restore_lesson(lesson=lesson, actor=staff, now=NOW)


def test_an_import_beside_moves_never_deadlocks(tmp_path):
    course, staff = course_of(Welcome=["a", "b", "c", "d"]), StaffFactory()
    lesson = course.lessons.select_related("course").get(title="a")
    write_course(course, tmp_path / "course")

    def moves():
        return [step_lesson(lesson=lesson, by=way, version=None, actor=staff) for way in (1, 1, 1, -1, -1, -1) * 3]

    at_once(moves, lambda: [import_folder(tmp_path / "course") for _ in range(4)])

    assert sorted(order_of(course)["Welcome"]) == ["a", "b", "c", "d"]


def test_an_edit_beside_a_move_loses_neither():
    course, staff = course_of(Welcome=["a", "b", "c"]), StaffFactory()
    lesson = course.lessons.select_related("course", "module").get(title="c")
    edit = LessonEdit({"title": "new"})

    at_once(
        lambda: move_lesson(lesson=lesson, to=Place(lesson.module_id, 1), version=None, actor=staff),
        lambda: change_lesson(lesson=lesson, version=version_of(lesson), edit=edit, actor=staff),
    )

    assert order_of(course)["Welcome"] == ["new", "a", "b"]


def test_copies_and_new_lessons_at_once_get_addresses_and_places_of_their_own():
    course, staff = course_of(Welcome=["a"]), StaffFactory()
    lesson, module_id = course.lessons.select_related("course").get(), course.modules.get().pk
    new = {"course": course, "module_id": module_id, "title": "a copy", "actor": staff}

    at_once(*[lambda: duplicate_lesson(lesson=lesson, actor=staff)] * 3, *[lambda: add_lesson(**new)] * 3)

    assert places(course) == {"Welcome": [1, 2, 3, 4, 5, 6, 7]}
    assert course.lessons.values("slug").distinct().count() == 7


def test_a_lesson_moved_into_a_module_that_is_deleted_meanwhile_stays_in_the_course():
    course, staff = course_of(Welcome=["a"], Voice=["b"]), StaffFactory()
    module = course.modules.select_related("course").get(title="Voice")
    lesson = course.lessons.select_related("course").get(title="a")

    at_once(
        lambda: move_lesson(lesson=lesson, to=Place(module.pk), version=None, actor=staff),
        lambda: delete_module(module=module, actor=staff),
        may_fail=True,
    )

    assert {pk for shelf in arrangement_of(course).shelves for pk in shelf.lessons} == set(
        course.lessons.values_list("pk", flat=True)
    )
