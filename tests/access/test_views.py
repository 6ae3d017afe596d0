"""Enrolling and joining over HTTP, and the words of the rows in the admin."""

import pytest

from access.models import CourseAccess, CourseEnrollment
from tests import factories as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def course():
    course = make.CourseFactory(slug="c")
    make.LessonFactory(course=course, slug="first")
    return course


def words(response):
    return [str(message) for message in response.context["messages"]]


def test_enroll_goes_to_the_first_lesson(student_client, course):
    response = student_client.post("/courses/c/enroll/", follow=True)

    assert [url for url, _ in response.redirect_chain] == ["/courses/c/continue/", "/courses/c/first/"]
    assert (CourseAccess.objects.count(), CourseEnrollment.objects.count()) == (1, 1)


def test_a_second_click_does_the_same(student_client, course):
    for _ in range(2):
        response = student_client.post("/courses/c/enroll/")

    assert (response.url, CourseEnrollment.objects.count()) == ("/courses/c/continue/", 1)


def test_enroll_is_refused_in_words_on_the_course_page(student_client, course):
    type(course).objects.update(enrollment_method="purchase")

    response = student_client.post("/courses/c/enroll/", follow=True)

    assert (response.redirect_chain, words(response)) == (
        [("/courses/c/", 302)],
        ["This course has to be bought first."],
    )


def test_join_goes_to_the_first_lesson(student, student_client, course):
    make.CourseAccessFactory(user=student, course=course, must_join=True)

    assert student_client.post("/courses/c/join/").url == "/courses/c/continue/"
    assert CourseEnrollment.objects.count() == 1


def test_join_is_refused_in_words_on_the_course_page(student_client, course):
    response = student_client.post("/courses/c/join/", follow=True)

    assert words(response) == ["Enroll in this course first."]


@pytest.mark.parametrize("way", ["enroll", "join"])
def test_a_course_one_may_not_know_of_is_404(student_client, course, way):
    type(course).objects.update(status="draft")

    assert student_client.post(f"/courses/c/{way}/").status_code == 404


def test_rows_name_themselves(student, course):
    row = make.CourseAccessFactory(user=student, course=course)
    tier = make.CourseAccessFactory(user=student, course=None, tier_level=2)
    assert (str(row), str(tier)) == (
        f"Granted by staff: {student.pk} -> {course.pk}",
        f"Granted by staff: {student.pk} -> tier 2",
    )


def test_enrollments_and_suspensions_name_themselves(student, course):
    enrollment = make.CourseEnrollmentFactory(user=student, course=course)
    suspension = make.SuspensionFactory(user=student, course=course)

    assert (str(enrollment), str(suspension)) == (
        f"{student.pk} takes {course.pk}",
        f"{student.pk} suspended from {course.pk}",
    )
