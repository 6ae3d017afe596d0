"""The lesson page around the player: completing, tabs, outline, phones, no script, weight. Check 18 is here too."""

import gzip

import pytest
from playwright.sync_api import expect

from progress.models import LessonProgress
from tests.browser.axe import violations
from tests.browser.films import film_course, painter, play

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PHONE = {"width": 390, "height": 844}


@pytest.fixture(autouse=True)
def _course(settings, site, sign_in):
    settings.ROOT_URLCONF = "tests.browser.media_urls"
    sign_in(painter(film_course(site, seconds=8)))


@pytest.fixture
def wash(site):
    return f"{site}/courses/watercolour/wash/"


@pytest.fixture
def drive(site):
    return f"{site}/courses/watercolour/phone/"


def test_a_drive_lesson_says_so_and_is_completed_and_reopened(page, drive):
    page.goto(drive)
    expect(page.locator("#player")).to_contain_text("This player cannot report progress")
    page.get_by_role("button", name="Complete lesson").click()
    expect(page.get_by_role("link", name="Next lesson")).to_be_focused()
    expect(page.locator('#outline [aria-current="page"]')).to_have_attribute("data-status", "done")
    expect(page.locator("#outline-progress")).to_contain_text("1 of 3")
    expect(page.locator("#live")).to_have_text("Lesson completed. 1 of 3 done.")
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_role("button", name="Complete lesson")).to_be_focused()
    expect(page.locator("#outline-progress")).to_contain_text("0 of 3")


def test_a_completion_is_not_lost_by_leaving_at_once(page, drive, wash):
    page.goto(drive)
    page.route("**/complete/", lambda route: None)  # htmx's own request never gets through
    page.get_by_role("button", name="Complete lesson").click()
    expect(page.locator("#complete")).to_have_text("Completed")
    page.unroute("**/complete/")
    page.goto(wash)
    page.wait_for_function("fetch(location).then((page) => page.text()).then((text) => text.includes('1 of 3'))")


def test_a_refused_mark_is_taken_back_with_a_message(page, drive):
    page.goto(drive)
    page.route("**/complete/", lambda route: route.fulfill(status=500))
    page.get_by_role("button", name="Complete lesson").click()
    expect(page.get_by_role("link", name="Could not load this part. Try again")).to_be_visible()
    expect(page.get_by_role("button", name="Complete lesson")).to_be_focused()
    expect(page.locator('#outline [aria-current="page"]')).to_have_attribute("data-status", "open")


def test_tabs_are_a_tab_list_that_keys_and_addresses_reach(page, wash):
    page.goto(f"{wash}#transcript")
    tab = page.get_by_role("tab", name="Transcript")
    expect(tab).to_have_attribute("aria-selected", "true")
    tab.press("ArrowLeft")
    expect(page.get_by_role("tab", name="Lesson")).to_be_focused()
    expect(page.get_by_role("tabpanel", name="Lesson")).to_contain_text("Look at it.")
    expect(page.get_by_text("Take a large brush.")).not_to_be_visible()


def test_the_transcript_is_searched_in_place(page, wash):
    page.goto(f"{wash}#transcript")
    page.get_by_label("Search in the transcript").fill("the")
    expect(page.locator(".transcript-search")).to_contain_text("2 places")
    page.get_by_role("button", name="Next").click()
    expect(page.locator(".transcript-search")).to_contain_text("1 of 2")


def test_a_listing_is_copied(page, context, wash):
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.goto(wash)
    page.get_by_role("button", name="Copy", exact=True).click()
    assert page.evaluate("navigator.clipboard.readText()") == "wash()"


def test_on_a_phone_the_outline_is_a_dialog_at_the_current_lesson(page, wash):
    page.set_viewport_size(PHONE)
    page.goto(wash)
    expect(page.locator("#outline")).not_to_be_visible()
    page.get_by_role("link", name="Lesson 1 of 3").click()
    dialog = page.get_by_role("dialog", name="Course outline")
    expect(dialog.get_by_role("link", name="The wash")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.get_by_role("link", name="Lesson 1 of 3")).to_be_focused()
    assert page.evaluate("document.documentElement.scrollWidth") == PHONE["width"]


def test_the_outline_stays_hidden_for_those_who_hid_it(page, wash):
    page.goto(wash)
    page.get_by_role("button", name="Hide outline").click()
    page.reload()
    expect(page.locator("#outline")).not_to_be_visible()
    page.get_by_role("button", name="Show outline").click()
    expect(page.locator("#outline")).to_be_visible()


def test_without_script_the_lesson_is_read_and_completed(browser, context, drive, site):
    plain = browser.new_context(java_script_enabled=False, storage_state=context.storage_state())
    page = plain.new_page()
    page.goto(f"{site}/courses/watercolour/wash/")
    expect(page.get_by_text("Take a large brush.")).to_be_visible()
    expect(page.locator("#player video[controls]")).to_be_visible()
    page.get_by_role("button", name="Complete lesson").click()
    expect(page).to_have_url(drive)
    assert LessonProgress.objects.get(lesson__slug="wash").is_completed
    page.go_back()
    page.reload()
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_role("button", name="Complete lesson")).to_be_visible()
    plain.close()


def test_the_page_is_light_before_play(page, wash):
    scripts, others = {}, set()
    page.on("response", lambda response: note(response, scripts, others))
    page.goto(wash, wait_until="networkidle")
    assert sum(scripts.values()) <= 40 * 1024, scripts
    assert len(scripts) + len(others) <= 20, [*scripts, *others]


def note(response, scripts, others):
    if response.request.resource_type == "script":
        scripts[response.url] = len(gzip.compress(response.body()))
    else:
        others.add(response.url)


def test_nothing_moves_while_the_page_loads(page, wash):
    page.add_init_script(
        "window.shift = 0; const add = ({value}) => { shift += value };"
        "new PerformanceObserver(list => list.getEntries().forEach(add))"
        ".observe({type: 'layout-shift', buffered: true})"
    )
    for size in (PHONE, {"width": 1280, "height": 800}):
        page.set_viewport_size(size)
        page.goto(wash, wait_until="networkidle")
        assert page.evaluate("shift") <= 0.05


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_finds_nothing_with_everything_open(page, wash, theme):
    page.emulate_media(color_scheme=theme, reduced_motion="reduce")  # axe must not measure a fade
    page.goto(wash)
    found = violations(page)
    page.get_by_role("tab", name="Transcript").click()
    found += violations(page)
    page.get_by_role("link", name="Shortcuts").click()
    found += violations(page)
    page.keyboard.press("Escape")
    play(page)
    expect(page.locator("[data-up-next]")).to_be_visible(timeout=15_000)
    assert found + violations(page) == []
