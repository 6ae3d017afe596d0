"""Old addresses lead to the present ones, for good, and only those who may know of what stands there."""

import pytest

from catalog.addresses import remember_course_slug, remember_lesson_slug
from catalog.models import OldCourseSlug, OldLessonSlug
from tests import factories as make
from tests.factories import NOW

pytestmark = pytest.mark.django_db


@pytest.fixture
def course():
    course = make.CourseFactory(slug="bread")
    make.OldCourseSlugFactory(course=course, slug="loaves")
    return course


@pytest.fixture
def lesson(course):
    lesson = make.LessonFactory(course=course, slug="flour")
    make.OldLessonSlugFactory(lesson=lesson, slug="grain")
    return lesson


def goes_to(client, url):
    answer = client.get(url)
    return answer.status_code, answer.headers.get("Location")


def test_an_old_address_leads_to_the_course_with_its_query(client, course):
    assert goes_to(client, "/courses/loaves/?utm=mail") == (301, "/courses/bread/?utm=mail")


@pytest.mark.parametrize("old", ["bread/grain", "loaves/grain", "loaves/flour"])
def test_an_old_address_leads_to_the_lesson_with_its_query(client, lesson, old):
    assert goes_to(client, f"/courses/{old}/?t=252") == (301, "/courses/bread/flour/?t=252")


def test_the_address_by_numbers_knows_the_old_course(client, course):
    make.LessonFactory(course=course, slug="flour", module=make.ModuleFactory(course=course))

    assert goes_to(client, "/courses/loaves/1/1/") == (301, "/courses/bread/flour/")


@pytest.mark.parametrize(
    "hidden",
    [
        {"status": "draft"},
        {"visibility": "private"},
        {"visibility": "members_only"},
        {"status": "draft", "trashed_at": NOW},
    ],
)
@pytest.mark.parametrize("url", ["/courses/loaves/", "/courses/loaves/flour/", "/courses/loaves/1/1/"])
def test_nothing_tells_who_may_not_know_of_the_course(client, lesson, hidden, url):
    for name, value in hidden.items():
        setattr(lesson.course, name, value)
    lesson.course.save()

    assert goes_to(client, url) == (404, None)


def test_members_are_led_to_what_members_may_know(student_client, course):
    course.visibility = "members_only"
    course.save()

    assert goes_to(student_client, "/courses/loaves/") == (301, "/courses/bread/")


def test_an_unpublished_lesson_is_led_to_by_nothing(client, lesson):
    lesson.is_published = False
    lesson.save()

    assert goes_to(client, "/courses/bread/grain/") == (404, None)


def test_a_lesson_of_another_course_is_led_to_by_nothing(client, lesson):
    make.CourseFactory(slug="camera")

    assert goes_to(client, "/courses/camera/grain/") == (404, None)


def test_a_course_that_took_the_address_is_what_stands_there(client, course):
    make.CourseFactory(slug="loaves")

    assert client.get("/courses/loaves/").status_code == 200


def test_who_comes_back_to_an_old_address_is_no_longer_led_away(course):
    course.slug = "loaves"
    course.save()

    remember_course_slug(course, "bread")

    assert list(OldCourseSlug.objects.values_list("slug", "course")) == [("bread", course.pk)]


def test_an_address_leads_to_who_had_it_last(course):
    other = make.CourseFactory(slug="rolls")

    remember_course_slug(other, "loaves")

    assert list(OldCourseSlug.objects.values_list("slug", "course")) == [("loaves", other.pk)]


def test_a_lesson_that_comes_back_is_no_longer_led_away(lesson):
    lesson.slug = "grain"
    lesson.save()

    remember_lesson_slug(lesson, "flour")

    assert list(OldLessonSlug.objects.values_list("slug", "lesson")) == [("flour", lesson.pk)]
