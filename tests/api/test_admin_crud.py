"""Courses, modules and units for staff's machines  [004 R-CRS-7]: made, read, changed, deleted, and refused."""

import json

import pytest
from django.test import Client

from accounts.models import StaffAction
from api.urls import api
from catalog.models import Course, Lesson, Module
from catalog.services import recount_lessons
from tests import factories as make
from tests.catalog.outlines import course_of, order_of
from tests.conftest import client_of
from tests.threats.state import unchanged

pytestmark = pytest.mark.django_db


@pytest.fixture
def course():
    return course_of(Welcome=["a", "b"], Voice=["c"])


@pytest.fixture
def editor_client(db):
    return client_of(make.StaffFactory(is_superuser=True))


def call(client, method, path, **body):
    return client.generic(method, f"/api/admin/{path}", json.dumps(body), content_type="application/json")


def refused(response):
    error = response.json()["error"]
    return response.status_code, error["code"], [each["field"] for each in error.get("fields") or ()]


def module(course, title):
    return course.modules.get(title=title)


def lesson(course, title):
    return course.lessons.get(title=title)


def test_a_course_is_made_as_a_draft_with_an_address_from_its_title(editor_client):
    answer = call(editor_client, "POST", "courses", title="On Camera", tags=["Video Tips", "video tips"])

    made = Course.objects.get()
    assert (answer.status_code, answer.json()["slug"], answer.json()["tags"]) == (201, "on-camera", ["video-tips"])
    assert (made.status, StaffAction.objects.order_by("pk").first().verb) == ("draft", "created")


def test_a_course_needs_a_title_only(editor_client):
    answer = call(editor_client, "POST", "courses/", title="On Camera")

    assert (answer.status_code, [note.verb for note in StaffAction.objects.all()]) == (201, ["created"])


def test_a_course_is_read_changed_and_listed(editor_client, course):
    fields = {"title": "New", "description": "*Hello*", "status": "locked", "required_level": 2}
    fields |= {"enrollment_method": "purchase", "discussion_url": "https://example.com/talk"}

    changed = call(editor_client, "PATCH", f"courses/{course.slug}", **fields)
    read = call(editor_client, "GET", f"courses/{course.slug}/")
    listed = call(editor_client, "GET", "courses")

    assert (changed.status_code, {name: read.json()[name] for name in fields}) == (200, fields)
    assert (listed.json(), changed.json()) == ({"courses": [read.json()]}, read.json())
    assert Course.objects.get().description_html == "<p><em>Hello</em></p>\n"


def test_what_is_not_named_stays(editor_client, course):
    recount_lessons(course.pk)
    course.tags.add(make.TagFactory(slug="kept"))
    make.PrerequisiteFactory(course=course)
    before = call(editor_client, "GET", f"courses/{course.slug}").json()

    call(editor_client, "PATCH", f"courses/{course.slug}", instructor_name="Ada", title=None)

    after = call(editor_client, "GET", f"courses/{course.slug}").json()
    assert {name for name in after if after[name] != before[name]} == {"instructor_name", "updated_at"}
    assert course.prerequisites.count() == 1


def test_a_course_goes_to_the_trash(editor_client, course):
    answer = call(editor_client, "DELETE", f"courses/{course.slug}")

    assert (answer.status_code, answer.content, Course.objects.get().trashed_at is None) == (204, b"", False)
    assert call(editor_client, "GET", f"courses/{course.slug}").status_code == 404
    assert call(editor_client, "GET", "courses").json() == {"courses": []}


