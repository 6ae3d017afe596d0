"""Pictures of a lesson's text: their line, their list, and their way to a new address."""

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from catalog.lesson_pictures import copy_lesson_pictures, keep_lesson_picture, lead_to_copies, pictures_of
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


def test_copies_of_pictures_stand_under_the_new_address_and_the_texts_lead_there(lesson):
    put("lessons/c/old/a.png")
    put("lessons/c/old/in/b c.png")
    stored = []

    copies = copy_lesson_pictures("c", "old", "new", stored)
    lesson.slug, lesson.homework = "new", "See /courses/c/old/pictures/in/b%20c.png"
    lead_to_copies(lesson, "old", copies)

    assert copies == {
        "lessons/c/old/a.png": "lessons/c/new/a.png",
        "lessons/c/old/in/b c.png": "lessons/c/new/in/b c.png",
    }
    assert sorted(stored) == sorted(files_under("lessons/c/new/")) == sorted(copies.values())
    texts = ("![](/courses/c/new/pictures/a.png)", "See /courses/c/new/pictures/in/b%20c.png")
    assert (lesson.body, lesson.homework) == texts


def test_a_copy_takes_the_place_of_no_other_picture(lesson):
    put("lessons/c/old/a.png")
    default_storage.save("lessons/c/new/a.png", ContentFile(b"of another"))

    copies = copy_lesson_pictures("c", "old", "new", [])
    lesson.slug = "new"
    lead_to_copies(lesson, "old", copies)

    copy = copies["lessons/c/old/a.png"].rpartition("/")[2]
    with default_storage.open("lessons/c/new/a.png") as file:
        assert (file.read(), copy == "a.png", lesson.body) == (
            b"of another",
            False,
            f"![](/courses/c/new/pictures/{copy})",
        )
