"""Files at Cloudinary: the same names and answers as on a disk; what is private is fetched with our signature only."""

import io

import pytest
import requests
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from catalog.folders import holding
from catalog.folders.zips import write_zip
from catalog.models import Course, CourseImport, Material
from common.cloud_storage import CloudStorage
from common.storages import StorageAway
from tests import factories as make
from tests.common.cloud import FakeCloudinary
from tests.dashboard.conftest import owner, owner_client  # noqa: F401 - fixtures
from tests.dashboard.test_transfer import press, send, upload
from tests.factories import NOW

PRIVATE = "materials/bread/plan (1).pdf"
PUBLIC = "courses/bread/oven.png"


@pytest.fixture
def cloud(httpserver):
    return FakeCloudinary(httpserver)


@pytest.fixture
def storage(cloud):
    return CloudStorage(**cloud.options)


@pytest.fixture
def in_use(cloud, settings):
    """The site keeps its files there."""
    options = {"BACKEND": "common.cloud_storage.CloudStorage", "OPTIONS": cloud.options}
    settings.STORAGES = settings.STORAGES | {"default": options}
    return cloud


def test_what_is_saved_is_read_again(storage, cloud):
    name = storage.save(PRIVATE, ContentFile(b"%PDF"))

    with storage.open(name) as file:
        assert (name, file.read(), file.name) == (PRIVATE, b"%PDF", PRIVATE)


def test_only_pictures_of_courses_are_public(storage, cloud):
    for name in (PRIVATE, PUBLIC, "lessons/bread/flour/x.png", "imports/x.zip"):
        storage.save(name, ContentFile(b"x"))

    kinds = {name: kind for kind, name in cloud.files}
    assert kinds.pop(PUBLIC) == "upload"
    assert set(kinds.values()) == {"authenticated"}


def test_a_link_without_our_signature_opens_nothing(storage, cloud):
    storage.save(PRIVATE, ContentFile(b"%PDF"))
    link = cloud.server.url_for("/v1_1/demo/raw/download")

    answer = requests.get(link, {"public_id": PRIVATE, "type": "authenticated", "signature": "0" * 40}, timeout=5)

    assert answer.status_code == 401


def test_an_empty_file_is_a_file(storage, cloud):
    storage.save(PRIVATE, ContentFile(b""))

    assert (storage.size(PRIVATE), cloud.files["authenticated", PRIVATE]) == (0, b"")


def test_a_taken_name_gets_another(storage):
    names = [storage.save(PRIVATE, ContentFile(b"x")) for _ in range(2)]

    assert names[0] == PRIVATE
    assert names[1] not in {PRIVATE, ""}


def test_what_is_deleted_is_gone_and_deleting_again_is_nothing(storage):
    storage.save(PRIVATE, ContentFile(b"x"))
    for _ in range(2):
        storage.delete(PRIVATE)

    assert storage.exists(PRIVATE) is False
    with pytest.raises(FileNotFoundError):
        storage.open(PRIVATE)
    with pytest.raises(FileNotFoundError):
        storage.size(PRIVATE)


def test_a_folder_is_listed_however_many_pages_it_has(storage, cloud):
    cloud.per_page = 2
    for name in ("a/1", "a/2", "a/b/3", "a/b/4", "a/c/5"):
        storage.save(f"lessons/{name}", ContentFile(b"x"))

    assert storage.listdir("lessons/a") == (["b", "c"], ["1", "2"])
    assert [storage.exists(f"lessons/{name}/") for name in ("a", "b")] == [True, False]


def test_a_file_says_its_size_and_age(storage):
    storage.save(PRIVATE, ContentFile(b"four"))

    assert (storage.size(PRIVATE), storage.get_modified_time(PRIVATE)) == (4, NOW)


def test_addresses_are_those_of_a_disk(storage):
    assert [storage.url(PUBLIC), storage.url("courses/bread/ö.png"), storage.url(None)] == [
        "/media/courses/bread/oven.png",
        "/media/courses/bread/%C3%B6.png",
        "/media/",
    ]