@pytest.mark.parametrize(
    ("fields", "wrong"),
    [
        ({}, ["title"]),
        ({"title": ""}, ["title"]),
        ({"title": "x" * 201}, ["title"]),
        ({"title": 1}, ["title"]),
        ({"title": "x", "slug": "add"}, ["slug"]),
        ({"title": "x", "slug": "a b"}, ["slug"]),
        ({"title": "日本"}, ["slug"]),
        ({"title": "x", "required_level": True}, ["required_level"]),
        ({"title": "x", "required_level": 4}, ["required_level"]),
        ({"title": "x", "required_level": 2}, ["body"]),
        ({"title": "x", "status": "published"}, ["status"]),
        ({"title": "x", "discussion_url": "javascript:alert(1)"}, ["discussion_url"]),
        ({"title": "x", "discussion_url": "ftp://example.com/x"}, ["discussion_url"]),
        ({"title": "x", "trashed_at": None}, ["trashed_at"]),
        ({"title": "x", "tags": [1]}, ["tags.0"]),
    ],
)
def test_a_wrong_course_is_refused_whole(editor_client, fields, wrong):
    with unchanged():
        answer = call(editor_client, "POST", "courses", **fields)

    assert refused(answer) == (400, "invalid", wrong)


def test_an_address_is_taken_once(editor_client, course):
    other = make.CourseFactory(slug="other")
    with unchanged():
        made = call(editor_client, "POST", "courses", title="x", slug="other")
        changed = call(editor_client, "PATCH", f"courses/{course.slug}", slug=other.slug)

    assert [refused(answer)[:2] for answer in (made, changed)] == [(409, "slug_taken")] * 2


def test_a_new_address_of_a_course_is_answered(editor_client, course):
    answer = call(editor_client, "PATCH", f"courses/{course.slug}", slug="moved")

    assert (answer.status_code, answer.json()["slug"]) == (200, "moved")


@pytest.mark.parametrize("path", ["courses/{slug}", "units/{unit}"])
def test_a_stale_change_is_a_conflict(editor_client, course, path):
    url = path.format(slug=course.slug, unit=lesson(course, "a").pk)
    shown = call(editor_client, "GET", url).json()["updated_at"]

    first = call(editor_client, "PATCH", url, title="Mine", updated_at=shown)
    second = call(editor_client, "PATCH", url, title="Theirs", updated_at=shown)

    assert (first.status_code, refused(second)[:2]) == (200, (409, "conflict"))
    assert call(editor_client, "GET", url).json()["title"] == "Mine"


def test_a_module_is_made_read_changed_and_listed(editor_client, course):
    made = call(editor_client, "POST", f"courses/{course.slug}/modules", title="Words", description="*All*")
    changed = call(editor_client, "PATCH", f"modules/{made.json()['id']}", title="Sentences")
    listed = call(editor_client, "GET", f"courses/{course.slug}/modules")
    read = call(editor_client, "GET", f"modules/{module(course, 'Welcome').pk}")

    assert (made.status_code, made.json()["sort_order"], changed.json()["description"]) == (201, 3, "*All*")
    assert [each["title"] for each in listed.json()["modules"]] == ["Welcome", "Voice", "Sentences"]
    assert [unit["title"] for unit in read.json()["units"]] == ["a", "b"]


def test_a_module_is_described_under_its_title(editor_client, course):
    answer = call(editor_client, "PATCH", f"modules/{module(course, 'Voice').pk}", description="Loud")

    assert (answer.json()["title"], answer.json()["description"]) == ("Voice", "Loud")


def test_a_module_is_deleted_and_its_units_stay(editor_client, course):
    answer = call(editor_client, "DELETE", f"modules/{module(course, 'Voice').pk}")

    assert (answer.status_code, order_of(course)) == (204, {"": [], "Welcome": ["a", "b", "c"]})


def test_a_module_deleted_meanwhile_is_not_found(editor_client, course, monkeypatch):
    gone = Module.objects.select_related("course").get(title="Voice")
    Module.objects.filter(pk=gone.pk).delete()
    monkeypatch.setattr("api.views.admin_modules._module", lambda module_id: gone)

    assert refused(call(editor_client, "DELETE", f"modules/{gone.pk}"))[:2] == (404, "not_found")


