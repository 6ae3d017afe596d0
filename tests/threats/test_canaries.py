"""T2, T4, T13, T14: every protected field carries a mark; no response shows one to those without the right."""

import re
from html import unescape

import pytest

from tests.threats.world import CLOSED, HOLDERS, OF_THE_COURSE, PICTURE, PUBLIC, ROLES, STORED_PICTURE, UNKNOWN, mark

pytestmark = pytest.mark.django_db

STARTS = (
    "/", "/courses/", "/courses/?q=zzq", "/courses/?sort=newest", "/search/", "/search/?q=zzqbodyqzz", "/search/?q=zzq",
    "/search/?q=hidden", "/sitemap.xml", "/robots.txt", "/help/", "/legal/", "/healthz", "/api/courses",
    "/api/courses/",     "/my-dashboard/", "/my-dashboard/?show=ended", "/account/", "/login/", "/register/",
    "/courses/guarded/", "/courses/guarded/closed/", "/courses/guarded/preview/", "/courses/guarded/hidden/",
    "/courses/guarded/1/1/", "/courses/guarded/continue/", "/courses/guarded/closed/captions.vtt",
    "/courses/guarded/spoken/",
    "/my-dashboard/course/guarded/", "/courses/draft/", "/courses/draft/closed/", "/courses/private/",
    "/courses/private/closed/", "/api/courses/guarded", "/api/courses/draft", "/api/courses/private",
    "/courses/guarded/preview/captions.vtt", "/courses/nowhere/", "/api/nowhere", "/api/courses/guarded?format=json",
    "/courses/guarded/closed/?print=1", "/media/materials/", "/courses/GUARDED/closed/", "/courses//guarded/closed/",
    "/courses/guarded/closed%2f", "/courses/guarded/closed./", "/courses/before/", "/courses/before/first/",
    "/pricing/", "/paths/",
)  # fmt: skip
FOLLOW = re.compile(r"""(?:href|src|action|data-[a-z-]+|content)=["'](/[^"'#]*|http://testserver/[^"'#]*)["']""")
SKIP = re.compile(r"/static/|/django-admin/|/dashboard/|/logout|/login/code|/passkey")
# As a browser asks, and with everything at once that makes a page answer otherwise.
HEADERS = [{}, {"HTTP_HX_REQUEST": "true", "HTTP_ACCEPT": "application/json", "HTTP_RANGE": "bytes=0-100"}]


def starts(world):
    units = [f"/api/courses/{slug}/units/{pk}" for slug in ("guarded", "draft") for pk in range(1, 9)]
    files = [f"/courses/guarded/{slug}/files/{world.material.pk}/" for slug in ("closed", "preview", "hidden")]
    own = [f"/api/courses/guarded/units/{lesson.pk}" for lesson in (world.lesson, world.preview)]
    return [
        *STARTS,
        *units,
        *own,
        *files,
        f"/media/{world.material.file.name}",
        f"/media/courses/../{world.material.file.name}",
        *(PICTURE.replace("closed", slug) for slug in ("closed", "preview", "hidden", "preview/pictures/../../closed")),
        f"/media/{STORED_PICTURE}",
        f"/media/courses/../{STORED_PICTURE}",
    ]


def body_of(response):
    content = response.getvalue() if response.streaming else response.content
    return unescape(content.decode(errors="replace")) + str(dict(response.headers))


def links_in(text):
    found = {link.removeprefix("http://testserver") for link in FOLLOW.findall(text)}
    return {link for link in found if not SKIP.search(link)}


def crawl(client, addresses):
    """Every response reachable from these addresses, which are asked in every spelling: address to text."""
    asked = set(addresses)
    waiting, seen = list(dict.fromkeys(addresses)), {}
    while waiting and len(seen) < 400:
        address = waiting.pop()
        spellings = HEADERS if address in asked else HEADERS[:1]
        seen[address] = "\n".join(body_of(client.get(address, **headers)) for headers in spellings)
        waiting += links_in(seen[address]) - seen.keys() - set(waiting)
    return seen


def act(client, world):
    """Texts that answer attempts to write, which may say something too."""
    posts = ["/courses/guarded/closed/complete/", "/courses/draft/enroll/", "/courses/private/enroll/"]
    posts += [f"/api/lessons/{world.lesson.pk}/complete/", "/courses/guarded/favorite/", "/courses/private/join/"]
    return {f"POST {url}": body_of(client.post(url, **headers)) for url in posts for headers in HEADERS}


def found(texts, names):
    """Which marks appear where; a page may repeat the mark that the visitor wrote into its address."""
    return {
        (name, url) for url, text in texts.items() for name in names if mark(name) in text and mark(name) not in url
    }


@pytest.mark.parametrize("role", [role for role in ROLES if role not in HOLDERS])
def test_nothing_protected_reaches_those_without_the_right(clients, world, role):
    texts = act(clients[role], world) | crawl(clients[role], starts(world))

    open_to_them = OF_THE_COURSE if role == "dripped" else ()
    assert found(texts, {*CLOSED, *UNKNOWN}.difference(open_to_them)) == set()


@pytest.mark.parametrize("role", [role for role in HOLDERS if role != "staff"])
def test_students_with_the_right_see_everything_of_the_lesson_and_nothing_hidden(clients, world, role):
    texts = crawl(clients[role], starts(world))

    assert {name for name, _ in found(texts, CLOSED)} == set(CLOSED)
    assert found(texts, UNKNOWN) == set()


def test_staff_see_everything(clients, world):
    hidden = world.course.lessons.get(slug="hidden")
    more = [f"/api/courses/guarded/units/{hidden.pk}", "/courses/guarded/hidden/"]

    texts = crawl(clients["staff"], [*more, *starts(world)])

    assert {name for name, _ in found(texts, (*CLOSED, *UNKNOWN))} == {*CLOSED, *UNKNOWN}


@pytest.mark.parametrize("role", ROLES)
def test_what_is_public_is_seen_by_all(clients, world, role):
    texts = {url: body_of(clients[role].get(url)) for url in ("/courses/guarded/", "/courses/guarded/preview/")}

    assert {name for name, _ in found(texts, PUBLIC)} == set(PUBLIC)
