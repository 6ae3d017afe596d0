"""T95: no address that somebody wrote into the site is ever asked for by the site itself.

Nothing fetches: thumbnails and players are addresses built from the parsed link, and the student's browser asks for
them. Whoever adds a fetch meets these tests first, and must then hold to https, named hosts and no redirects.
"""

import ast
import http.client
import socket
import urllib.request
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command

from catalog.folders.importing import import_folder
from catalog.models import Course, Lesson
from catalog.services import save_course, save_lesson
from tests import factories as make
from tests.conftest import client_of
from tests.dashboard.lessons.sending import Editor

pytestmark = pytest.mark.django_db
APPS = ("courses_project", "dashboard", "api", "progress", "access", "catalog", "accounts", "common")
CLIENTS = {
    "requests", "httpx", "aiohttp", "urllib3", "socket", "ssl", "asyncio", "http.client", "ftplib", "telnetlib",
    "urllib.request", "xmlrpc", "xmlrpc.client", "subprocess", "smtplib", "imaplib", "poplib",
}  # fmt: skip
HOSTS = [
    "127.0.0.1", "localhost", "127.1", "0", "2130706433", "0x7f000001", "0177.0.0.1", "[::1]", "[::]",
    "[::ffff:127.0.0.1]", "[::ffff:7f00:1]", "169.254.169.254", "2852039166", "0xa9fea9fe", "[::ffff:169.254.169.254]",
    "[::ffff:a9fe:a9fe]", "[fd00:ec2::254]", "metadata.google.internal", "127.0.0.1.nip.io", "10.0.0.1", "192.168.1.1",
    "①②⑦.⓪.⓪.①", "www.youtube.com@127.0.0.1", "127.0.0.1:6379", "redirect.evil.example",
]  # fmt: skip
KNOWN = [
    "https://www.youtube.com/watch?v=dQw4w9WgXcQ", "https://vimeo.com/76979871",
    "https://www.loom.com/share/0123456789abcdef0123456789abcdef",
    "https://drive.google.com/file/d/1a2b3c4d5e6f7g8h9i0j/view", "https://example.wistia.com/medias/abcdefghij",
    "https://youtu.be/dQw4w9WgXcQ?list=x&redirect=http://127.0.0.1/",
]  # fmt: skip
ADDRESSES = [f"http{'s' * (index % 2)}://{host}/x.mp4" for index, host in enumerate(HOSTS)] + KNOWN
MISSING = "no such host in a test"


@contextmanager
def recorded(monkeypatch):
    """`with recorded(monkeypatch) as asked:` collects each host that anything tries to resolve or to reach."""
    asked = []

    def refuse(*arguments, **_options):
        asked.append(str(arguments[-1] if isinstance(arguments[0], socket.socket) else arguments[0]))
        raise OSError(MISSING)

    with monkeypatch.context() as patch:
        for name in ("getaddrinfo", "gethostbyname", "gethostbyname_ex", "create_connection"):
            patch.setattr(socket, name, refuse)
        for name in ("connect", "connect_ex", "sendto"):
            patch.setattr(socket.socket, name, refuse)
        yield asked


def save_hostile_lesson(address):
    """A lesson with the address in every field that holds one."""
    course = make.CourseFactory.build(slug="c", description=f"![p]({address}) {address}", discussion_url=address)
    lesson = make.LessonFactory.build(
        course=save_course(course), slug="l", is_preview=True, lesson_type="live", video_url=address,
        video_thumbnail_url=address, meeting_url=address, body=f"{address}\n\n![p]({address})\n\n[x]({address})",
        homework=f'<iframe src="{address}"></iframe>\n\n<img src="{address}">',
    )  # fmt: skip
    save_lesson(lesson)
    make.MaterialFactory(lesson=lesson, url=address)
    return lesson


