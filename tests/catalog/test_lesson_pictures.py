"""Pictures of a lesson's text: their line, their list, and their way to a new address."""

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from catalog.lesson_pictures import keep_lesson_picture, move_lesson_pictures, pictures_of
from catalog.pictures import files_under
from tests.factories import LessonFactory

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _own_media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"


@pytest.fixture
def lesson():
    return LessonFactory(course__slug="c", slug="old", body="![](/courses/c/old/pictures/a.png)")


def put(name):
    default_storage.save(name, ContentFile(b"x"))


def test_keep_lesson_picture_gives_the_line_for_the_text(lesson):
    picture = keep_lesson_picture(lesson, ContentFile(b"x", name="b.png"), 'A ](javascript:x) "cat", 2.5-fold')

    assert picture.markdown == "![A javascriptx cat, 2.5-fold](/courses/c/old/pictures/b.png)"


def test_pictures_of_says_which_are_shown(lesson):
    put("lessons/c/old/a.png")
    put("lessons/c/old/b.png")
    put("lessons/c/other/c.png")

    found = [(picture.address, picture.is_shown) for picture in pictures_of(lesson)]

    assert found == [("/courses/c/old/pictures/a.png", True), ("/courses/c/old/pictures/b.png", False)]


def test_move_lesson_pictures_copies_them_and_leads_the_texts_there(lesson):
    put("lessons/c/old/a.png")
    put("lessons/c/old/in/b.png")
    put("lessons/c/new/a.png")  # of a save that failed
    lesson.slug, lesson.homework, stored = "new", "See /courses/c/old/pictures/in/b.png", []

    left = move_lesson_pictures(lesson, "old", stored)

    assert sorted(left) == ["lessons/c/old/a.png", "lessons/c/old/in/b.png"]
    assert sorted(stored) == sorted(files_under("lessons/c/new/")) == ["lessons/c/new/a.png", "lessons/c/new/in/b.png"]
    texts = ("![](/courses/c/new/pictures/a.png)", "See /courses/c/new/pictures/in/b.png")
    assert (lesson.body, lesson.homework) == texts