def test_everybody_gets_a_public_file_from_cloudinary(storage):
    address = storage.public_url(PUBLIC)

    assert address == "https://res.cloudinary.com/demo/raw/upload/v1/courses/bread/oven.png"


@pytest.mark.parametrize("status", [401, 420, 500, 502])
@pytest.mark.parametrize(
    "do",
    [
        lambda storage: storage.save(PUBLIC, ContentFile(b"x")),
        lambda storage: storage.open(PRIVATE),
        lambda storage: storage.delete(PRIVATE),
        lambda storage: storage.exists(PRIVATE),
        lambda storage: storage.listdir("lessons"),
    ],
)
def test_a_refusal_is_told_as_one(storage, cloud, do, status):
    cloud.down = status

    with pytest.raises(StorageAway, match="does not answer as it should"):
        do(storage)


def test_nobody_there_is_told_the_same(cloud):
    storage = CloudStorage(**cloud.options | {"upload_prefix": "http://127.0.0.1:1"})

    with pytest.raises(StorageAway):
        storage.open(PRIVATE)


@pytest.mark.django_db
def test_a_material_is_handed_out_by_the_site_after_its_decision(in_use, client, owner_client):  # noqa: F811
    lesson = make.LessonFactory(course__slug="bread", course__status="active", slug="flour", is_published=True)
    default_storage.save(PRIVATE, ContentFile(b"%PDF"))
    material = Material.objects.create(lesson=lesson, title="Plan", file=PRIVATE)
    url = f"/courses/bread/flour/files/{material.pk}/"

    answers = [client.get(url), owner_client.get(url)]

    assert [answer.status_code for answer in answers] == [404, 200]
    assert answers[1].getvalue() == b"%PDF"


@pytest.mark.django_db
def test_a_public_picture_leads_to_cloudinary(in_use, client):
    answer = client.get("/media/courses/bread/oven.png")

    assert (answer.status_code, answer.url) == (302, default_storage.public_url(PUBLIC))


@pytest.mark.django_db
def test_a_course_goes_out_and_comes_back(in_use, staff):
    lesson = make.LessonFactory(course__slug="bread", slug="flour")
    default_storage.save("materials/bread/plan.pdf", ContentFile(b"%PDF"))
    Material.objects.create(lesson=lesson, title="Plan", file="materials/bread/plan.pdf")
    sink = io.BytesIO()
    write_zip(lesson.course, sink)
    Course.objects.all().delete()
    in_use.files.clear()

    held = holding.hold_upload(upload=ContentFile(sink.getvalue(), name="bread.zip"), owner=staff, now=NOW)
    holding.import_held(held=held, sha256=held.sha256, actor=staff, now=NOW)

    assert in_use.files["authenticated", "materials/bread/plan.pdf"] == b"%PDF"


@pytest.mark.django_db
def test_an_upload_that_cannot_be_kept_is_told_at_the_field(in_use, owner_client):  # noqa: F811
    in_use.down = 500

    answer = send(owner_client, upload())

    assert (answer.status_code, CourseImport.objects.count()) == (422, 0)
    assert "The file storage does not answer as it should. Try again in a few minutes." in answer.text


@pytest.mark.django_db
def test_an_import_that_cannot_be_read_saves_nothing(in_use, owner_client):  # noqa: F811
    send(owner_client, upload())
    in_use.down = 500

    answer = press(owner_client, CourseImport.objects.get())

    assert (answer.status_code, Course.objects.count()) == (409, 0)


@pytest.mark.django_db
def test_a_page_that_does_not_say_so_itself_is_followed_by_one_that_does(in_use, owner_client):  # noqa: F811
    lesson = make.LessonFactory(course__slug="bread", course__status="active", slug="flour", is_published=True)
    material = Material.objects.create(lesson=lesson, title="Plan", file=PRIVATE)
    in_use.down = 500

    answer = owner_client.get(f"/courses/bread/flour/files/{material.pk}/")

    assert (answer.status_code, "try again in a few minutes" in answer.text) == (503, True)
