"""T81: the full set of headers on every kind of response, and T99: one request is one line in the log."""

import json

import pytest

pytestmark = pytest.mark.django_db
EXPECTED = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
}
RESPONSES = {
    "/": 200, "/courses/guarded/": 200, "/courses/guarded/closed/": 403, "/courses/guarded/preview/": 200,
    "/courses/nowhere/": 404, "/my-dashboard/": 302, "/login/": 200, "/api/courses": 200, "/api/nowhere": 404,
    "/api/courses/nowhere": 404, "/sitemap.xml": 200, "/robots.txt": 200, "/healthz": 200, "/django-admin/": 302,
    "/courses/guarded/enroll/": 302, "/media/courses/none.png": 404, "/.env": 404,
}  # fmt: skip


def check(response):
    assert {name: response.get(name) for name in EXPECTED} == EXPECTED
    policy = response["Content-Security-Policy"]
    assert "unsafe-inline" not in policy
    assert "unsafe-eval" not in policy
    assert "default-src 'none'" in policy
    assert response["Referrer-Policy"] in {"strict-origin-when-cross-origin", "no-referrer", "same-origin"}
    assert "camera=()" in response["Permissions-Policy"]
    assert "Server" not in response
    assert "X-Powered-By" not in response


@pytest.mark.parametrize("url", RESPONSES)
def test_every_kind_of_response_carries_the_headers(clients, url):
    response = clients["anonymous"].get(url)

    assert response.status_code == RESPONSES[url]
    check(response)


def test_files_carry_the_headers_and_run_nothing(clients, world):
    for rest in (f"files/{world.material.pk}/", "captions.vtt"):
        response = clients["active"].get(f"/courses/guarded/closed/{rest}")
        if response.streaming:
            response.getvalue()
        check(response)
        assert response["Cache-Control"] == "private, no-store"


def test_refused_forms_and_methods_carry_the_headers(clients):
    for response in (clients["active"].post("/courses/"), clients["anonymous"].get("/theme/")):
        assert response.status_code == 405
        check(response)


def test_our_own_mistakes_carry_the_headers(clients, monkeypatch):
    def broken(*args, **kwargs):
        raise RuntimeError("a mistake of ours")

    monkeypatch.setattr("catalog.views._course", broken)
    client = clients["anonymous"]
    client.raise_request_exception = False

    response = client.get("/courses/guarded/")

    assert response.status_code == 500
    assert "a mistake of ours" not in response.content.decode()
    check(response)


def test_over_https_the_browser_is_told_to_stay_there(client):
    assert client.get("/help/", secure=True)["Strict-Transport-Security"].startswith("max-age=31536000")


@pytest.mark.parametrize(
    "path",
    [
        "/.env",
        "/.git/config",
        "/.git/HEAD",
        "/manage.py",
        "/db.sqlite3",
        "/static/../.env",
        "/debug/",
        "/var/db.sqlite3",
    ],
)
def test_t98_nothing_of_the_machine_is_served(client, path):
    response = client.get(path)

    assert response.status_code == 404
    assert "SECRET" not in response.content.decode()
    assert "urlpatterns" not in response.content.decode()


FORGED = ["a%0d%0aforged", "a\r\nforged", "a%1b[31mforged", "a%E2%80%A8forged", "a%0bforged"]


@pytest.mark.parametrize("word", FORGED)
def test_t99_a_forged_line_stays_inside_its_own(client, word, capsys):
    headers = {"HTTP_USER_AGENT": word, "HTTP_X_REQUEST_ID": word, "HTTP_REFERER": word, "HTTP_X_FORWARDED_FOR": word}

    client.get(f"/courses/{word}/", **headers)

    lines = [line for line in capsys.readouterr().err.split("\n") if "forged" in line]
    assert all(isinstance(json.loads(line), dict) for line in lines)
    assert not any(sign in line for line in lines for sign in "\r\x1b\x0b\N{LINE SEPARATOR}")
