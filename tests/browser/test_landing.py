"""The landing page's effects stop when asked; the page frame works by keyboard and without script (UX 2.1, 5.27)."""

import re

import pytest
from playwright.sync_api import expect

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

RUNNING = "document.getAnimations().filter(one => one.playState === 'running').length"

WITHIN = 1000  # milliseconds


def test_effects_run_for_people_who_did_not_ask_for_less(page, site):
    page.goto(site)

    expect(page.get_by_role("button", name="Pause motion")).to_be_visible()
    assert page.evaluate(RUNNING) > 0


def test_pause_motion_stops_all_and_is_remembered(page, site):
    page.goto(site)
    page.get_by_role("button", name="Pause motion").click()

    expect(page.locator("html")).to_have_class("less-motion")
    page.wait_for_timeout(WITHIN)
    assert page.evaluate(RUNNING) == 0

    page.reload()
    expect(page.get_by_role("button", name="Play motion")).to_be_visible()
    assert page.evaluate(RUNNING) == 0


def test_reduced_motion_runs_nothing_and_hides_nothing(page, site):
    page.emulate_media(reduced_motion="reduce")
    page.goto(site)

    expect(page.locator("html")).to_have_class("less-motion")
    assert page.evaluate(RUNNING) == 0
    expect(page.locator(".rise-waiting")).to_have_count(0)


def test_parts_below_the_first_screen_rise_when_reached(page, site):
    page.goto(site)
    part = page.locator("#join").locator("..")

    expect(part).to_have_class(re.compile("rise-waiting"))
    part.scroll_into_view_if_needed()
    expect(part).to_have_class(re.compile("rise-shown"))


def test_first_tab_stop_is_the_skip_link_and_it_works(page, site):
    page.goto(site)
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to content")).to_be_focused()

    page.keyboard.press("Enter")
    expect(page.locator("main")).to_be_focused()


def test_theme_changes_at_once_and_stays(page, site):
    page.goto(f"{site}/help/")
    with page.expect_response("**/theme/"):
        page.get_by_role("button", name="Dark").click()

    expect(page.locator("html")).to_have_class("theme-dark")
    page.goto(f"{site}/legal/")
    expect(page.locator("html")).to_have_class("theme-dark")


def test_menu_closes_with_escape_and_gives_the_focus_back(page, site):
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(site)
    menu = page.locator("[data-menu]")
    menu.locator("summary").click()
    expect(menu.get_by_role("link", name="Log in")).to_be_visible()

    page.keyboard.press("Escape")
    expect(menu.get_by_role("link", name="Log in")).to_be_hidden()
    expect(menu.locator("summary")).to_be_focused()


def test_without_script_menu_theme_and_every_part_are_there(browser, site):
    page = browser.new_page(java_script_enabled=False, viewport={"width": 390, "height": 844})
    page.goto(site)
    page.locator("[data-menu] summary").click()
    expect(page.locator("[data-menu]").get_by_role("link", name="Courses")).to_be_visible()
    for part in page.locator("[data-rise]").all():
        expect(part).to_be_visible()

    page.get_by_role("button", name="Dark").click()
    expect(page.locator("html")).to_have_class("theme-dark")
