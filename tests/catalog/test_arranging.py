"""The order of a course: every move, what it refuses, and the numbers it leaves."""

import pytest

from accounts.models import StaffAction
from catalog.arranging import (
    NoSuchPlace,
    OutlineChanged,
    Place,
    arrangement_of,
    move_lesson,
    move_module,
    step_lesson,
    step_module,
)
from catalog.models import Lesson, Module
from tests import factories as make
from tests.catalog.outlines import course_of, order_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def course():
    return course_of(Welcome=["a", "b", "c"], Voice=["d"], Empty=[])


def lesson(course, title):
    return course.lessons.select_related("course").get(title=title)


def module(course, title):
    return course.modules.select_related("course").get(title=title)


def version(course):
    return arrangement_of(course).version


def test_a_lesson_moves_within_its_module(course, staff):
    moved = move_lesson(
        lesson=lesson(course, "c"), to=Place(module(course, "Welcome").pk, 1), version=None, actor=staff
    )

    assert (order_of(course)["Welcome"], moved.after.position, moved.count) == (["c", "a", "b"], 1, 3)


def test_a_lesson_moves_to_another_module(course, staff):
    moved = move_lesson(lesson=lesson(course, "b"), to=Place(module(course, "Voice").pk, 1), version=None, actor=staff)

    assert order_of(course) == {"": [], "Welcome": ["a", "c"], "Voice": ["b", "d"], "Empty": []}
    assert (moved.is_elsewhere, moved.version) == (True, version(course))


@pytest.mark.parametrize("position", [None, 99])
def test_without_a_position_and_past_the_end_is_the_end(course, staff, position):
    to = Place(module(course, "Welcome").pk, position)

    move_lesson(lesson=lesson(course, "a"), to=to, version=None, actor=staff)

    assert order_of(course)["Welcome"] == ["b", "c", "a"]


def test_a_lesson_leaves_all_modules(course, staff):
    move_lesson(lesson=lesson(course, "d"), to=Place(None, 1), version=None, actor=staff)

    assert order_of(course) == {"": ["d"], "Welcome": ["a", "b", "c"], "Voice": [], "Empty": []}
    assert list(course.lessons.in_reading_order().values_list("title", flat=True)) == ["d", "a", "b", "c"]


def test_a_move_is_noted_and_a_move_to_the_same_place_is_not(course, staff):
    here = Place(module(course, "Welcome").pk, 2)
    moved = move_lesson(lesson=lesson(course, "b"), to=here, version=None, actor=staff)
    move_lesson(lesson=lesson(course, "a"), to=here, version=None, actor=staff)

    notes = [(note.actor, note.verb, note.label, note.detail) for note in StaffAction.objects.all()]
    assert notes == [(staff, "moved", "a", f"In {course}: from position 1 to 2")]
    assert moved.is_elsewhere is False


def test_a_move_does_not_look_like_an_edit(course, staff):
    before = dict(course.lessons.values_list("pk", "updated_at"))

    move_lesson(lesson=lesson(course, "c"), to=Place(module(course, "Voice").pk, 1), version=None, actor=staff)

    assert dict(course.lessons.values_list("pk", "updated_at")) == before


def test_numbers_that_were_equal_become_places(staff):
    course = course_of(Welcome=["a", "b", "c"])
    course.lessons.update(order=0)

    move_lesson(lesson=lesson(course, "a"), to=Place(module(course, "Welcome").pk, 2), version=None, actor=staff)

    assert dict(course.lessons.values_list("title", "order")) == {"b": 1, "a": 2, "c": 3}


def test_a_stale_move_is_refused_and_nothing_moves(course, staff):
    shown = version(course)
    step_module(module=module(course, "Voice"), by=-1, version=shown, actor=staff)
    present = order_of(course)

    for call in (
        lambda: move_lesson(lesson=lesson(course, "a"), to=Place(None), version=shown, actor=staff),
        lambda: step_lesson(lesson=lesson(course, "a"), by=1, version=shown, actor=staff),
        lambda: move_module(module=module(course, "Empty"), position=1, version=shown, actor=staff),
        lambda: step_module(module=module(course, "Empty"), by=-1, version=shown, actor=staff),
    ):
        with pytest.raises(OutlineChanged):
            call()

    assert order_of(course) == present


