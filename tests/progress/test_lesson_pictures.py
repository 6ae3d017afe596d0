"""T4, T13: pictures of a lesson's text are handed out by the decision that opens the lesson."""

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from tests import factories as make
from tests.conftest import client_of

pytestmark = pytest.mark.django_db
ADDRESS = "/courses/c/l/pictures/in it/p.png"
CONTENT = b"\x89PNG"


@pytest.fixture
def lesson(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    course = make.CourseFactory(slug="c", enrollment_method="purchase")
    for name in ("lessons/c/l/in it/p.png", "lessons/c/open/p.png", "lessons/c/l/p.svg", "lessons/c/l/.p.png"):
        default_storage.save(name, ContentFile(CONTENT))
    for name in ("materials/c/p.png", "courses/c/p.png", "p.png"):
        default_storage.save(name, ContentFile(CONTENT))
    make.LessonFactory(course=course, slug="open", is_preview=True)
    return make.LessonFactory(course=course, slug="l")


@pytest.fixture
def member(student, lesson):
    make.CourseAccessFactory(user=student, course=lesson.course)
    return student


def status(client, address=ADDRESS):
    response = client.get(address)
    return response.status_code, b"".join(response) if response.streaming else b""


def test_a_member_sees_the_picture(member):
    response = client_of(member).get(ADDRESS)

    assert response.getvalue() == CONTENT
    assert response["Content-Type"] == "image/png"
    assert response["Content-Disposition"] == 'inline; filename="p.png"'
    assert response["Cache-Control"] == "private, no-store"
    assert response["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert response["X-Content-Type-Options"] == "nosniff"


def test_no_cache_keeps_what_a_preview_shows_to_everybody_today(client, lesson):
    response = client.get("/courses/c/open/pictures/p.png")

    assert (response.getvalue(), response["Cache-Control"]) == (CONTENT, "private, no-store")


def test_others_see_nothing(client, stranger_client, lesson):
    assert status(client) == (404, b"")
    assert status(stranger_client) == (404, b"")


def test_a_suspended_member_sees_nothing(member, lesson):
    make.SuspensionFactory(user=member, course=lesson.course)

    assert status(client_of(member)) == (404, b"")


@pytest.mark.parametrize("change", [{"is_published": False}, {"slug": "renamed"}])
def test_a_lesson_that_is_not_open_shows_nothing(member, lesson, change):
    type(lesson).objects.filter(pk=lesson.pk).update(**change)

    assert status(client_of(member)) == (404, b"")


def test_the_preview_shows_its_own_picture_to_everyone_and_no_other(client, lesson):
    assert status(client, "/courses/c/open/pictures/p.png") == (200, CONTENT)
    assert status(client, "/courses/c/open/pictures/in it/p.png")[0] == 404
    assert status(client, "/courses/c/open/pictures/../l/in it/p.png")[0] == 404


@pytest.mark.parametrize(
    "name",
    [
        "../open/p.png", "..%2fopen%2fp.png", "%2e%2e/open/p.png", "..%5copen%5cp.png", "../../../materials/c/p.png",
        "/p.png", "//p.png", "in it//p.png", "./in it/p.png", "in it/../in it/p.png", "in%20it/p.png%00", "%00p.png",
        "in it/p.png/", "in it", "in it/", "p.svg", ".p.png", "none.png", "in it/P.PNG", "in it/p.png%0a", "",
        "x" * 101 + ".png", "/".join(["x" * 100] * 50) + ".png", "p.png?x=/../p.png", "~/p.png", "C:p.png", "%252e.png",
    ],
)  # fmt: skip
def test_a_name_that_is_no_picture_of_the_lesson_is_not_found(member, name):
    assert status(client_of(member), f"/courses/c/l/pictures/{name}")[0] == 404


@pytest.mark.parametrize("path", ["../lessons/c/l/in it/p.png", "..%2flessons/c/l/in it/p.png", "c/l/in it/p.png"])
def test_the_public_address_leads_to_no_picture_of_a_lesson(member, path):
    assert status(client_of(member), f"/media/courses/{path}")[0] == 404
    assert status(client_of(member), "/media/lessons/c/l/in it/p.png")[0] == 404


@pytest.mark.parametrize("method", ["post", "put", "delete"])
def test_a_picture_is_only_read(member, method):
    assert getattr(client_of(member), method)(ADDRESS).status_code == 405


def test_head_and_range_decide_alike(client, member):
    assert client.head(ADDRESS).status_code == 404
    assert client.get(ADDRESS, headers={"Range": "bytes=0-1"}).status_code == 404
    allowed = client_of(member).head(ADDRESS)
    allowed.close()
    assert allowed.status_code == 200
