"""Two editors of one lesson at the same moment: one is saved, one is told; without the lock both are saved."""

import pytest
from django.core.files.base import ContentFile

from catalog.editing import EditConflict, version_of
from catalog.lesson_saving import LessonEdit, MaterialEdit, SlugTaken, add_lesson, change_lesson
from catalog.models import Lesson, Material
from catalog.pictures import files_under
from catalog.services import recount_lessons
from tests.factories import CourseFactory, LessonFactory, StaffFactory
from tests.races.conftest import at_once

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]


@pytest.fixture(autouse=True)
def _own_media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"


def saved_at_once():
    """What each of two editors is told who loaded the same lesson and save a title and a file each."""
    lesson, staff = LessonFactory(title="Before"), StaffFactory()
    version = version_of(Lesson.objects.get())

    def save(title):
        file = MaterialEdit("workbook", title, file=ContentFile(b"x", name=f"{title}/plan.pdf"))
        edit = LessonEdit({"title": title}, [file])
        return lambda: change_lesson(lesson=Lesson.objects.get(pk=lesson.pk), version=version, edit=edit, actor=staff)

    results = at_once(save("A"), save("B"), may_fail=True)
    return sorted(type(result).__name__ for result in results)


def test_of_two_editors_one_is_saved_and_one_is_told():
    told = saved_at_once()

    title = Lesson.objects.get().title
    assert told == [EditConflict.__name__, Lesson.__name__]
    assert (Material.objects.get().title, list(files_under("materials/"))) == (title, [f"materials/{title}/plan.pdf"])


def test_twin_without_the_lock_saves_both(without_row_locks, meet):
    meet("catalog.lesson_saving.save_lesson", 2)

    assert saved_at_once() == [Lesson.__name__, Lesson.__name__]


def added_at_once():
    course, staff = CourseFactory(), StaffFactory()
    recount_lessons(course.pk)
    edits = [LessonEdit({"title": title, "slug": "same", "module": None}) for title in "AB"]
    calls = [lambda edit=edit: add_lesson(course=course, edit=edit, actor=staff) for edit in edits]

    results = at_once(*calls, may_fail=True)
    return sorted(type(result).__name__ for result in results)


def test_of_two_new_lessons_at_one_address_one_is_told():
    assert (added_at_once(), Lesson.objects.count()) == ([Lesson.__name__, SlugTaken.__name__], 1)


def placed_at_once():
    course, staff = CourseFactory(), StaffFactory()
    edits = [LessonEdit({"title": slug, "slug": slug, "module": None}) for slug in "ab"]
    at_once(*[lambda edit=edit: add_lesson(course=course, edit=edit, actor=staff) for edit in edits])
    return sorted(Lesson.objects.values_list("order", flat=True))


def test_two_new_lessons_at_once_have_places_of_their_own():
    assert placed_at_once() == [1, 2]


def test_twin_without_the_lock_puts_both_in_one_place(without_row_locks, meet):
    meet("catalog.lesson_saving.save_lesson", 2)

    assert placed_at_once() == [1, 1]
