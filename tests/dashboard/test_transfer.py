"""A course as a zip: export, import with its report first, and what the pages refuse."""

import io
import zipfile
from datetime import timedelta

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from catalog import tasks
from catalog.folders import zips
from catalog.models import Course, CourseImport, Lesson
from tests import factories as make
from tests.catalog.folders.conftest import _media  # noqa: F401 - a fixture
from tests.conftest import client_of
from tests.dashboard.posting import errors
from tests.dashboard.undo import told
from tests.threats.test_zip import zipped

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("_media")]
URL = "/dashboard/courses/import/"
COURSE = "---\ntitle: Bread\nslug: bread\nstatus: active\n---\n"
LESSON = "---\ntitle: Flour\nslug: flour\n---\nSieve.\n"


def upload(*entries, name="bread.zip"):
    content = zipped(*(entries or (("course.md", COURSE), ("01-flour.md", LESSON)))).getvalue()
    return SimpleUploadedFile(name, content, "application/zip")


def send(client, file, **fields):
    return client.post(URL, {"file": file} | fields)


def press(client, held, **fields):
    return client.post(f"{URL}{held.pk}/", {"sha256": held.sha256} | fields)


@pytest.fixture
def held(owner_client):
    send(owner_client, upload())
    return CourseImport.objects.get()


def test_the_way_in_asks_for_a_zip(owner_client):
    page = owner_client.get(URL)

    assert (page.status_code, 'enctype="multipart/form-data"' in page.text) == (200, True)


def test_an_upload_leads_to_its_report_and_saves_nothing(owner_client):
    answer = send(owner_client, upload())
    page = owner_client.get(answer.url)

    assert answer.url == f"{URL}{CourseImport.objects.get().pk}/"
    assert "This makes a new course at /courses/bread/: created 1 course, created 1 lesson, unchanged 0." in " ".join(
        page.text.split()
    )
    assert Course.objects.count() == 0


def test_import_does_it_and_leads_to_the_course(owner_client, held):
    answer = press(owner_client, held)

    assert answer.url == f"{URL}{held.pk}/"
    assert told(owner_client, answer.url) == ["Bread is imported."]
    assert 'href="/courses/bread/"' in owner_client.get(answer.url).text
    assert Lesson.objects.get().slug == "flour"


def test_import_pressed_twice_is_refused_the_second_time(owner_client, held):
    answers = [press(owner_client, held) for _ in range(2)]

    assert [answer.status_code for answer in answers] == [302, 409]
    assert "This file was imported already." in answers[1].text


def test_another_file_than_the_one_on_the_page_is_refused(owner_client, held):
    answer = press(owner_client, held, sha256="0" * 64)

    assert (answer.status_code, Course.objects.count()) == (409, 0)


def test_a_course_changed_meanwhile_is_told_and_can_be_checked_again(owner_client, held):
    make.CourseFactory(slug="bread", title="Old bread")

    refused = press(owner_client, held)
    press(owner_client, held, do="check")
    done = press(owner_client, held)

    assert "The course was changed since this file was checked. Check it again." in refused.text
    assert (refused.status_code, done.status_code, Course.objects.get().title) == (409, 302, "Bread")


def test_checking_again_says_what_would_change_now(owner_client, held):
    make.CourseFactory(slug="bread", title="Old bread")

    answer = press(owner_client, held, do="check")

    assert "This updates" in owner_client.get(answer.url).text


def test_what_cannot_be_imported_any_more_is_told_by_file(owner_client, held):
    make.CourseFactory(slug="bread", status="draft", trashed_at=timezone.now())

    answer = press(owner_client, held, do="check")

    assert answer.status_code == 409
    assert "slug: is of a course in the trash; restore it" in answer.text


def test_after_an_hour_the_page_asks_for_the_file_again(owner_client, held):
    CourseImport.objects.update(checked_at=timezone.now() - timedelta(hours=1, seconds=1))

    page, refused = owner_client.get(f"{URL}{held.pk}/"), press(owner_client, held)

    assert ("Upload again" in page.text, "sha256" in page.text, refused.status_code) == (True, False, 409)


def test_the_report_lists_each_change_with_its_file_and_what_to_look_at(owner_client):
    course = make.CourseFactory(slug="bread", title="Bread", status="active")
    make.LessonFactory(course=course, slug="flour", title="Flour", is_published=True)
    begun = make.LessonFactory(course=course, slug="water", title="Water", is_published=True)
    make.LessonProgressFactory(lesson=begun)
    make.LessonFactory(course=course, slug="salt", title="Salt")

    picture = "![x](files/none.png)"
    answer = send(owner_client, upload(("course.md", COURSE), ("01-flour.md", LESSON + picture)))
    text = owner_client.get(answer.url).text

    assert [mark in text for mark in ("Changed", "Unpublished", "Removed", "01-flour.md", "not in the file")] == [
        True
    ] * 5
    assert "files/none.png: is not in the folder; the picture is left out" in text


