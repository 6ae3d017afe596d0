"""Check 40 of UX.md section 5: bytes, requests, layout shift, and what search engines read."""

import gzip
import json

import pytest

from tests.browser.people import everybody, paid_course

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

KB = 1024
# page: (scripts, style, HTML), gzipped
BUDGETS = {
    "/": (30, 25, 40),
    "/courses/": (25, 25, 50),
    "/courses/camera/": (25, 25, 50),
    "/courses/camera/lesson-8/": (40, 25, 70),
    "/my-dashboard/": (25, 25, 50),
}
SHIFT = """
new Promise(done => {
  let sum = 0;
  new PerformanceObserver(list => { for (const entry of list.getEntries()) sum += entry.value; })
    .observe({type: 'layout-shift', buffered: true});
  setTimeout(() => done(sum), 600);
})
"""


@pytest.fixture
def people():
    return everybody(paid_course())


def zipped(responses, kind):
    return sum(len(gzip.compress(r.body())) for r in responses if r.request.resource_type == kind) / KB


@pytest.mark.parametrize("path", BUDGETS)
def test_a_page_is_light_and_does_not_shift(page, site, sign_in, people, path):
    sign_in(people["kim"])
    responses = []
    page.on("response", lambda response: responses.append(response))  # noqa: PLW0108 - Playwright marks the function
    page.goto(site + path, wait_until="load")
    page.wait_for_timeout(500)
    same_host = [r for r in responses if r.url.startswith(site)]
    scripts, style, html = (zipped(same_host, kind) for kind in ("script", "stylesheet", "document"))
    most = BUDGETS[path]

    assert (scripts <= most[0], style <= most[1], html <= most[2]) == (True, True, True), (scripts, style, html)
    assert [r.url for r in responses if r not in same_host] == []
    assert page.evaluate(SHIFT) <= 0.05


@pytest.mark.parametrize("path", ["/", "/courses/camera/", "/courses/camera/lesson-8/"])
def test_a_page_asks_for_few_files_before_it_is_used(page, site, sign_in, people, path):
    sign_in(people["kim"])
    requests = []
    page.on("request", lambda request: requests.append(request.url))
    page.goto(site + path, wait_until="load")
    page.wait_for_timeout(500)

    assert len(requests) <= 20, requests


def test_the_course_page_says_what_search_engines_read(page, site, people):
    page.goto(f"{site}/courses/camera/")
    data = [json.loads(text) for text in page.locator("script[type='application/ld+json']").all_inner_texts()]
    kinds = {item.get("@type") for entry in data for item in (entry.get("@graph") or [entry])}

    assert {"Course", "BreadcrumbList"} <= kinds
    assert page.locator("link[rel=canonical]").get_attribute("href").endswith("/courses/camera/")
    assert page.locator("meta[property='og:title']").get_attribute("content") == "Camera confidence"


def test_the_sitemap_lists_the_preview_and_no_locked_lesson(page, site, people):
    text = page.request.get(f"{site}/sitemap.xml").text()

    assert ("/courses/camera/lesson-2/" in text, "/courses/camera/lesson-5/" in text) == (True, False)