def test_a_module_of_another_course_is_no_place(course, staff):
    other = make.ModuleFactory()

    with pytest.raises(NoSuchPlace):
        move_lesson(lesson=lesson(course, "a"), to=Place(other.pk, 1), version=None, actor=staff)

    assert Lesson.objects.filter(module=other).count() == 0


def test_what_is_in_the_trash_does_not_move(course, staff):
    row = lesson(course, "a")
    Lesson.objects.filter(pk=row.pk).update(is_published=False, trashed_at=make.NOW)

    with pytest.raises(OutlineChanged):
        move_lesson(lesson=row, to=Place(None, 1), version=None, actor=staff)


def test_what_is_in_the_trash_counts_for_no_place(course, staff):
    course.lessons.filter(title="a").update(is_published=False, trashed_at=make.NOW)

    move_lesson(lesson=lesson(course, "d"), to=Place(module(course, "Welcome").pk, 2), version=None, actor=staff)

    assert order_of(course)["Welcome"] == ["b", "d", "c"]


@pytest.mark.parametrize(
    ("title", "by", "expected"),
    [
        ("b", -1, {"Welcome": ["b", "a", "c"], "Voice": ["d"], "Empty": []}),
        ("b", 1, {"Welcome": ["a", "c", "b"], "Voice": ["d"], "Empty": []}),
        ("c", 1, {"Welcome": ["a", "b"], "Voice": ["c", "d"], "Empty": []}),
        ("d", -1, {"Welcome": ["a", "b", "c", "d"], "Voice": [], "Empty": []}),
        ("d", 1, {"Welcome": ["a", "b", "c"], "Voice": [], "Empty": ["d"]}),
        ("a", -1, {"Welcome": ["a", "b", "c"], "Voice": ["d"], "Empty": []}),
    ],
)
def test_a_step_goes_from_module_to_module(course, staff, title, by, expected):
    step_lesson(lesson=lesson(course, title), by=by, version=version(course), actor=staff)

    assert order_of(course) == {"": []} | expected


def test_a_step_reaches_the_lessons_without_a_module_only_where_there_are_some(staff):
    course = course_of(Welcome=["b"], loose=["a"])

    step_lesson(lesson=lesson(course, "b"), by=-1, version=None, actor=staff)

    assert order_of(course) == {"": ["a", "b"], "Welcome": []}


@pytest.mark.parametrize(
    ("position", "expected"), [(1, "Voice Welcome Empty"), (3, "Welcome Empty Voice"), (99, "Welcome Empty Voice")]
)
def test_a_module_moves_with_its_lessons(course, staff, position, expected):
    moved = move_module(module=module(course, "Voice"), position=position, version=version(course), actor=staff)

    assert [*order_of(course)][1:] == expected.split()
    assert (order_of(course)["Voice"], moved.count, moved.version) == (["d"], 3, version(course))


@pytest.mark.parametrize(
    ("title", "by", "expected"),
    [
        ("Voice", -1, "Voice Welcome Empty"),
        ("Voice", 1, "Welcome Empty Voice"),
        ("Welcome", -1, "Welcome Voice Empty"),
        ("Empty", 1, "Welcome Voice Empty"),
    ],
)
def test_a_module_steps(course, staff, title, by, expected):
    step_module(module=module(course, title), by=by, version=None, actor=staff)

    assert [*order_of(course)][1:] == expected.split()


def test_a_module_that_is_gone_does_not_move(course, staff):
    row = module(course, "Empty")
    Module.objects.filter(pk=row.pk).delete()

    for call in (move_module, step_module):
        where = {"position": 1} if call is move_module else {"by": 1}
        with pytest.raises(OutlineChanged):
            call(module=row, version=None, actor=staff, **where)


def test_the_version_is_that_of_the_order_alone(course, staff):
    shown = version(course)
    Lesson.objects.update(title="Another", is_preview=True)
    same = version(course)
    make.LessonFactory(course=course)

    assert (same == shown, version(course) == shown) == (True, False)
