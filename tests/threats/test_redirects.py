"""T78: the way back that a form names stays on this site."""

from urllib.parse import urljoin

import pytest

pytestmark = pytest.mark.django_db
FOREIGN = [
    "//evil.example", "///evil.example", "/\\evil.example", "\\/evil.example", "https:evil.example", "https://evil.example",
    "http:///evil.example", "%2f%2fevil.example", "javascript:alert(1)", "java\tscript:alert(1)", "/\t/evil.example",
    "/\n/evil.example", " //evil.example", "https://testserver@evil.example", "https://testserver.evil.example/",
    "data:text/html,x", "ftp://testserver/", "evil.example", "home",
]  # fmt: skip


@pytest.mark.parametrize("where", ["body", "query"])
@pytest.mark.parametrize("target", FOREIGN)
def test_a_foreign_way_back_is_not_taken(clients, target, where):
    for url, fallback in (("/theme/", "/"), ("/courses/guarded/favorite/", "/courses/")):
        if where == "body":
            response = clients["active"].post(url, {"next": target})
        else:
            response = clients["active"].post(url, {}, query_params={"next": target})
        assert (response.status_code, response.url) == (302, fallback)


@pytest.mark.parametrize("target", ["/courses/", "/courses/?q=a", "http://testserver/help/"])
def test_a_way_back_on_this_site_is_taken(clients, target):
    assert clients["active"].post("/theme/", {"next": target}).url == target


@pytest.mark.parametrize("target", FOREIGN[:-1])
def test_logging_in_takes_no_foreign_way_either(client, student, target):
    sent = {"login": student.email, "password": "a long enough phrase", "next": target}

    response = client.post("/login/", sent)

    assert response.status_code == 302
    assert urljoin("http://testserver/login/", response.url).startswith("http://testserver/")