def test_problems_stand_by_file_and_line(owner_client):
    answer = send(owner_client, upload(("course.md", "---\ntitle: Bread\nslug: bread\ncolour: red\n---\n")))

    assert (answer.status_code, CourseImport.objects.count()) == (422, 0)
    assert answer.context["problems"][0].line == 4
    assert "<title>Error: Import a course" in answer.text


@pytest.mark.parametrize("raw", [b"x", b"PK\5\6" + bytes(18)])
def test_what_is_no_zip_or_holds_no_course_is_refused(owner_client, raw):
    answer = send(owner_client, SimpleUploadedFile("x.zip", raw))

    assert (answer.status_code, list(errors(answer))) == (422, ["file"])


@pytest.mark.parametrize(
    ("fields", "wrong"),
    [
        ({}, "file"),
        ({"file": SimpleUploadedFile("x.zip", b"")}, "file"),
        ({"file": "text"}, "file"),
        ({"slug": "Not a slug"}, "slug"),
        ({"slug": "a" * 121}, "slug"),
        ({"slug": "a\0b"}, "slug"),
        ({"base_url": "javascript:alert(1)"}, "base_url"),
        ({"base_url": "https://x.example/" + "a" * 300}, "base_url"),
    ],
)
def test_wrong_fields_are_told_at_the_field(owner_client, fields, wrong):
    answer = owner_client.post(URL, fields)

    assert (answer.status_code, wrong in errors(answer)) == (422, True)


def test_a_zip_too_large_is_not_read(owner_client, monkeypatch):
    monkeypatch.setattr("dashboard.forms.transfer.MAX_ZIP_BYTES", 10)

    assert errors(send(owner_client, upload())) == {"file": ["Choose a zip of at most 100 MB."]}


def test_a_long_or_strange_file_name_is_kept_tame(owner_client):
    name = "ü" * 190 + '"<b>.zip'

    answer = send(owner_client, upload(name=name))

    assert owner_client.get(answer.url).status_code == 200


def test_an_import_is_its_uploader_s_only(held):
    other = client_of(make.StaffFactory(is_superuser=True))

    assert [other.get(f"{URL}{held.pk}/").status_code, press(other, held).status_code] == [404, 404]


def test_a_repository_may_be_told_its_address(owner_client):
    send(
        owner_client,
        upload(("README.md", "# Bread\n\nHow bread is made at home.\n"), ("01-a/01.md", "# Flour\n")),
        slug="Brot",
    )

    assert CourseImport.objects.get().course_slug == "brot"


def test_export_gives_the_folder_with_its_files(owner_client):
    course = make.CourseFactory(slug="bread", title="Bread")
    lesson = make.LessonFactory(course=course, slug="flour")
    make.MaterialFactory(lesson=lesson, url="", file="materials/bread/plan.pdf")
    default_storage.save("materials/bread/plan.pdf", io.BytesIO(b"%PDF"))

    answer = owner_client.get("/dashboard/courses/bread/export/")
    archive = zipfile.ZipFile(io.BytesIO(answer.getvalue()))

    assert answer["Content-Disposition"] == 'attachment; filename="bread.zip"'
    assert archive.namelist() == ["bread/01-flour.md", "bread/course.md", "bread/files/plan.pdf"]
    assert archive.read("bread/files/plan.pdf") == b"%PDF"


def test_what_was_exported_changes_nothing_when_it_comes_back(owner_client, staff):
    course = make.CourseFactory(slug="bread", title="Bread")
    make.LessonFactory(course=course, slug="flour")
    sink = io.BytesIO()
    zips.write_zip(course, sink)

    answer = send(owner_client, SimpleUploadedFile("bread.zip", sink.getvalue()))

    assert "The course is as the file says already. Importing changes nothing." in owner_client.get(answer.url).text


def test_a_file_gone_from_the_storage_is_told(owner_client):
    lesson = make.LessonFactory(course__slug="bread", course__title="Bread")
    make.MaterialFactory(lesson=lesson, url="", file="materials/bread/gone.pdf")

    answer = owner_client.get("/dashboard/courses/bread/export/")

    assert told(owner_client, answer.url) == [
        "Bread cannot be exported: one of its files is gone. Look at its materials."
    ]


def test_a_course_in_the_trash_is_not_exported(owner_client):
    make.CourseFactory(slug="bread", status="draft", trashed_at=timezone.now())

    assert owner_client.get("/dashboard/courses/bread/export/").status_code == 404


@pytest.mark.parametrize("url", [URL, f"{URL}1/", "/dashboard/courses/bread/export/"])
def test_who_may_not_edit_courses_stays_outside(staff_client, url):
    assert [staff_client.get(url).status_code, staff_client.post(url).status_code] == [
        403,
        403 if "import" in url else 405,
    ]


def test_uploads_are_forgotten_by_the_worker(held):
    CourseImport.objects.update(checked_at=timezone.now() - timedelta(hours=2))

    tasks.forget_imports()

    assert CourseImport.objects.count() == 0
