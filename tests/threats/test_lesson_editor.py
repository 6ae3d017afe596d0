"""T90, T91, T94 through the editor of a lesson: hostile files and names, and addresses that are none."""

import re

import pytest

from catalog.models import Lesson, Material
from catalog.pictures import files_under
from tests.catalog.test_uploads import told
from tests.conftest import client_of
from tests.dashboard.lessons.sending import Editor, errors, row_errors
from tests.factories import LessonFactory, StaffFactory
from tests.threats.state import unchanged
from tests.threats.test_stored_markup import VIDEOS, dangers
from tests.threats.test_uploads import NAMES, OWN_MATERIAL, got, post_file

pytestmark = pytest.mark.django_db
OWN_PICTURE = re.compile(r"lessons/c/l/[0-9a-f]{32}\.png")
LINE = re.compile(r"!\[[\w ,.-]*\]\(/courses/c/l/pictures/[0-9a-f]{32}\.png\)")
# The test of the video that is no address at all must not find the field empty.
ADDRESSES = [address for address in VIDEOS if address.strip()]


@pytest.fixture(autouse=True)
def _own_media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"


@pytest.fixture
def lesson(db):
    return LessonFactory(course__slug="c", slug="l", is_preview=True)


@pytest.fixture
def editor(lesson):
    owner = client_of(StaffFactory(is_superuser=True))
    return Editor(owner, f"/dashboard/lessons/{lesson.pk}/edit/")


@pytest.mark.parametrize("name", NAMES)
def test_t91_a_material_gets_a_name_of_our_own(editor, client, name):
    fields = editor.fields() | {"materials-0-title": "Plan"}

    sent = post_file(editor.client, editor.url, fields, "materials-0-file", name, b"words")

    material = Material.objects.get()
    answer = got(client, f"/courses/c/l/files/{material.pk}/")
    leaf = material.file.name.rpartition("/")[2]
    assert (sent.status_code, bool(OWN_MATERIAL.fullmatch(material.file.name))) == (302, True)
    assert (list(files_under("materials/")), list(files_under("held/"))) == ([material.file.name], [])
    assert answer["Content-Disposition"] == f'attachment; filename="{leaf}"'


@pytest.mark.parametrize("name", NAMES)
def test_t91_a_name_becomes_a_title_that_runs_nowhere(editor, client, name):
    post_file(editor.client, editor.url, editor.fields(), "materials-0-file", name, b"words")

    pages = [editor.open(), client.get("/courses/c/l/")]

    assert ([dangers(page.content.decode()) for page in pages], Material.objects.count()) == ([[], []], 1)


@pytest.mark.parametrize("name", NAMES)
def test_t91_a_picture_gets_a_name_of_our_own_and_a_tame_line(editor, lesson, name):
    address = f"/dashboard/lessons/{lesson.pk}/pictures/"

    sent = post_file(editor.client, address, {}, "picture", name, told("PNG"))

    told_next = str(next(iter(editor.client.get(sent.url).context["messages"])))
    assert [bool(OWN_PICTURE.fullmatch(kept)) for kept in files_under("lessons/")] == [True]
    assert bool(LINE.fullmatch(told_next.partition("text: ")[2])) is True


@pytest.mark.parametrize("name", ["x.html", "x.svg", "x.xhtml", "x.js", "x.php", "x", "x.pdf.svg"])
def test_t90_a_document_that_a_browser_runs_is_no_material(editor, name):
    fields = editor.fields() | {"materials-0-title": "Plan"}

    with unchanged():
        sent = post_file(editor.client, editor.url, fields, "materials-0-file", name, b"<svg onload=alert(1)>")

    assert row_errors(sent) == [{"file": ["The file is not a type of file that may be a material."]}]
    assert [*files_under("materials/"), *files_under("held/")] == []


@pytest.mark.parametrize(("name", "status"), [("x" * 4_000 + ".txt", 400), ("line\r\nSet-Cookie: sid=1.txt", 422)])
def test_t91_a_name_that_breaks_the_form_saves_nothing(editor, name, status):
    fields = editor.fields() | {"materials-0-title": "Plan"}

    with unchanged():
        sent = post_file(editor.client, editor.url, fields, "materials-0-file", name, b"words")

    assert (sent.status_code, "sid" in sent.cookies) == (status, False)


def test_t90_a_sixth_file_is_refused(editor):
    parts = "".join(
        f'--b\r\nContent-Disposition: form-data; name="f{number}"; filename="a.txt"\r\n\r\nx\r\n' for number in range(6)
    )

    with unchanged():
        sent = editor.client.post(editor.url, parts + "--b--\r\n", "multipart/form-data; boundary=b")

    assert sent.status_code == 400


REFUSED = [
    *(address for address in ADDRESSES if "evil.example/embed" not in address and "169.254" not in address),
    "https://youtube.com.evil.tld/watch?v=dQw4w9WgXcQ",
]


@pytest.mark.parametrize("address", REFUSED)
def test_t94_an_unsafe_video_address_is_refused(editor, address):
    with unchanged():
        sent = editor.send(video_url=address)

    # It stands in its field, to be put right, and nowhere else.
    assert (sent.status_code, list(errors(sent)), "<iframe" in sent.text) == (422, ["video_url"], False)


@pytest.mark.parametrize("address", REFUSED)
def test_t94_a_machine_is_refused_the_same_with_400(editor, lesson, address):
    with unchanged():
        body = {"video_url": address}
        sent = editor.client.patch(f"/api/admin/units/{lesson.pk}", body, content_type="application/json")

    assert (sent.status_code, [each["field"] for each in sent.json()["error"]["fields"]]) == (400, ["video_url"])


UNSAFE_LINKS = [
    "javascript:alert(1)", "data:text/html,x", "file:///etc/passwd", "//evil.example/", "https://a@b.example/",
    "https://b.example/a b", "https://b.\u0435xample/",
]  # fmt: skip


@pytest.mark.parametrize("address", UNSAFE_LINKS)
def test_t94_an_unsafe_link_to_the_discussion_is_refused(editor, lesson, address):
    course = lesson.course
    url = f"/dashboard/courses/{course.slug}/"
    fields = {"discussion_url": address, "title": course.title, "slug": course.slug}

    with unchanged():
        page = editor.client.post(url, fields)
        machine = editor.client.patch(
            f"/api/admin/courses/{course.slug}", {"discussion_url": address}, content_type="application/json"
        )

    assert (page.status_code, "discussion_url" in errors(page), machine.status_code) == (422, True, 400)


@pytest.mark.parametrize(
    "address", ["https://evil.example/embed/dQw4w9WgXcQ", "http://169.254.169.254/latest/meta-data"]
)
def test_t94_a_strangers_address_is_a_link_and_no_frame(editor, client, address):
    editor.send(video_url=address)

    page = client.get("/courses/c/l/").content.decode()
    assert (Lesson.objects.get().video_id, "<iframe" in page, f'href="{address}"' in page) == ("", False, True)


@pytest.mark.parametrize("field", ["meeting_url", "materials-0-url"])
@pytest.mark.parametrize("address", UNSAFE_LINKS)
def test_t94_an_unsafe_link_is_refused(editor, field, address):
    with unchanged():
        sent = editor.send(**{"materials-0-title": "X", field: address})

    assert sent.status_code == 422
