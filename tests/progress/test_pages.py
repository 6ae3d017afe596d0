"""The ways out of the pages that are neither the lesson nor the lock."""

import pytest
from django.contrib.messages import get_messages
from django.urls import reverse

from tests.factories import CourseAccessFactory, CourseEnrollmentFactory, CourseFactory, LessonFactory, ModuleFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def lesson(student):
    module = ModuleFactory(course__slug="c")
    CourseAccessFactory(user=student, course=module.course)
    CourseEnrollmentFactory(user=student, course=module.course)
    return LessonFactory(course=module.course, module=module, slug="l", title="Wash")


@pytest.mark.parametrize(("name", "arguments"), [("course_detail", ["m"]), ("lesson_detail", ["m", "l"])])
def test_a_course_for_members_asks_visitors_to_log_in(client, name, arguments):
    LessonFactory(course__slug="m", course__visibility="members_only", slug="l")
    address = reverse(name, args=arguments)

    assert client.get(address)["Location"] == f"{reverse('account_login')}?next={address}"


@pytest.mark.parametrize(("name", "arguments"), [("course_detail", ["m"]), ("lesson_detail", ["m", "l"])])
def test_the_log_in_page_says_why_a_visitor_came_there_and_says_it_once(client, name, arguments):
    LessonFactory(course__slug="m", course__visibility="members_only", slug="l")

    texts = [client.get(reverse(name, args=arguments), follow=True).content.decode()]
    texts.append(client.get(reverse("account_login")).content.decode())

    assert ["This course is shown to people with an account" in text for text in texts] == [True, False]


@pytest.mark.parametrize("numbers", [(0, 1), (1, 0), (2, 1), (1, 2)])
def test_a_position_without_a_lesson_does_not_exist(student_client, lesson, numbers):
    assert student_client.get(reverse("lesson_by_position", args=["c", *numbers])).status_code == 404


def test_a_position_leads_to_the_lesson_for_good(student_client, lesson):
    response = student_client.get(reverse("lesson_by_position", args=["c", 1, 1]))

    assert (response.status_code, response["Location"]) == (301, "/courses/c/l/")


def test_completing_a_closed_lesson_shows_the_lock(stranger_client):
    LessonFactory(course=CourseFactory(slug="sold", enrollment_method="purchase"), slug="l")

    response = stranger_client.post(reverse("lesson_complete", args=["sold", "l"]))

    assert "lessons/locked.html" in [template.name for template in response.templates]


def test_completing_the_last_lesson_leads_back_to_the_course(student_client, lesson):
    response = student_client.post(reverse("lesson_complete", args=["c", "l"]))

    assert response["Location"] == "/courses/c/"
    assert "Wash is complete." in [str(message) for message in get_messages(response.wsgi_request)]


def test_unmarking_by_form_stays_on_the_lesson(student_client, lesson):
    address = reverse("lesson_complete", args=["c", "l"])
    student_client.post(address)

    assert student_client.post(address, {"completed": "false"})["Location"] == "/courses/c/l/"


@pytest.mark.parametrize("name", ["course_continue", "course_progress"])
def test_pages_of_a_course_that_is_none_do_not_exist(student_client, name):
    assert student_client.get(reverse(name, args=["nowhere"])).status_code == 404


def test_to_continue_a_course_that_is_not_open_leads_to_its_page(student_client):
    CourseFactory(slug="sold", enrollment_method="purchase")

    assert student_client.get(reverse("course_continue", args=["sold"]))["Location"] == "/courses/sold/"