def test_the_recorder_notices_whoever_asks(monkeypatch):
    with recorded(monkeypatch) as asked:
        for address in ("http://127.0.0.1/x", "https://2852039166/", "http://[::ffff:a9fe:a9fe]/"):
            with suppress(OSError):
                urllib.request.build_opener().open(address)
        with suppress(OSError):
            http.client.HTTPConnection("evil.example").connect()
        with suppress(OSError), socket.socket() as raw:
            raw.connect(("10.0.0.1", 80))

    hosts = [("127.0.0.1", 80), ("2852039166", 443), ("::ffff:a9fe:a9fe", 80), ("evil.example", 80), ("10.0.0.1", 80)]
    assert asked == [str(host) for host in hosts]


@pytest.mark.parametrize("address", ADDRESSES)
def test_saving_checking_and_showing_an_address_asks_nobody(client, monkeypatch, address):
    student = client_of(make.UserFactory())

    with recorded(monkeypatch) as asked:
        lesson = save_hostile_lesson(address)
        for options in ([], ["--fix"]):
            with suppress(CommandError):
                call_command("check_videos", *options)
        with suppress(CommandError):
            call_command("add_google_drive", "c", f"l={address}")
        urls = ["/courses/c/", "/courses/c/l/", f"/api/courses/c/units/{lesson.pk}", "/", "/courses/", "/sitemap.xml"]
        answers = {each.get(url).status_code for url in urls for each in (client, student)}

    assert (asked, max(answers) < 500) == ([], True)


FOLDER = """---
title: C
slug: c
{key}: "{address}"
---

{address}

![p]({address}) [x]({address})

<video src="{address}"></video>
"""


@pytest.mark.parametrize("address", ADDRESSES)
def test_importing_and_exporting_an_address_asks_nobody(monkeypatch, tmp_path, settings, address):
    settings.MEDIA_ROOT = tmp_path / "media"
    ours, plain = tmp_path / "ours", tmp_path / "plain"
    for folder in (ours, plain):
        folder.mkdir()
    (ours / "course.md").write_text(FOLDER.format(key="discussion_url", address="https://example.com"))
    (ours / "01-l.md").write_text(FOLDER.format(key="video", address=address))
    (plain / "01-l.md").write_text(f"# L\n\n{FOLDER.format(key='x', address=address)}")

    with recorded(monkeypatch) as asked:
        import_folder(ours)
        import_folder(plain, slug="plain", base_url="http://127.0.0.1/")
        call_command("export_course", "c", str(tmp_path / "out"))

    assert (asked, Course.objects.count(), Lesson.objects.count()) == ([], 2, 2)


@pytest.mark.parametrize("host", HOSTS)
def test_a_course_cannot_take_its_picture_from_an_address(monkeypatch, tmp_path, host):
    (tmp_path / "course.md").write_text(FOLDER.format(key="cover", address=f"http://{host}/x.png"))

    with recorded(monkeypatch) as asked, pytest.raises(Exception, match="is not in the folder"):
        import_folder(tmp_path)

    assert asked == []


@pytest.mark.parametrize("host", HOSTS)
def test_staff_saving_an_address_asks_nobody(monkeypatch, host):
    owner = client_of(make.StaffFactory(is_superuser=True))
    lesson, address = make.LessonFactory(), f"http://{host}/x.mp4"
    editor = Editor(owner, f"/dashboard/lessons/{lesson.pk}/edit/")

    with recorded(monkeypatch) as asked:
        sent = editor.send(video_url=address)

    kept = {302: address, 422: ""}[sent.status_code]  # what is no plain host is refused at its field
    assert (Lesson.objects.get().video_url, asked) == (kept, [])


def imports_of(path):
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.level == 0:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def test_no_module_of_the_site_imports_what_could_fetch():
    files = [path for app in APPS for path in Path(settings.BASE_DIR, app).rglob("*.py")]

    found = {(str(path.relative_to(settings.BASE_DIR)), name) for path in files for name in imports_of(path)}

    fetching = {(path, name) for path, name in found if name in CLIENTS}
    assert fetching == {("common/cloud_storage.py", "requests")}  # files of our own, from Cloudinary's address alone
    assert len(files) > 100  # the walk itself did not come up empty
