"""Check 38 of UX.md section 5: what the inspector says of somebody is what they get, and what it advises helps."""

import re

import pytest
from playwright.sync_api import expect

from catalog.models import Course
from tests.browser.axe import audit
from tests.browser.people import whole_cast
from tests.factories import StaffFactory

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

# Of whom, which lesson: the code, the rule that decides, and whether it opens.
KNOWN_FOR = {
    "eve": ("lesson-5", "expired", "6. Open right", "cannot"),
    "sam": ("lesson-5", "suspended", "3. Not suspended", "cannot"),
    "dan": ("lesson-9", "drip", "11. Day of the lesson", "cannot"),
    "lee": ("lesson-5", "prerequisites", "8. Prerequisites", "cannot"),
    "kim": ("lesson-5", "active", "6. Open right", "can"),
}


@pytest.fixture
def cast():
    return whole_cast()


@pytest.fixture
def mia():
    """Staff who may change rights."""
    return StaffFactory(email="mia.admin@example.com", name="Mia Admin", is_superuser=True)


def question(site, name, what):
    return f"{site}/dashboard/access/inspect/?student={name}@example.com&what={what}"


def verdict_on(page):
    return page.locator("[data-verdict]").get_attribute("data-verdict")


@pytest.mark.parametrize("name", KNOWN_FOR)
def test_the_verdict_on_every_lesson_is_what_the_student_gets(page, site, sign_in, cast, mia, name):
    user, slug = cast[name]
    paths = [lesson.get_absolute_url() for lesson in Course.objects.get(slug=slug).lessons.in_reading_order()]
    sign_in(user)
    got = {path: {200: "can", 403: "cannot"}[page.goto(site + path).status] for path in paths}

    sign_in(mia)
    said = {}
    for path in paths:
        page.goto(question(site, name, path))
        said[path] = verdict_on(page)

    assert said == got


@pytest.mark.parametrize(("name", "known"), KNOWN_FOR.items())
def test_the_deciding_rule_is_marked(page, site, sign_in, cast, mia, name, known):
    lesson, code, rule, verdict = known
    sign_in(mia)

    page.goto(question(site, name, f"{cast[name][1]}/{lesson}"))

    answer = page.locator("[data-verdict]")
    assert (answer.get_attribute("data-code"), verdict_on(page)) == (code, verdict)
    expect(page.locator("[data-deciding]")).to_have_count(1)
    expect(page.locator("[data-deciding] th")).to_have_text(rule)
    expect(page.locator("[data-deciding]")).to_contain_text("Decides")
    expect(page.locator(".rules tbody tr")).to_have_count(11)


@pytest.mark.parametrize(
    ("name", "press", "fields", "happened"),
    [
        ("eve", "Extend access", {"Days": "1", "Reason": "Goodwill"}, "Extended"),
        ("sam", "Reinstate", {"Reason": "Talked to Sam"}, "Reinstated"),
    ],
)
def test_the_help_works_and_stands_on_the_timeline(page, site, sign_in, cast, mia, name, press, fields, happened):
    user, slug = cast[name]
    sign_in(mia)
    page.goto(question(site, name, f"{slug}/lesson-5"))

    page.locator("[data-fix]").get_by_role("link", name=press).click()
    for label, text in fields.items():
        page.get_by_label(re.compile(label)).fill(text)
    page.get_by_role("button", name=press).click()

    expect(page.locator(".staff-timeline li").first).to_contain_text(happened)
    page.goto(question(site, name, f"{slug}/lesson-5"))
    assert verdict_on(page) == "can"
    sign_in(user)
    assert page.goto(f"{site}/courses/{slug}/lesson-5/").status == 200


def test_waiting_is_a_link_to_the_answer_of_then(page, site, sign_in, cast, mia):
    sign_in(mia)
    page.goto(question(site, "dan", "weekly/lesson-9"))

    page.get_by_role("link", name="Ask for that moment").click()

    expect(page.locator("[data-verdict]")).to_have_attribute("data-verdict", "can")
    expect(page.get_by_label("Moment")).to_have_value(re.compile(r"^\d{4}-\d\d-\d\dT00:00$"))


def test_it_works_without_script(browser, site, cast, mia, context, sign_in):
    sign_in(mia)
    bare = browser.new_context(java_script_enabled=False, storage_state=context.storage_state()).new_page()
    bare.goto(f"{site}/dashboard/access/inspect/")

    bare.get_by_label("Student", exact=True).fill("eve")
    bare.get_by_label("Course or lesson").fill("Camera on stage")
    bare.get_by_role("button", name="Inspect").click()

    expect(bare.locator("[data-verdict] h2")).to_have_text("Cannot open")
    expect(bare.get_by_label("Student", exact=True)).to_have_value("eve")


def test_of_several_people_one_is_chosen(page, site, sign_in, cast, mia):
    sign_in(mia)
    page.goto(f"{site}/dashboard/access/inspect/?student=m&what=stage/lesson-5")
    expect(page.locator("[data-error-summary]")).to_be_focused()

    page.get_by_role("link", name="Kim", exact=True).click()

    expect(page.locator("[data-verdict]")).to_have_attribute("data-code", "purchase")


PAGES = [
    "",
    "?student=eve@example.com&what=camera/lesson-5",
    "?student=sam@example.com&what=camera",
    "?student=kim@example.com&what=camera/lesson-5&at=2026-01-01T10:00",
    "?student=example.com&what=Lesson",
]


def test_axe_finds_nothing(page, site, sign_in, cast, mia):
    sign_in(mia)

    assert [line for query in PAGES for line in audit(page, f"{site}/dashboard/access/inspect/{query}")] == []


def test_nothing_scrolls_sideways_at_320_pixels(page, site, sign_in, cast, mia):
    page.set_viewport_size({"width": 320, "height": 640})
    sign_in(mia)

    wide = []
    for query in PAGES:
        page.goto(f"{site}/dashboard/access/inspect/{query}")
        if page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"):
            wide.append(query)

    assert wide == []
