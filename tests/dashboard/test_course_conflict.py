"""Two people save the same settings: the second sees both versions, field by field, and loses nothing."""

import pytest
from django.core.files.storage import default_storage

from catalog.models import Course
from catalog.trash import trash_course
from tests import factories as make
from tests.conftest import client_of
from tests.dashboard.course_forms import picture, save, written
from tests.factories import NOW

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("_media")]
URL = "/dashboard/courses/bread/"


@pytest.fixture
def _media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"


@pytest.fixture
def course():
    course = make.CourseFactory(title="Bread", slug="bread", category=make.CategoryFactory(name="Food"))
    course.tags.add(make.TagFactory(slug="oven"))
    return course


@pytest.fixture
def other_client(db):
    return client_of(make.StaffFactory(name="Otto Other", is_superuser=True))


def seen(answer):
    return [(each.label, each.mine, each.theirs) for each in answer.context["conflict"].differences]


def test_both_versions_are_shown_in_words(owner_client, other_client, course):
    opened = written(owner_client, "bread")
    before = make.CourseFactory(title="Camera")
    theirs = {
        "title": "Rolls",
        "tags": "",
        "is_accredible_certified": "on",
        "prerequisites": [before.pk],
        "category": "",
    }
    save(other_client, "bread", **theirs)

    answer = owner_client.post(URL, opened | {"title": "Buns", "status": "locked"})

    assert answer.status_code == 409
    assert seen(answer) == [
        ("Title", "Buns", "Rolls"),
        ("Category", "Food", "No category"),
        (
            "Status",
            "Closed: Nobody new can join; those who take it go on.",
            "Published: Students see it, join it and learn.",
        ),
        ("Certificates come from Accredible", "no", "yes"),
        ("Tags", "oven", "(empty)"),
        ("Courses to complete first", "(empty)", "Camera"),
    ]
    assert ("Otto Other saved this course" in answer.text, "<title>Conflict:" in answer.text) == (True, True)
    assert (Course.objects.get(slug="bread").title, 'value="Buns"' in answer.text) == ("Rolls", True)


def again(answer, **changed):
    """What the browser sends of the page that shows the conflict."""
    form = answer.context["form"]
    return dict(form.data.lists()) | {"version": answer.context["version"]} | changed


def test_saving_again_overwrites(owner_client, other_client, course):
    opened = written(owner_client, "bread")
    save(other_client, "bread", title="Rolls", instructor_name="Ana")
    conflict = owner_client.post(URL, opened | {"title": "Buns"})

    answer = owner_client.post(URL, again(conflict))

    saved = Course.objects.get()
    assert (answer.status_code, saved.title, saved.instructor_name) == (302, "Buns", "")


THEIRS = {
    "title": "Rolls", "tags": "flour", "estimated_minutes": "0", "is_accredible_certified": "on",
    "access_duration_type": "until_date", "access_until": "2027-05-31T18:00", "status": "locked",
}  # fmt: skip
MINE = {
    "title": "Buns", "tags": "salt", "estimated_minutes": "9", "access_duration_type": "fixed_days",
    "access_duration_days": "30", "instructor_name": "Ana",
}  # fmt: skip


def test_theirs_are_taken_where_staff_choose_so(owner_client, other_client, course):
    opened = written(owner_client, "bread")
    save(other_client, "bread", **THEIRS)
    stored = Course.objects.get()
    conflict = owner_client.post(URL, opened | MINE)

    answer = owner_client.post(
        URL, again(conflict, theirs=[*THEIRS, "access_duration_days", "prerequisites", "no-such"])
    )

    saved = Course.objects.get()
    assert answer.status_code == 302
    assert {name: getattr(saved, name) for name in THEIRS if name != "tags"} == {
        name: getattr(stored, name) for name in THEIRS if name != "tags"
    }
    assert (saved.instructor_name, list(saved.tags.values_list("slug", flat=True))) == ("Ana", ["flour"])


def test_a_picture_of_mine_waits_and_is_told(owner_client, other_client, course):
    opened = written(owner_client, "bread")
    save(other_client, "bread", cover=picture())

    conflict = owner_client.post(URL, opened | {"thumbnail": picture()})
    owner_client.post(URL, again(conflict))

    assert seen(conflict) == [("Thumbnail", "a new picture", "no picture")]
    saved = Course.objects.get()
    assert (bool(saved.thumbnail), bool(saved.cover), default_storage.listdir("held")[1]) == (True, True, [])


def test_a_picture_of_theirs_is_kept_where_staff_choose_so(owner_client, other_client, course):
    opened = written(owner_client, "bread")
    save(other_client, "bread", thumbnail=picture())
    theirs = Course.objects.get().thumbnail.name
    conflict = owner_client.post(URL, opened | {"thumbnail": picture()})

    owner_client.post(URL, again(conflict, theirs=["thumbnail"], thumbnail=picture()))

    assert Course.objects.get().thumbnail.name == theirs


def test_the_same_form_sent_twice_is_saved_once(owner_client, course):
    sent = written(owner_client, "bread", title="Rolls")

    answers = [owner_client.post(URL, sent) for _ in range(2)]

    assert [answer.status_code for answer in answers] == [302, 302]


@pytest.mark.parametrize("version", ["", "x", "2026", "9" * 40])
def test_a_version_that_is_none_is_a_conflict(owner_client, course, version):
    answer = save(owner_client, "bread", title="Rolls", version=version)

    assert (answer.status_code, Course.objects.get().title) == (409, "Bread")


def test_what_nobody_noted_is_told_without_a_name(owner_client, course):
    opened = written(owner_client, "bread")
    course.title = "Rolls"
    course.save()

    assert "Somebody saved this course" in owner_client.post(URL, opened).text


def test_a_course_that_went_to_the_trash_meanwhile_is_not_found(owner_client, staff, course, monkeypatch):
    opened = written(owner_client, "bread")
    found = Course.objects.get()
    trash_course(course=course, actor=staff, now=NOW)
    monkeypatch.setattr("dashboard.views.courses.course_here", _once(found))

    assert owner_client.post(URL, opened).status_code == 404


def _once(found):
    """The course at the first look, nothing at the second."""
    from django.http import Http404

    looks = iter([found])

    def look(slug):
        for course in looks:
            return course
        raise Http404

    return look


def test_a_course_that_was_deleted_meanwhile_is_not_found(owner_client, course, monkeypatch):
    opened = written(owner_client, "bread")
    found = Course.objects.get()
    Course.objects.all().delete()
    monkeypatch.setattr("dashboard.views.courses.course_here", _once(found))
    opened |= {"category": "", "tags": ""}

    assert owner_client.post(URL, opened).status_code == 404