def test_a_unit_is_made_unpublished_at_the_end_of_its_module(editor_client, course):
    welcome = module(course, "Welcome").pk
    answer = call(editor_client, "POST", f"courses/{course.slug}/units", title="First words", module_id=welcome)

    made = answer.json()
    assert (answer.status_code, made["slug"], made["is_published"], made["module_id"]) == (
        201,
        "first-words",
        False,
        welcome,
    )
    assert order_of(course)["Welcome"] == ["a", "b", "First words"]


def test_a_unit_is_made_with_content_and_read(editor_client, course):
    fields = {"title": "Words", "body": "# Hi", "homework": "Say it", "video_url": "https://vimeo.com/76979871"}
    fields |= {"timestamps": [{"time_seconds": 5, "label": "Start"}], "is_preview": True, "is_published": True}

    made = call(editor_client, "POST", f"courses/{course.slug}/units", **fields).json()
    read = call(editor_client, "GET", f"units/{made['id']}").json()

    assert ({name: read[name] for name in fields}, made) == (fields, read)
    assert (Lesson.objects.get(pk=made["id"]).video_id, Course.objects.get().lesson_count) == ("76979871", 4)


def test_a_changed_unit_keeps_what_hangs_on_it(editor_client, course):
    row = lesson(course, "a")
    make.MaterialFactory(lesson=row, title="Workbook")
    make.TranscriptFactory(lesson=row, text="Hello")
    Lesson.objects.filter(pk=row.pk).update(available_after_days=3)

    call(editor_client, "PATCH", f"units/{row.pk}", module_id=None, available_after_days=None, slug="start", body=None)

    row.refresh_from_db()
    assert (row.module, row.available_after_days, row.slug) == (None, None, "start")
    assert (row.materials.get().title, row.transcript.text) == ("Workbook", "Hello")


def test_units_are_listed_in_reading_order_also_unpublished_ones(editor_client, course):
    Lesson.objects.filter(title="a").update(is_published=False)

    answer = call(editor_client, "GET", f"courses/{course.slug}/units")

    assert [(unit["title"], unit["is_published"]) for unit in answer.json()["units"]] == [
        ("a", False),
        ("b", True),
        ("c", True),
    ]
    assert "body" not in answer.json()["units"][0]


def test_a_unit_goes_to_the_trash(editor_client, course):
    row = lesson(course, "a")

    answer = call(editor_client, "DELETE", f"units/{row.pk}")

    assert (answer.status_code, call(editor_client, "GET", f"units/{row.pk}").status_code) == (204, 404)
    assert Lesson.objects.get(pk=row.pk).trashed_at is not None


@pytest.mark.parametrize(
    ("fields", "wrong"),
    [
        ({"title": " "}, ["title"]),
        ({"slug": "quiz"}, ["slug"]),
        ({"slug": "2026"}, ["slug"]),
        ({"slug": "a/b"}, ["slug"]),
        ({"module_id": 2**62}, ["module_id"]),
        ({"module_id": 0}, ["module_id"]),
        ({"module_id": True}, ["module_id"]),
        ({"video_url": "javascript:alert(1)"}, ["video_url"]),
        ({"video_url": "https://youtube.com.evil.tld/watch?v=x"}, ["video_url"]),
        ({"timestamps": [{"time_seconds": -1, "label": "x"}]}, ["timestamps.0.time_seconds"]),
        ({"timestamps": "x"}, ["timestamps"]),
        ({"available_after_days": 2**31}, ["available_after_days"]),
        ({"is_published": 1}, ["is_published"]),
        ({"lesson_type": "opera"}, ["lesson_type"]),
        ({"course_id": 1}, ["course_id"]),
    ],
)
def test_a_wrong_unit_is_refused_whole(editor_client, course, fields, wrong):
    with unchanged():
        made = call(editor_client, "POST", f"courses/{course.slug}/units", **{"title": "x"} | fields)
        changed = call(editor_client, "PATCH", f"units/{lesson(course, 'a').pk}", **fields)

    assert [refused(answer) for answer in (made, changed)] == [(400, "invalid", wrong)] * 2


