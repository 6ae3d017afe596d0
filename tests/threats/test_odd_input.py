"""T96, T97: whatever is sent in an address or a body, the answer is a page or a refusal, never an error of ours."""

import json
from urllib.parse import quote

import pytest

from tests.threats.state import unchanged

pytestmark = pytest.mark.django_db
ODD = [
    "%00", "a%00b", "%ED%A0%80", "%ff%fe", str(2**31), str(2**63), str(-(2**63) - 1), "9" * 4301, "-1", "0", "1e400",
    "NaN", "%F0%9F%98%80", "%0d%0aX: y", "../../etc/passwd", "'\"><script>", "%25%5F", "{}", "[]", "null", "true",
    "%E2%80%AE", "²", "ⅷ", ":*", "&|!", "a" * 3000, "%20", "a:*&b", "<->", "__class__", "password", "user__password",
]  # fmt: skip
PAGES = {
    "/courses/": ("q", "category", "tag", "free", "level", "favorites", "sort", "page"),
    "/search/": ("q", "page"),
    "/my-dashboard/": ("show", "sort", "page"),
    "/": ("q",),
    "/courses/guarded/": ("next", "page"),
    "/courses/guarded/closed/": ("t", "next"),
    "/api/courses": ("limit", "offset", "sort"),
    "/login/": ("next",),
    "/register/": ("next",),
    "/sitemap.xml": ("p", "section"),
}
ADDRESSES = (
    "/courses/{}/", "/courses/guarded/{}/", "/courses/guarded/{}/{}/", "/courses/guarded/1/{}/", "/courses/{}/1/1/",
    "/courses/guarded/closed/files/{}/", "/my-dashboard/course/{}/", "/courses/{}/continue/", "/api/courses/{}",
    "/api/courses/guarded/units/{}", "/media/courses/{}", "/confirm-email/{}/", "/password/reset/x-{}/",
    "/courses/guarded/closed/pictures/{}", "/courses/guarded/cohorts/{}/start.ics",
)  # fmt: skip
# A few of them are also sent twice, and as a list.
DOUBLED = ("%00", str(2**63), "a" * 3000)
FINE = {200, 301, 302, 400, 403, 404, 405, 414}


def doubled(name, value):
    return f"{name}={value}&{name}=x", f"{name}[]={value}"


def refused(client, page, queries):
    """Those that are not answered as they should be."""
    return [query for query in queries if status(client, f"{page}?{query}") not in FINE]


def status(client, address):
    response = client.get(address)
    if response.streaming:
        response.getvalue()
    return response.status_code


@pytest.mark.parametrize("page", PAGES)
def test_t97_odd_values_of_every_parameter_are_survived(clients, page):
    queries = [f"{name}={value}" for name in PAGES[page] for value in ODD]
    queries += [query for name in PAGES[page] for value in DOUBLED for query in doubled(name, value)]

    with unchanged():
        assert refused(clients["active" if page == "/my-dashboard/" else "anonymous"], page, queries) == []


@pytest.mark.parametrize("page", PAGES)
def test_t97_signed_in_too_with_all_of_them_odd_at_once(clients, page):
    names = PAGES[page]
    values = [[ODD[(shift + 7 * place) % len(ODD)] for place in range(len(names))] for shift in range(len(ODD))]
    queries = ["&".join(map("=".join, zip(names, odd, strict=True))) for odd in values]

    with unchanged():
        assert refused(clients["active"], page, queries) == []


@pytest.mark.parametrize("address", ADDRESSES)
@pytest.mark.parametrize("role", ["anonymous", "active"])
def test_t97_odd_parts_of_every_address_are_survived(clients, address, role):
    for value in ODD:
        odd = address.replace("{}", quote(value, safe="%"))
        assert status(clients[role], odd) in {301, 302, 400, 403, 404, 200}, odd


@pytest.mark.parametrize("names", [["q"], ["tag"], ["x"]])
def test_t97_a_thousand_parameters_are_survived(clients, names):
    query = "&".join(f"{names[0]}={number}" for number in range(1001))

    assert status(clients["anonymous"], f"/courses/?{query}") in {200, 400}


VALUES = [None, True, 0, -1, 2**31, 2**63, 1.5, "", "x", "\x00", "\ud800", [], [1], [[]], {}, {"a": 1}, "9" * 4301]
FIELDS = ("watch_percentage", "timestamp", "ranges", "duration", "at", "opened", "completed", "is_favorited", "extra")


@pytest.mark.parametrize("field", FIELDS)
def test_t97_odd_values_of_every_json_field_are_survived(clients, world, field):
    calls = [f"/api/lessons/{world.lesson.pk}/progress/", f"/api/courses/{world.course.pk}/favorite/"]
    calls += [f"/api/courses/guarded/units/{world.lesson.pk}/complete", f"/api/lessons/{world.lesson.pk}/complete/"]

    for url in calls:
        for value in VALUES:
            answer = clients["active"].post(url, json.dumps({field: value}), content_type="application/json")
            assert answer.status_code in {200, 400}, (url, value)


@pytest.mark.parametrize("number", ["0", "-1", str(2**31), str(2**63), "9" * 30, "x", "1.5", "١"])
def test_t97_odd_ids_are_not_found(clients, number):
    for url in (f"/api/lessons/{number}/complete/", f"/api/courses/{number}/favorite/"):
        assert clients["active"].post(url, "{}", content_type="application/json").status_code in {400, 404, 405}
    assert clients["active"].get(f"/courses/guarded/{number}/1/").status_code == 404
    assert clients["active"].get(f"/courses/guarded/1/{number}/").status_code == 404


@pytest.mark.parametrize("name", ["favorite", "completed", "theme", "next", "email", "login", "password"])
def test_t97_odd_form_fields_are_survived(clients, name):
    urls = ("/courses/guarded/favorite/", "/courses/guarded/closed/complete/", "/theme/", "/login/", "/register/")
    for url in (*urls, "/password/reset/", "/account/"):
        for value in ("\x00", "\ud83d", "x" * 5000, "\r\nX: y", "\N{RIGHT-TO-LEFT OVERRIDE}"):
            body = f"{name}={quote(value, errors='surrogatepass')}"
            answer = clients["active"].post(url, body, content_type="application/x-www-form-urlencoded")
            assert answer.status_code in {200, 302, 400, 403, 422, 429}, (url, value)


@pytest.mark.parametrize(
    "query",
    [
        "sort=password", "sort=-pk", "sort=accesses__user__email", "sort=?", "order_by=pk",
        "q__user__password__startswith=a",
        "level__gte=0", "category__courses__accesses__user__email=x", "accesses__user=1", "_connector=OR", "_negated=1",
    ],
)  # fmt: skip
def test_t96_nothing_in_the_address_chooses_a_column(clients, query):
    plain = clients["anonymous"].get("/courses/").content.decode().count("data-course")

    page = clients["anonymous"].get(f"/courses/?{query}")

    assert (page.status_code, page.content.decode().count("data-course")) == (200, plain)
