"""Publishing and withdrawing a course with one button, which can be taken back."""

import pytest

from accounts.models import StaffAction
from catalog.models import Course
from catalog.trash import trash_course
from tests import factories as make
from tests.dashboard.undo import press_undo, token, told
from tests.factories import NOW

pytestmark = pytest.mark.django_db
URL = "/dashboard/courses/bread/publish/"
PAGE = "/dashboard/courses/bread/"


@pytest.fixture
def course():
    return make.CourseFactory(title="Bread", slug="bread", status="draft", lesson_count=1)


def status():
    return Course.objects.get().status


def test_publishing_says_what_students_see(owner_client, course):
    answer = owner_client.post(URL, {"status": "active"})

    assert (answer.status_code, answer.url, status()) == (302, PAGE, "active")
    assert told(owner_client, PAGE) == ["Bread is published now. Students see it, join it and learn."]


def test_publishing_warns_of_a_course_without_lessons(owner_client, course):
    Course.objects.update(lesson_count=0)

    owner_client.post(URL, {"status": "active"})

    assert told(owner_client, PAGE)[0].endswith("It has no published lesson yet.")


def test_withdrawing_says_who_sees_it_still(owner_client, course):
    Course.objects.update(status="active")

    owner_client.post(URL, {"status": "draft"})

    says = "Bread is a draft now. Only staff see it. Students find no such page, even those who had access."
    assert told(owner_client, PAGE) == [says]


def test_undo_gives_the_status_back(owner_client, course):
    Course.objects.update(status="locked")
    owner_client.post(URL, {"status": "draft"})

    press_undo(owner_client)

    assert (status(), told(owner_client, PAGE)) == ("locked", ["Bread is closed again."])


def test_undo_pressed_twice_says_twice_that_it_is_done(owner_client, course):
    owner_client.post(URL, {"status": "active"})
    sent = {"token": token(owner_client, PAGE)}

    said = [owner_client.post("/dashboard/undo/", sent) and told(owner_client, PAGE) for _ in range(2)]

    assert said == [["Bread is a draft again."]] * 2
    assert StaffAction.objects.filter(verb="unpublished").count() == 1


def test_undo_leaves_what_was_changed_since(owner_client, course):
    owner_client.post(URL, {"status": "active"})
    Course.objects.update(status="archived")

    press_undo(owner_client)

    since = "The course was changed since, so this can no longer be undone."
    assert (status(), told(owner_client, PAGE)) == ("archived", [since])


def test_undo_publishes_nothing_that_is_in_the_trash(owner_client, staff, course):
    Course.objects.update(status="active")
    owner_client.post(URL, {"status": "draft"})
    trash_course(course=course, actor=staff, now=NOW)

    press_undo(owner_client)

    assert status() == "draft"


@pytest.mark.parametrize("wanted", ["", "no-such", "ACTIVE", "a\0"])
def test_a_status_that_is_none_is_refused(owner_client, course, wanted):
    assert (owner_client.post(URL, {"status": wanted}).status_code, status()) == (400, "draft")


def test_who_only_looks_publishes_nothing(staff_client, course):
    assert (staff_client.post(URL, {"status": "active"}).status_code, status()) == (403, "draft")
    assert "Publish" not in staff_client.get(PAGE).text.replace("Published", "")


def test_the_trash_is_not_published(owner_client, staff, course, monkeypatch):
    found = Course.objects.get()
    trash_course(course=course, actor=staff, now=NOW)
    monkeypatch.setattr("dashboard.views.courses.course_here", lambda slug: found)

    assert owner_client.post(URL, {"status": "active"}).status_code == 404


PAGES = {"outline": "Outline", "": "Settings", "progress": "Progress"}


@pytest.mark.parametrize("page", PAGES)
def test_the_pages_of_a_course_are_joined_by_a_row(owner_client, course, page):
    own = f"{PAGE}{page}/" if page else PAGE

    text = owner_client.get(own).text

    assert f'<a href="{own}" aria-current="page">{PAGES[page]}</a>' in text
