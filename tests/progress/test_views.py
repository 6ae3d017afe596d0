"""The refusals and small ways of the lesson's addresses that no other test passes."""

import pytest

from progress.models import LessonProgress
from tests import factories as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def lesson(student):
    lesson = make.LessonFactory(course__slug="c", slug="l")
    make.CourseAccessFactory(user=student, course=lesson.course)
    return lesson


def test_an_unpublished_lesson_is_404_even_with_a_right(student_client, lesson):
    type(lesson).objects.update(is_published=False)

    assert student_client.get("/courses/c/l/").status_code == 404
    assert student_client.post("/courses/c/l/complete/").status_code == 404


def test_un_marking_by_the_form_stays_on_the_lesson(student_client, lesson):
    student_client.post("/courses/c/l/complete/", {"completed": "true"})

    response = student_client.post("/courses/c/l/complete/", {"completed": "false"})

    assert (response.url, LessonProgress.objects.get().status) == ("/courses/c/l/", "in_progress")


def test_a_lesson_without_captions_has_no_caption_file(student_client, lesson):
    assert student_client.get("/courses/c/l/captions.vtt").status_code == 404


def test_the_address_by_numbers_leads_to_the_lesson(client, lesson):
    module = make.ModuleFactory(course=lesson.course)
    make.LessonFactory(course=lesson.course, module=module, slug="in-module")

    assert client.get("/courses/c/1/1/").url == "/courses/c/in-module/"
    assert client.get("/courses/c/1/1").status_code == 301


@pytest.mark.parametrize("numbers", ["0/1", "1/0", "1/9", "9/1", "10001/1", "1/10001"])
def test_numbers_of_no_lesson_are_404(client, lesson, numbers):
    make.ModuleFactory(course=lesson.course)

    assert client.get(f"/courses/c/{numbers}/").status_code == 404
