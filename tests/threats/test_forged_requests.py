"""T79: no state changes by GET, without our token, from a foreign page, or as text that happens to be JSON."""

import pytest
from django.test import Client

from tests.conftest import client_of
from tests.test_gates import ACCOUNT, FORMS, TABLE
from tests.threats.state import unchanged
from tests.urls_of_site import site_addresses

pytestmark = pytest.mark.django_db
TYPES = ("application/json", "text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x")
SHARED = "/api/admin/"  # one address for reading and writing; tests/api/test_admin_crud.py is about each
# The theme is a cookie of the visitor's own and changes no row.
FREE = {"theme"}


def unsafe_addresses(world, forms=FORMS):
    values = {"slug": "guarded", "lesson_slug": "closed", "lesson_id": world.lesson.pk, "course_id": world.course.pk}
    values |= {"category_id": 1, "tag_id": 1}
    values |= {"staff_id": world.people["staff"].pk, "import_id": 1, "batch_id": 1}
    values |= {"cohort_id": 1, "student_id": world.people["active"].pk, "module_id": world.lesson.module_id}
    values |= {"bundle_id": 1, "path_id": 1, "tier_level": 2}
    post = ({name for name, (method, _) in TABLE.items() if method == "POST"} | set(forms)) - FREE
    return [address.url(**values) for address in site_addresses() if address.name in post]


@pytest.fixture
def strict(world):
    client = Client(enforce_csrf_checks=True)
    client.force_login(world.people["active"], backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


@pytest.mark.parametrize("content_type", TYPES)
@pytest.mark.parametrize("origin", [None, "https://evil.example", "null"])
def test_every_write_needs_our_token(strict, world, content_type, origin):
    headers = {"HTTP_ORIGIN": origin} if origin else {}

    with unchanged():
        answers = {url: strict.post(url, "{}", content_type, **headers).status_code for url in unsafe_addresses(world)}

    assert answers == dict.fromkeys(answers, 403)


def test_a_token_of_our_own_from_a_foreign_page_is_refused(strict, world):
    strict.get("/courses/guarded/closed/")
    token = strict.cookies["__Host-csrf"].value

    with unchanged():
        for url in unsafe_addresses(world):
            sent = strict.post(url, {"csrfmiddlewaretoken": token}, HTTP_ORIGIN="https://evil.example")
            assert sent.status_code == 403


def test_the_token_of_our_own_page_is_accepted(strict, world):
    strict.get("/courses/guarded/closed/")
    token = strict.cookies["__Host-csrf"].value

    sent = strict.post("/courses/guarded/favorite/", {"csrfmiddlewaretoken": token, "favorite": "true"})

    assert sent.status_code == 302


@pytest.mark.parametrize("method", ["get", "head", "put", "patch", "delete"])
def test_no_write_answers_to_another_method(world, method):
    client = client_of(world.people["active"])

    with unchanged():
        addresses = [url for url in unsafe_addresses(world, forms=()) if not url.startswith(SHARED)]
        answers = {url: getattr(client, method)(url).status_code for url in addresses}

    assert answers == dict.fromkeys(answers, 405)


def test_logging_out_by_get_does_nothing(world):
    client = client_of(world.people["active"])

    client.get("/logout/")

    assert client.get("/my-dashboard/").status_code == 200


def test_account_forms_are_refused_without_our_token(strict):
    addresses = [
        address.url(pk=1, key="k")
        for address in site_addresses()
        if address.name in ACCOUNT and "(?P" not in address.pattern
    ]

    with unchanged():
        answers = {url: strict.post(url, {}).status_code for url in addresses}

    assert set(answers.values()) <= {403, 405, 404}
