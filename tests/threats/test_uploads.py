"""T90, T91: hostile pictures and hostile file names, sent as staff would send them; nothing is half saved."""

import re

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.test.client import encode_multipart

from catalog.models import Course, Lesson, Material
from catalog.pictures import PICTURE_TYPES
from tests import factories as make
from tests.catalog.test_uploads import REFUSED, SECRET, opened, told
from tests.conftest import client_of
from tests.dashboard.course_forms import written
from tests.dashboard.lessons.sending import Editor, row_errors
from tests.threats.state import unchanged
from tests.threats.test_stored_markup import dangers

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("_own_media")]
NAMES = [
    "../../x.txt", "..\\..\\x.txt", "/etc/cron.d/x.txt", 'a"><img src=x onerror=alert(1)>.txt', "x" * 500 + ".txt",
    "nul\x00byte.txt", "line\nSet-Cookie: sid=1.txt", "%0d%0aX-Evil: 1.txt", "\u202etxt.exe.txt",
    ".htaccess.txt", "a;filename=b.txt", "日本語.txt", "CON.txt", "a\x1b[31m.txt", "....//....//x.txt", "‥/x.txt",
]  # fmt: skip
BOUNDARY = "frontier"
OWN_PICTURE = re.compile(r"courses/[0-9a-f]{32}\.(png|jpg|gif|webp)")
OWN_MATERIAL = re.compile(r"materials/[0-9a-f]{32}/[a-z0-9_-]{1,60}\.txt")


@pytest.fixture
def _own_media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"


@pytest.fixture
def owner(db):
    return client_of(make.StaffFactory(is_superuser=True))


@pytest.fixture
def stored(settings, tmp_path):
    """Call it for the names of all files below the test's folder, also of those beside the media."""
    return lambda: sorted(str(path.relative_to(tmp_path)) for path in tmp_path.rglob("*") if path.is_file())


def post_file(client, address, fields, field, name, content):
    """Send a form with a file whose name is on the wire as it is given here: Django's test client would tame it."""
    head = f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{field}"; filename="{name}"\r\n'
    part = head.encode() + b"Content-Type: image/svg+xml\r\n\r\n" + content + b"\r\n"
    return client.post(address, part + encode_multipart(BOUNDARY, fields), f"multipart/form-data; boundary={BOUNDARY}")


def settings_of(course):
    return f"/dashboard/courses/{course.slug}/"


def editor_of(lesson):
    return f"/dashboard/lessons/{lesson.pk}/edit/"


def send_picture(owner, course, field, content, name="p.png"):
    return post_file(owner, settings_of(course), written(owner, course.slug), field, name, content)


def send_material(owner, lesson, name, content=b"words", **more):
    editor = Editor(owner, editor_of(lesson))
    fields = editor.fields() | {"materials-0-kind": "workbook", "materials-0-title": "Plan"} | more
    return post_file(owner, editor.url, fields, "materials-0-file", name, content)


def got(client, address):
    """The answer with its file read to the end, which closes it."""
    answer = client.get(address)
    answer.getvalue()
    return answer


@pytest.mark.parametrize("field", ["thumbnail", "cover", "logo"])
@pytest.mark.parametrize("attack", REFUSED)
def test_t90_a_hostile_picture_is_refused_at_its_field(owner, stored, field, attack):
    content, reason = REFUSED[attack]
    course = make.CourseFactory()

    with unchanged():
        sent = send_picture(owner, course, field, content)

    errors = {"The submitted file is empty."} if attack == "empty" else {f"The file {reason}."}
    assert (sent.status_code, set(sent.context["form"].errors[field]), stored()) == (422, errors, [])


@pytest.mark.parametrize("field", ["thumbnail", "cover", "logo"])
def test_t90_a_picture_is_kept_without_its_position(owner, field):
    course = make.CourseFactory()

    sent = send_picture(owner, course, field, told("JPEG", orientation=6), "me.png.svg")

    file = getattr(Course.objects.get(), field)
    with file.open() as kept:
        content = kept.read()
    assert (sent.status_code, SECRET in content, opened(content).size) == (302, False, (2, 4))
    assert (bool(OWN_PICTURE.fullmatch(file.name)), file.name[-4:]) == (True, ".jpg")


def test_t90_saving_again_keeps_a_picture_and_the_box_removes_it(owner):
    course = make.CourseFactory()
    send_picture(owner, course, "cover", told("PNG"))
    before = Course.objects.get().cover.name

    owner.post(settings_of(course), written(owner, course.slug))
    again = Course.objects.get().cover.name
    owner.post(settings_of(course), written(owner, course.slug) | {"cover-clear": "on"})

    assert (again, bool(before), Course.objects.get().cover.name) == (before, True, "")


@pytest.mark.parametrize("name", ["x.html", "x.svg", "x.xhtml", "x.js", "x.php", "x"])
def test_t90_a_document_that_a_browser_runs_is_no_material(owner, stored, name):
    lesson = make.LessonFactory()

    with unchanged():
        sent = send_material(owner, lesson, name)

    assert row_errors(sent) == [{"file": ["The file is not a type of file that may be a material."]}]
    assert (sent.status_code, stored()) == (422, [])


def test_t90_a_material_too_large_is_refused(owner, stored, settings):
    settings.MATERIAL_MAX_BYTES = 1024**2
    lesson = make.LessonFactory()

    with unchanged():
        sent = send_material(owner, lesson, "plan.pdf", bytes(1024**2 + 1))

    assert (row_errors(sent), stored()) == ([{"file": ["The file is too large: at most 1 MB are kept."]}], [])


