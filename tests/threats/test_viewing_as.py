"""T83: whose eyes staff borrow stays untouched: nothing is saved, the account stays closed, no form outlives it."""

import re
from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from dashboard.middleware import LOG_OUT, SHOWN, STOP
from tests.conftest import client_of, counted_queries
from tests.test_gates import TABLE, admin_urls
from tests.threats.state import unchanged
from tests.threats.world import ROLES
from tests.urls_of_site import site_addresses

pytestmark = pytest.mark.django_db
WRITES = ("INSERT", "UPDATE", "DELETE")
LIKE = sorted({"none", "active", "must_join", "unprepared", "dripped", "suspended", "expired"} & set(ROLES))


@pytest.fixture
def owner(world):
    return client_of(world.people["staff"])


@pytest.fixture
def addresses(world):
    """The addresses of the site, each with its name; a blank that no row of this world fills is 1."""
    values = {"slug": "guarded", "lesson_slug": "closed", "course_slug": "guarded", "path": "x.png", "name": "x.png"}
    values |= {"lesson_id": world.lesson.pk, "course_id": world.course.pk, "material_id": world.material.pk}
    values |= {"student_id": world.people["active"].pk, "staff_id": world.people["staff"].pk}
    found = [each for each in site_addresses() if "(?P" not in each.pattern]
    return {each.url(**(dict.fromkeys(blanks(each), 1) | values)): each.name for each in found}


def blanks(address):
    return set(re.findall(r"<(?:\w+:)?(\w+)>", address.pattern))


def view_as(client, user):
    sent = client.post("/dashboard/view-as/", {"eyes": "student", "student": user.email})
    assert sent.status_code == 302
    return client


def status_of(client, url, method="get"):
    answer = getattr(client, method)(url)
    if answer.streaming:
        answer.getvalue()
    return answer.status_code


def test_every_page_that_is_shown_exists():
    assert SHOWN - {address.name for address in site_addresses()} == set()


@pytest.mark.parametrize("role", LIKE)
def test_staff_get_what_the_student_gets(owner, world, addresses, role):
    student = client_of(world.people[role])
    shown = [url for url, name in addresses.items() if name in SHOWN]
    view_as(owner, world.people[role])

    answers = {url: status_of(owner, url) for url in shown}

    assert answers == {url: status_of(student, url) for url in shown}


def test_every_other_page_is_closed(owner, world, addresses):
    view_as(owner, world.people["active"])
    closed = [url for url, name in addresses.items() if name and name not in SHOWN] + sorted(admin_urls())

    answers = {url: status_of(owner, url) for url in closed}

    assert answers == dict.fromkeys(closed, 403)


def test_nothing_is_saved_whatever_is_sent(owner, world, addresses):
    view_as(owner, world.people["active"])
    sent = [url for url, name in addresses.items() if name not in {STOP, LOG_OUT}] + ["/django-admin/", "/no/"]

    with unchanged():
        answers = {url: status_of(owner, url, "post") for url in sent}

    assert answers == dict.fromkeys(sent, 403)


@pytest.mark.parametrize("method", ["put", "patch", "delete", "options", "trace"])
def test_nor_by_another_method(owner, world, method):
    view_as(owner, world.people["active"])
    sent = ["/my-dashboard/", "/courses/guarded/favorite/", "/api/courses/guarded", "/dashboard/view-as/stop/"]

    answers = {url: status_of(owner, url, method) for url in sent}

    assert answers == dict.fromkeys(sent, 403)


def test_no_page_that_is_shown_writes(owner, world, addresses):
    view_as(owner, world.people["active"])
    shown = [url for url, name in addresses.items() if name in SHOWN]
    owner.get("/my-dashboard/")

    with counted_queries() as queries:
        for url in shown:
            status_of(owner, url)

    assert [sql for sql in queries if sql.startswith(WRITES)] == []


def test_machines_read_why_they_are_refused(owner, world):
    view_as(owner, world.people["active"])

    answer = owner.post(f"/api/lessons/{world.lesson.pk}/progress/", {"timestamp": 3}, content_type="application/json")

    assert (answer.status_code, answer.json()["error"]["code"]) == (403, "viewing_as")


