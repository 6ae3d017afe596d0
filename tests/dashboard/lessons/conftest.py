"""A lesson, and how the tests send its editor."""

import pytest

from catalog.services import save_course, save_lesson
from tests.dashboard.lessons.sending import Editor
from tests.factories import CourseFactory, LessonFactory, ModuleFactory


@pytest.fixture(autouse=True)
def _own_media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"


@pytest.fixture
def course(db):
    return save_course(CourseFactory.build(title="Baking", slug="baking"))


@pytest.fixture
def module(course):
    return ModuleFactory(course=course, title="Bread", order=1)


@pytest.fixture
def lesson(course, module):
    fields = {"course": course, "module": module, "title": "Dough", "slug": "dough", "body": "Mix.", "order": 1}
    return save_lesson(LessonFactory.build(**fields))


@pytest.fixture
def editor(owner_client, lesson):
    """`editor.send(title="…")` saves the lesson as the page showed it, with these changes."""
    return Editor(owner_client, f"/dashboard/lessons/{lesson.pk}/edit/")


@pytest.fixture
def new(owner_client, course):
    return Editor(owner_client, "/dashboard/lessons/add/?course=baking")
