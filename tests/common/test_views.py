import json

import pytest
from django.core.cache import caches
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from common.page_cache import cached_for_visitors
from tests.conftest import counted_queries
from tests.factories import CourseFactory


def test_healthz_answers_when_the_database_does(client, db):
    response = client.get("/healthz")

    assert (response.status_code, response.json()) == (200, {"status": "ok"})
    assert "no-store" in response["Cache-Control"]


def test_healthz_fails_when_the_database_does(client, db, monkeypatch):
    client.raise_request_exception = False
    monkeypatch.setattr("common.views.connection", None)

    assert client.get("/healthz").status_code == 500


@pytest.mark.parametrize("theme", ["light", "dark", "system"])
def test_theme_is_remembered(client, theme):
    response = client.post(reverse("theme"), {"theme": theme, "next": "/courses/"})

    assert (response.status_code, response["Location"]) == (302, "/courses/")
    assert response.cookies["theme"].value == theme


@pytest.mark.parametrize("theme", ["", "pink", "dark;x"])
def test_theme_refuses_what_it_does_not_know(client, theme):
    response = client.post(reverse("theme"), {"theme": theme})

    assert "theme" not in response.cookies or response.cookies["theme"].value == "system"


@pytest.mark.parametrize(
    "target",
    ["https://evil.example", "//evil.example", "/\\evil.example", "javascript:alert(1)", "http:evil.example", ""],
)
def test_theme_goes_to_no_other_site(client, target):
    response = client.post(reverse("theme"), {"theme": "dark", "next": target})

    assert response["Location"] == "/"


def test_theme_changes_by_post_only(client):
    assert client.get(reverse("theme"), {"theme": "dark"}).status_code == 405


@pytest.mark.parametrize("name", ["help", "legal", "robots", "sitemap"])
def test_public_pages_answer_a_visitor(client, db, name):
    assert client.get(reverse(name)).status_code == 200


def test_robots_names_the_sitemap(client, db):
    response = client.get("/robots.txt")

    assert response["Content-Type"].startswith("text/plain")
    assert "/sitemap.xml" in response.text


def test_a_form_without_a_token_is_refused_with_a_page_of_ours(db):
    response = Client(enforce_csrf_checks=True).post(reverse("account_login"), {"login": "a", "password": "b"})

    assert response.status_code == 403
    assert "403_csrf.html" in [template.name for template in response.templates]


@pytest.mark.parametrize("path", ["/nowhere/", "/courses/nowhere/", "/lesson.php"])
def test_what_does_not_exist_is_a_page_of_ours(client, db, path):
    response = client.get(path)

    assert response.status_code == 404
    assert "404.html" in [template.name for template in response.templates]


def test_what_does_not_exist_in_the_api_is_json(client, db):
    response = client.get("/api/nowhere")

    assert (response.status_code, response.json()["error"]["code"]) == (404, "not_found")


@pytest.fixture
def broken_client(client, db, monkeypatch):
    def broken(*arguments, **options):
        raise RuntimeError("secret of the house")

    client.raise_request_exception = False
    monkeypatch.setattr("django.middleware.common.CommonMiddleware.process_request", broken)
    return client


def test_our_mistake_is_a_page_that_tells_nothing(broken_client):
    response = broken_client.get("/courses/")

    assert response.status_code == 500
    assert "secret of the house" not in response.text
    assert "<h1" in response.text


def test_our_mistake_in_the_api_is_json(broken_client):
    response = broken_client.get("/api/courses")

    assert (response.status_code, json.loads(response.content)["error"]["code"]) == (500, "server_error")


def test_our_mistake_asks_the_database_nothing(broken_client, django_assert_num_queries):
    with django_assert_num_queries(0):
        broken_client.get("/courses/")


def test_pages_of_signed_in_people_stay_out_of_caches(student_client):
    assert student_client.get(reverse("help"))["Cache-Control"] == "private, no-store"


def test_pages_of_visitors_are_not_marked_private(client, db):
    assert not client.get(reverse("help")).has_header("Cache-Control")


def test_visitors_get_a_public_page_from_memory(client, max_queries, db):
    client.get("/courses/")

    with max_queries(0):
        assert client.get("/courses/").status_code == 200


def test_the_page_in_memory_is_not_given_to_students(client, student_client):
    client.get("/courses/")

    assert "student@example.com" not in client.get("/courses/").text
    assert reverse("my_dashboard") in student_client.get("/courses/").text


def test_what_one_visitor_is_told_is_not_kept_for_others(client, db):
    CourseFactory(slug="inside", visibility="members_only")
    client.get("/courses/inside/")

    told = [each.get("/courses/").text for each in (client, Client())]

    assert ["people with an account" in page for page in told] == [True, False]


def test_each_theme_and_address_has_its_own_page_in_memory(client, db):
    pages = [client.get("/courses/"), client.get("/courses/?page=1")]
    client.cookies["theme"] = "dark"
    pages.append(client.get("/courses/"))

    assert len({page.content for page in pages[::2]}) == 2


def test_each_host_has_its_own_page_in_memory(client, db):
    client.get("/courses/")

    with counted_queries() as queries:
        client.get("/courses/", headers={"Host": "localhost"})

    assert queries != []


def test_the_page_in_memory_grows_old(client, db):
    client.get("/courses/")
    CourseFactory(title="New and shiny")
    caches["pages"].clear()

    assert "New and shiny" in client.get("/courses/").text


def test_answers_from_memory_name_what_they_depend_on(client, db):
    assert {"Cookie", "HX-Request"} <= {part.strip() for part in client.get("/courses/")["Vary"].split(",")}


def test_no_visitor_puts_a_part_of_a_page_in_the_place_of_the_page_for_all_others(client, db):
    disguised = {"HX-Request": "tru%65", "HX-Request-URI-AutoEncoded": "true"}
    part = client.get("/courses/", headers=disguised)

    pages = [client.get("/courses/"), part, client.get("/courses/", headers={"HX-Request": "true"})]

    assert ["<html" in page.text for page in pages] == [True, False, False]


def test_missing_pages_are_not_kept(client, db):
    client.get("/courses/?page=999")
    client.get("/courses/nowhere/")

    assert client.get("/courses/nowhere/").status_code == 404


def test_an_answer_that_is_no_whole_page_is_not_kept(rf):
    calls = []

    def view(request):
        calls.append(request)
        return HttpResponse(status=503)

    for _ in range(2):
        cached_for_visitors(view)(rf.get("/"))

    assert len(calls) == 2


def test_dates_are_shown_in_the_zone_of_the_account(student, student_client, monkeypatch):
    from django.utils import timezone

    student.time_zone = "Asia/Tokyo"
    student.save()
    seen = []
    monkeypatch.setattr("common.views.render", lambda *a, **k: seen.append(str(timezone.get_current_timezone())))

    student_client.raise_request_exception = False
    student_client.get(reverse("help"))

    assert seen == ["Asia/Tokyo"]


def test_a_zone_that_is_none_does_not_break_the_page(student, student_client):
    student.time_zone = "Mars/Olympus"
    student.save()

    assert student_client.get(reverse("help")).status_code == 200