def test_every_page_says_so(owner, world, addresses):
    view_as(owner, world.people["active"])
    pages = [
        "/",
        "/courses/",
        "/courses/guarded/",
        "/courses/guarded/closed/",
        "/my-dashboard/",
        "/help/",
        "/account/",
        "/no/",
    ]

    said = {page: 'class="viewing"' in owner.get(page).text for page in pages}

    assert said == dict.fromkeys(pages, True)


@pytest.fixture
def strict(world):
    """A member of staff in a browser: the tokens of forms are asked for."""
    client = Client(enforce_csrf_checks=True)
    client.force_login(world.people["staff"], backend="allauth.account.auth_backends.AuthenticationBackend")
    client.get("/dashboard/view-as/")
    token = client.cookies["__Host-csrf"].value
    client.post("/dashboard/view-as/", {"eyes": "newcomer", "csrfmiddlewaretoken": token})
    client.get("/my-dashboard/")
    return client


def like(client, token):
    return client.post("/courses/guarded/favorite/", {"csrfmiddlewaretoken": token, "favorite": "true"}).status_code


def test_a_form_seen_as_another_does_nothing_after_stopping(strict):
    token = strict.cookies["__Host-csrf"].value
    strict.post("/dashboard/view-as/stop/", {"csrfmiddlewaretoken": token})

    with unchanged():
        old = like(strict, token)

    assert (old, like(strict, strict.cookies["__Host-csrf"].value)) == (403, 302)


def test_a_form_of_before_does_not_even_end_it(world):
    client = Client(enforce_csrf_checks=True)
    client.force_login(world.people["staff"], backend="allauth.account.auth_backends.AuthenticationBackend")
    client.get("/dashboard/view-as/")
    token = client.cookies["__Host-csrf"].value
    client.post("/dashboard/view-as/", {"eyes": "newcomer", "csrfmiddlewaretoken": token})

    assert client.post("/dashboard/view-as/stop/", {"csrfmiddlewaretoken": token}).status_code == 403


@pytest.mark.parametrize("minutes", [1, 31])
@pytest.mark.parametrize("method", ["get", "post"])
@pytest.mark.parametrize("url", ["/dashboard/view-as/stop/", "/logout/"])
def test_nor_after_a_request_that_would_have_ended_it(strict, world, url, method, minutes):
    token = strict.cookies["__Host-csrf"].value

    with time_machine.travel(timezone.now() + timedelta(minutes=minutes), tick=False):
        getattr(strict, method)(url)
        answer = like(strict, token)

    assert (answer, world.people["staff"].favorites.count()) == (403, 0)


def test_what_another_of_the_staff_began_is_nobody_else_s(owner, world):
    view_as(owner, world.people["active"])
    session = owner.session
    session["view_as"] |= {"by": world.people["active"].pk}
    session.save()

    assert owner.get("/my-dashboard/").context["user"] == world.people["staff"]


@pytest.mark.parametrize("is_first", [True, False])
def test_a_form_seen_as_another_does_nothing_when_the_time_is_over(strict, world, is_first):
    token = strict.cookies["__Host-csrf"].value

    with time_machine.travel(timezone.now() + timedelta(minutes=31), tick=False):
        if not is_first:
            strict.get("/my-dashboard/")
        answer = like(strict, token)

    assert (answer, world.people["staff"].favorites.count()) == (403, 0)


def test_nor_does_a_report_of_the_player(strict, world):
    url, token = f"/api/lessons/{world.lesson.pk}/complete/", strict.cookies["__Host-csrf"].value

    with time_machine.travel(timezone.now() + timedelta(minutes=31), tick=False):
        first = strict.post(url, "{}", content_type="application/json", headers={"X-CSRFToken": token})
        second = strict.post(url, "{}", content_type="application/json", headers={"X-CSRFToken": token})

    assert [answer.json()["error"]["code"] for answer in (first, second)] == ["csrf", "csrf"]


def test_the_table_of_pages_knows_what_is_shown():
    writing = {name for name, (method, _) in TABLE.items() if method == "POST"}

    assert SHOWN & writing == set()