@pytest.mark.parametrize("name", NAMES)
def test_t91_a_material_gets_a_name_of_our_own(owner, client, stored, name):
    lesson = make.LessonFactory(course__slug="c", slug="l", is_preview=True)

    sent = send_material(owner, lesson, name)

    material = Material.objects.get()
    answer = got(client, f"/courses/c/l/files/{material.pk}/")
    leaf = material.file.name.rpartition("/")[2]
    assert (sent.status_code, bool(OWN_MATERIAL.fullmatch(material.file.name))) == (302, True)
    assert stored() == [f"media/{material.file.name}"]
    assert (answer.status_code, answer["Content-Disposition"]) == (200, f'attachment; filename="{leaf}"')


@pytest.mark.parametrize("name", NAMES)
def test_t91_a_picture_gets_a_name_of_our_own(owner, client, stored, name):
    course = make.CourseFactory(slug="c")

    sent = send_picture(owner, course, "cover", told("PNG"), name)

    kept = Course.objects.get().cover.name
    assert (sent.status_code, bool(OWN_PICTURE.fullmatch(kept)), stored()) == (302, True, [f"media/{kept}"])
    assert dangers(client.get("/courses/c/").content.decode()) == []


@pytest.mark.parametrize(("name", "status"), [("x" * 4_000 + ".txt", 400), ("line\r\nSet-Cookie: sid=1.txt", 422)])
def test_t91_a_name_that_breaks_the_form_saves_nothing(owner, stored, name, status):
    lesson = make.LessonFactory()

    with unchanged():
        sent = send_material(owner, lesson, name)

    assert (sent.status_code, "sid" in sent.cookies, stored()) == (status, False, [])


TITLES = ["../../x", 'a"><img src=x onerror=alert(1)>.png', "x" * 200, "a\r\nSet-Cookie: sid=1", "'); alert(1)//"]


@pytest.mark.parametrize("title", TITLES)
def test_t91_pages_show_a_name_and_nothing_of_it_runs(client, owner, title):
    lesson = make.LessonFactory(course__slug="c", slug="l", is_preview=True)
    make.MaterialFactory(lesson=lesson, title=title, url="", file=ContentFile(b"x", name="x.txt"))

    pages = [client.get("/courses/c/l/"), owner.get("/courses/c/l/"), owner.get(editor_of(lesson))]

    assert [page.status_code for page in pages] == [200] * 3
    assert [("onerror=alert(1)>" in page.content.decode()) for page in pages] == [False] * 3


@pytest.mark.parametrize(
    "name",
    ['a"b.txt', "a\\b.txt", "日本語.txt", "a;filename=b.txt", "<img src=x>.txt", "a b'c.txt", "a\r\nX-Evil: 1.txt"],
)
def test_t91_a_name_from_before_is_encoded_in_the_header(client, settings, name):
    lesson = make.LessonFactory(course__slug="c", slug="l", is_preview=True)
    (settings.MEDIA_ROOT / "materials").mkdir(parents=True)
    (settings.MEDIA_ROOT / "materials" / name).write_bytes(b"x")
    material = make.MaterialFactory(lesson=lesson, url="", file=f"materials/{name}")

    answer = got(client, f"/courses/c/l/files/{material.pk}/")

    kind, _, value = answer["Content-Disposition"].partition("; ")
    assert (answer.status_code, kind) == (200, "attachment")
    assert re.fullmatch(r'filename="(?:[^"\\]|\\["\\])*"|filename\*=utf-8\'\'[\w.%~-]+', value)


PATHS = [
    "../../x.png", "..%2f..%2fx.png", "%2e%2e/x.png", "a%00.png", "a%0d%0aX-Evil:%201.png", "x" * 4_000 + ".png",
    'a"><img src=x onerror=alert(1)>.png', "a.svg", "a.png/", ".png", "a//b.png", "%c0%ae%c0%ae/x.png", "😀.png",
]  # fmt: skip


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("start", ["/courses/c/l/pictures/", "/media/courses/", "/media/", "/courses/c/l/files/"])
def test_t91_a_hostile_address_is_not_found(client, start, path):
    make.LessonFactory(course__slug="c", slug="l", is_preview=True)
    default_storage.save("x.png", ContentFile(b"x"))

    with unchanged():
        answer = got(client, start + path)

    assert answer.status_code in {301, 404}
    assert "onerror=alert(1)>" not in answer.content.decode()


@pytest.mark.parametrize("suffix", PICTURE_TYPES)
def test_t90_a_lessons_picture_is_sent_as_the_picture_its_name_says_whatever_it_holds(client, suffix):
    make.LessonFactory(course__slug="c", slug="l", is_preview=True)
    default_storage.save(f"lessons/c/l/p{suffix}", ContentFile(b"<script>alert(1)</script>"))

    answer = got(client, f"/courses/c/l/pictures/p{suffix}")

    sent = {name: answer[name] for name in ("Content-Type", "X-Content-Type-Options", "Content-Security-Policy")}
    assert sent == {
        "Content-Type": PICTURE_TYPES[suffix],
        "X-Content-Type-Options": "nosniff",
        "Content-Security-Policy": "sandbox; default-src 'none'",
    }


def test_t90_a_lesson_is_not_saved_when_its_file_is_refused(owner):
    lesson = make.LessonFactory(title="Before")

    send_material(owner, lesson, "x.html", title="After")

    assert (Lesson.objects.get().title, Material.objects.count()) == ("Before", 0)
