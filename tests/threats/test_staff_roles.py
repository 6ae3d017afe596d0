"""T82: every address of the dashboard, by every method, as everybody. One that is in no table fails the build."""

import re

import pytest
from django.db import transaction

from dashboard.roles import Role
from tests.conftest import client_of
from tests.dashboard.roles import staff_of
from tests.factories import UserFactory
from tests.threats.staff_pages import TABLE
from tests.urls_of_site import site_addresses

pytestmark = pytest.mark.django_db
ALL = set(Role)
MAY = {
    "look": ALL,
    "content": {Role.OWNER, Role.EDITOR},
    "access": {Role.OWNER, Role.SUPPORT},
    "groups": {Role.OWNER},
    "owner": {Role.OWNER},
}
ADDRESSES = [each for each in site_addresses() if each.name.startswith("dashboard:")]
METHODS = {"get": 0, "post": 1}


def blanks(address):
    return set(re.findall(r"<(?:\w+:)?(\w+)>", address.pattern))


@pytest.fixture
def url_of(world):
    values = {"slug": "guarded", "course_slug": "guarded", "course_id": world.course.pk, "lesson_id": world.lesson.pk}
    values |= {"module_id": world.lesson.module_id, "student_id": world.people["active"].pk}
    asked = {"dashboard:student_selected": f"?do=grant&id={values['student_id']}"}  # without it nothing is done
    return lambda each: each.url(**(dict.fromkeys(blanks(each), 1) | values)) + asked.get(each.name, "")


def answer_to(client, method, url):
    """What was said, and everything as it was before."""
    with transaction.atomic():
        answer = getattr(client, method)(url)
        if answer.streaming:
            answer.getvalue()
        transaction.set_rollback(True)
    return {403: "refused", 405: "no such method"}.get(
        answer.status_code, "in" if answer.status_code < 500 else "broken"
    )


def said_to(client, url_of):
    """What each address said to each method, by the name of the address."""
    return {
        each.name.removeprefix("dashboard:"): tuple(answer_to(client, method, url_of(each)) for method in METHODS)
        for each in ADDRESSES
    }


def expected(role):
    def one(gate):
        return "no such method" if gate is None else "in" if role in MAY[gate] else "refused"

    return {name: tuple(one(gate) for gate in gates) for name, gates in TABLE.items()}


def test_every_address_of_the_dashboard_is_in_the_table():
    assert {each.name.removeprefix("dashboard:") for each in ADDRESSES} == set(TABLE)


@pytest.mark.parametrize("role", list(Role))
def test_each_role_gets_in_where_the_table_says(url_of, role):
    assert said_to(client_of(staff_of(role)), url_of) == expected(role)


def test_a_student_gets_in_nowhere(url_of):
    said = said_to(client_of(UserFactory()), url_of)

    assert said == expected("student")


def test_a_visitor_is_sent_to_log_in_everywhere(client, url_of):
    answers = {url_of(each): client.post(url_of(each)) for each in ADDRESSES}
    answers |= {f"{url} by GET": client.get(url) for url in answers}

    assert {answer.url.partition("?")[0] for answer in answers.values()} == {"/login/"}


@pytest.mark.parametrize("method", ["put", "patch", "delete", "options", "trace"])
def test_no_address_knows_another_method(url_of, method):
    client = client_of(staff_of(Role.OWNER))

    answers = {each.name: getattr(client, method)(url_of(each)).status_code for each in ADDRESSES}

    assert answers == dict.fromkeys(answers, 405)
