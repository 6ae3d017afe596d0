"""T-30 and T84: reordering for machines, each answer once, and nothing half done."""

import json

import pytest
from django.test import Client

from accounts.models import StaffAction
from catalog.models import Lesson
from tests import factories as make
from tests.catalog.outlines import course_of, order_of
from tests.conftest import client_of
from tests.threats.state import unchanged

pytestmark = pytest.mark.django_db
MODULES, UNITS = "/api/admin/modules/reorder", "/api/admin/units/reorder"
ODD = [None, True, 1.5, "1", "x", [], {}, "²"]


@pytest.fixture
def course():
    return course_of(Welcome=["a", "b"], Voice=["c"])


@pytest.fixture
def editor_client(db):
    return client_of(make.StaffFactory(is_superuser=True))


def put(client, url, value):
    body = value if isinstance(value, str) else json.dumps(value)
    return client.put(url, body, content_type="application/json")


def code(response):
    return response.status_code, response.json()["error"]["code"]


def numbers(rows):
    return [{"id": row.pk, "sort_order": number} for number, row in enumerate(rows, 1)]


@pytest.mark.parametrize("slash", ["", "/"])
def test_modules_are_reordered(editor_client, course, slash):
    answer = put(editor_client, MODULES + slash, numbers(course.modules.order_by("-order")))

    assert (answer.status_code, answer.json()) == (200, {"status": "ok", "updated": 2})
    assert [*order_of(course)] == ["", "Voice", "Welcome"]


def test_units_are_reordered_and_noted_once(editor_client, course):
    answer = put(editor_client, UNITS, numbers(course.lessons.order_by("-title")))

    assert (answer.json(), order_of(course)["Welcome"]) == ({"status": "ok", "updated": 3}, ["b", "a"])
    assert [(note.verb, note.kind, note.detail) for note in StaffAction.objects.all()] == [
        ("reordered", "course", "3 lessons")
    ]


@pytest.mark.parametrize("url", [MODULES, UNITS])
def test_who_may_not_is_told_and_nothing_changes(client, student_client, staff_client, course, url):
    rows = course.modules.all() if url == MODULES else course.lessons.all()

    with unchanged():
        answers = [code(put(who, url, numbers(rows))) for who in (client, student_client, staff_client)]

    assert answers == [(401, "authentication_required"), (403, "forbidden"), (403, "forbidden")]


@pytest.mark.parametrize("url", [MODULES, UNITS])
@pytest.mark.parametrize("method", ["get", "post", "patch", "delete", "head", "options"])
def test_other_methods_are_refused(editor_client, url, method):
    assert getattr(editor_client, method)(url).status_code == 405


@pytest.mark.parametrize(
    "body", ["", "{", "null", "{}", '"x"', "1", "[1]", "[null]", "[[]]", '[{"id": 1}]', '[{"sort_order": 1}]']
)
@pytest.mark.parametrize("url", [MODULES, UNITS])
def test_what_is_no_list_of_places_is_refused(editor_client, url, body):
    assert code(put(editor_client, url, body)) == (400, "bad_json")


@pytest.mark.parametrize("value", ODD)
@pytest.mark.parametrize("field", ["id", "sort_order"])
def test_odd_numbers_are_refused_and_nothing_moves(editor_client, course, field, value):
    places = numbers(course.modules.order_by("-order"))

    with unchanged():
        answer = put(editor_client, MODULES, [*places, {"id": 0, "sort_order": 1} | {field: value}])

    assert code(answer) == (400, "bad_json")


@pytest.mark.parametrize("number", [-1, 2**31])
def test_a_place_out_of_range_is_refused(editor_client, course, number):
    with unchanged():
        answer = put(editor_client, UNITS, [{"id": course.lessons.first().pk, "sort_order": number}])

    assert code(answer) == (400, "bad_json")


def test_numbers_past_the_databases_are_refused(editor_client, course):
    with unchanged():
        answers = [
            put(editor_client, UNITS, f'[{{"id": {number}, "sort_order": 1}}]') for number in (2**63, "9" * 4301)
        ]

    assert [code(answer) for answer in answers] == [(400, "bad_json")] * 2


def test_an_empty_list_is_fine(editor_client, course):
    with unchanged():
        answer = put(editor_client, UNITS, [])

    assert (answer.status_code, answer.json()) == (200, {"status": "ok", "updated": 0})


def test_ids_of_nothing_are_ignored_and_not_counted(editor_client, course):
    places = [{"id": 2**62, "sort_order": 1}, {"id": -1, "sort_order": 1}, *numbers(course.modules.order_by("-order"))]

    answer = put(editor_client, MODULES, places)

    assert (answer.json()["updated"], [*order_of(course)]) == (2, ["", "Voice", "Welcome"])


@pytest.mark.parametrize("url", [MODULES, UNITS])
def test_ids_of_two_courses_are_refused_and_nothing_moves(editor_client, course, url):
    other = course_of(Other=["x"])
    mine, theirs = ((c.modules if url == MODULES else c.lessons).order_by("-pk") for c in (course, other))

    with unchanged():
        answer = put(editor_client, url, numbers([*mine, *theirs]))

    assert code(answer) == (400, "several_courses")


def test_an_id_that_comes_twice_is_refused_and_nothing_moves(editor_client, course):
    with unchanged():
        answer = put(editor_client, MODULES, numbers(course.modules.all()) * 2)

    assert code(answer) == (400, "bad_json")


def test_what_is_in_the_trash_is_nothing(editor_client, course):
    Lesson.objects.filter(title="a").update(is_published=False, trashed_at=make.NOW)
    hidden = course_of(Hidden=["h"])
    type(hidden).objects.filter(pk=hidden.pk).update(status="draft", trashed_at=make.NOW)

    lessons = put(editor_client, UNITS, numbers(course.lessons.order_by("-title")))
    modules = put(editor_client, MODULES, numbers(hidden.modules.all()))

    assert (lessons.json()["updated"], modules.json()["updated"]) == (2, 0)


def test_a_forged_call_is_refused(course):
    client = Client(enforce_csrf_checks=True)
    client.force_login(
        make.StaffFactory(is_superuser=True), backend="allauth.account.auth_backends.AuthenticationBackend"
    )

    with unchanged():
        answer = put(client, MODULES, numbers(course.modules.order_by("-order")))

    assert code(answer) == (403, "csrf")