def test_a_module_of_another_course_is_refused(editor_client, course):
    foreign = make.ModuleFactory().pk

    with unchanged():
        made = call(editor_client, "POST", f"courses/{course.slug}/units", title="x", module_id=foreign)
        moved = call(editor_client, "PATCH", f"units/{lesson(course, 'a').pk}", module_id=foreign)

    assert [refused(answer) for answer in (made, moved)] == [(400, "invalid", ["module_id"])] * 2


def test_a_unit_whose_address_is_taken_is_a_conflict(editor_client, course):
    with unchanged():
        answer = call(editor_client, "PATCH", f"units/{lesson(course, 'a').pk}", slug="b")

    assert refused(answer)[:2] == (409, "slug_taken")


def test_what_the_model_refuses_is_told_with_its_field(editor_client, course, monkeypatch):
    Lesson.objects.filter(title="a").update(video_thumbnail_url="no address")

    answer = call(editor_client, "PATCH", f"units/{lesson(course, 'a').pk}", title="x")

    assert refused(answer) == (400, "invalid", ["video_thumbnail_url"])


READS = [
    "courses",
    "courses/{slug}",
    "courses/{slug}/modules",
    "courses/{slug}/units",
    "modules/{module}",
    "units/{unit}",
]
WRITES = [
    ("POST", "courses"), ("PATCH", "courses/{slug}"), ("DELETE", "courses/{slug}"), ("POST", "courses/{slug}/modules"),
    ("PATCH", "modules/{module}"), ("DELETE", "modules/{module}"), ("POST", "courses/{slug}/units"),
    ("PATCH", "units/{unit}"), ("DELETE", "units/{unit}"),
]  # fmt: skip


def filled(path, course):
    return path.format(slug=course.slug, module=module(course, "Voice").pk, unit=lesson(course, "a").pk)


@pytest.mark.parametrize("path", READS)
def test_staff_read_and_nobody_else(client, student_client, staff_client, course, path):
    answers = [call(who, "GET", filled(path, course)).status_code for who in (client, student_client, staff_client)]

    assert answers == [401, 403, 200]


@pytest.mark.parametrize(("method", "path"), WRITES)
def test_only_editors_write_and_with_our_token(client, student_client, staff_client, course, method, path):
    forged = Client(enforce_csrf_checks=True)
    forged.force_login(
        make.StaffFactory(is_superuser=True), backend="allauth.account.auth_backends.AuthenticationBackend"
    )
    callers = (client, student_client, staff_client, forged)

    with unchanged():
        answers = [refused(call(who, method, filled(path, course), title="x"))[:2] for who in callers]

    assert answers == [(401, "authentication_required"), (403, "forbidden"), (403, "forbidden"), (403, "csrf")]


@pytest.mark.parametrize("path", ["modules/{}", "units/{}", "courses/{}/modules", "courses/{}"])
@pytest.mark.parametrize("number", ["0", str(2**31), str(2**63), "9" * 4301])
def test_odd_ids_are_refused(editor_client, path, number):
    assert call(editor_client, "GET", path.format(number)).status_code in {400, 404}


def test_every_answer_is_documented():
    paths = {path: item for path, item in api.get_openapi_schema()["paths"].items() if path.startswith("/api/admin/")}
    missing = {
        (path, method): {200, 201, 204, 400, 401, 403, 404, 409} - set(operation["responses"])
        for path, item in paths.items()
        for method, operation in item.items()
        if method != "parameters"
    }

    assert {len(codes) for codes in missing.values()} == {2}  # each has one of 200, 201 and 204
    assert len(missing) == len(READS) + len(WRITES) + 2
