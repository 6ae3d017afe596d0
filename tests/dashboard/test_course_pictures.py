"""The pictures of a course in its settings: encoded anew, removed, and not lost when another field is refused."""

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile

from catalog.models import Course
from common.storages import StorageAway
from tests import factories as make
from tests.conftest import client_of
from tests.dashboard.course_forms import errors, picture, save

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("_media")]


@pytest.fixture
def _media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"


@pytest.fixture
def course():
    return make.CourseFactory(title="Bread", slug="bread")


def stored():
    return Course.objects.get()


def test_a_picture_is_encoded_anew_and_kept(owner_client, course):
    save(owner_client, "bread", thumbnail=picture())

    saved = stored()
    assert (default_storage.exists(saved.thumbnail.name), "mine" in saved.thumbnail.name) == (True, False)
    assert saved.thumbnail.url in owner_client.get("/dashboard/courses/bread/").text


def test_a_picture_is_removed(owner_client, course):
    save(owner_client, "bread", thumbnail=picture())

    save(owner_client, "bread", **{"thumbnail-clear": "on"})

    assert stored().thumbnail.name == ""


def test_both_a_new_picture_and_none_is_told(owner_client, course):
    answer = save(owner_client, "bread", thumbnail=picture(), **{"thumbnail-clear": "on"})

    assert errors(answer) == {"thumbnail": ["Choose a picture, or remove the one that is there: not both."]}


def test_what_is_no_picture_is_told(owner_client, course):
    answer = save(owner_client, "bread", cover=SimpleUploadedFile("x.png", b"<svg>", "image/png"))

    assert errors(answer) == {"cover": ["The file is not a PNG, JPEG, GIF or WebP picture."]}


def test_a_good_picture_need_not_be_chosen_again(owner_client, course):
    refused = save(owner_client, "bread", title="", thumbnail=picture())
    token = refused.context["pictures"][0].held.token

    save(owner_client, "bread", thumbnail_held=token)

    assert (stored().thumbnail.name.startswith("courses/"), default_storage.listdir("held")[1]) == (True, [])


def test_a_storage_that_is_away_is_told_and_nothing_saved(owner_client, course, monkeypatch):
    def away(*_, **__):
        raise StorageAway("Try again in a minute.")

    monkeypatch.setattr(default_storage, "save", away)

    answer = save(owner_client, "bread", title="Rolls", thumbnail=picture())

    assert (answer.status_code, errors(answer)) == (422, {"__all__": ["Try again in a minute."]})
    assert (stored().title, answer.context["pictures"][0].held) == ("Bread", None)


def test_a_picture_held_by_somebody_else_is_not_taken(owner_client, course):
    other = make.StaffFactory(is_superuser=True)
    token = save(client_of(other), "bread", title="", thumbnail=picture()).context["pictures"][0].held.token

    save(owner_client, "bread", thumbnail_held=token)

    assert stored().thumbnail.name == ""


def test_the_wish_to_have_none_wins_over_a_held_picture(owner_client, course):
    token = save(owner_client, "bread", title="", thumbnail=picture()).context["pictures"][0].held.token

    save(owner_client, "bread", thumbnail_held=token, **{"thumbnail-clear": "on"})

    assert stored().thumbnail.name == ""
