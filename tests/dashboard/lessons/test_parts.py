"""What the editor asks for in between: a video's address, and pictures for the text."""

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile

from accounts.models import StaffAction
from catalog.models import Lesson
from catalog.pictures import files_under
from common.storages import StorageAway
from tests.catalog.test_uploads import REFUSED, SECRET, told
from tests.conftest import counted_queries
from tests.threats.state import unchanged

pytestmark = pytest.mark.django_db
CHECK = "/dashboard/lessons/video-check/"
HTMX = {"HX-Request": "true"}


@pytest.mark.parametrize(
    ("address", "status", "says"),
    [
        ("https://vimeo.com/76979871", 200, "Vimeo · progress tracked"),
        ("https://youtu.be/dQw4w9WgXcQ", 200, "YouTube · progress tracked"),
        (
            "https://drive.google.com/file/d/1AbCdEfGhIjKlMnOpQrStUvWxYz012345/view",
            200,
            "Google Drive: progress cannot be",
        ),
        ("https://example.com/film", 200, "Not a video address we know: shown as a link"),
        ("javascript:alert(1)", 422, "This is no web address."),
        ("https://youtube.com.evil.tld/watch?v=dQw4w9WgXcQ", 422, "youtube.com.evil.tld only looks like"),
        ("  ", 200, ""),
        ('"><script>alert(1)</script>', 422, "This is no web address."),
    ],
)
def test_a_pasted_address_is_told_at_once(owner_client, address, status, says):
    answer = owner_client.post(CHECK, {"video_url": address}, headers=HTMX)

    assert (answer.status_code, says in answer.text, "<script" in answer.text) == (status, True, False)


def test_checking_an_address_asks_the_database_for_nothing_but_who_asks(owner_client):
    with counted_queries() as queries:
        owner_client.post(CHECK, {"video_url": "https://vimeo.com/1"})

    assert len(queries) == 2


def test_the_editor_says_it_of_the_address_that_is_stored(editor):
    Lesson.objects.update(video_url="https://www.loom.com/share/0281766fa2d04bb788eaf19e65135184")

    assert "Loom: progress cannot be tracked" in editor.open().text


def picture(name="My team-photo.png", content=None):
    return SimpleUploadedFile(name, content or told("PNG"))


@pytest.fixture
def put(owner_client, lesson):
    def send(headers=None, **fields):
        return owner_client.post(f"/dashboard/lessons/{lesson.pk}/pictures/", fields, headers=headers)

    return send


def kept():
    return list(files_under("lessons/baking/dough/"))


def test_a_picture_is_kept_and_its_line_told(put, owner_client, lesson):
    answer = put(picture=picture(), words="A loaf")

    page = owner_client.get(answer.url)
    name = kept()[0].rpartition("/")[2]
    line = f"![A loaf](/courses/baking/dough/pictures/{name})"
    assert [str(message) for message in page.context["messages"]] == [
        f"The picture is kept. Its line for the text: {line}"
    ]
    assert (
        f'data-markdown="![](/courses/baking/dough/pictures/{name})"' in page.text,
        "Not in the text" in page.text,
    ) == (True, True)
    assert StaffAction.objects.values_list("verb", "label").get() == ("added a picture", "Dough")


def test_a_picture_is_kept_without_what_the_camera_wrote(put):
    put(picture=picture(content=told("JPEG", orientation=6)))

    with default_storage.open(kept()[0]) as file:
        assert (SECRET in file.read(), kept()[0][-4:]) == (False, ".jpg")


def test_the_script_of_the_editor_gets_the_line_only(put):
    answer = put(headers=HTMX, picture=picture())

    assert (
        'data-markdown="![My team photo](/courses/baking/dough/pictures/' in answer.text,
        "<html" in answer.text,
    ) == (True, False)


def test_a_picture_shown_to_those_who_may_open_the_lesson(put, owner_client, client, lesson):
    put(picture=picture())
    address = f"/courses/baking/dough/pictures/{kept()[0].rpartition('/')[2]}"

    answers = [who.get(address) for who in (owner_client, client)]
    answers[0].getvalue()

    assert [answer.status_code for answer in answers] == [200, 404]


@pytest.mark.parametrize("attack", REFUSED)
@pytest.mark.parametrize("headers", [None, HTMX])
def test_t90_a_hostile_picture_is_refused(put, headers, attack):
    content, reason = REFUSED[attack]

    with unchanged():
        answer = put(headers=headers, picture=picture(content=content) if content else SimpleUploadedFile("x.png", b""))

    says = "The submitted file is empty." if attack == "empty" else f"The file {reason}."
    assert (answer.status_code, says in answer.text, kept()) == (422, True, [])


def test_without_a_picture_it_says_so(put):
    assert "Choose a picture." in put().text


def test_a_lesson_without_pictures_says_so(owner_client, lesson):
    assert "No pictures yet." in owner_client.get(f"/dashboard/lessons/{lesson.pk}/pictures/").text


def test_a_storage_that_is_away_is_told(put, monkeypatch):
    def away(*arguments, **named):
        raise StorageAway("The file storage does not answer.")

    monkeypatch.setattr("catalog.lesson_pictures.default_storage.save", away)

    answer = put(picture=picture())

    assert (answer.status_code, "The file storage does not answer." in answer.text) == (422, True)
    assert StaffAction.objects.count() == 0
