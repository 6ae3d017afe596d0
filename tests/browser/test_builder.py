"""Checks 34 and 33 (order of lessons) of UX.md section 5: the builder by menu, keys and mouse, and without scripts."""

import re

import pytest
from playwright.sync_api import expect

from catalog.models import Lesson
from tests.browser.test_budgets import zipped
from tests.catalog.outlines import course_of, order_of
from tests.factories import StaffFactory

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def course():
    return course_of(Welcome=["a", "b"], Voice=["c", "d"])


@pytest.fixture
def builder(page, site, sign_in, course):
    sign_in(StaffFactory(is_superuser=True))
    page.set_viewport_size({"width": 1280, "height": 900})
    page.goto(f"{site}/dashboard/courses/{course.slug}/outline/")
    return page


def shown(page):
    """What the page shows: a line for each module with its lessons."""
    lists = page.locator("[data-lessons]")
    return [lists.nth(number).locator(".builder-title").all_inner_texts() for number in range(lists.count())]


def choose(page, title, what):
    page.locator("summary", has_text=f"Change {title}").click()
    page.locator("details[open]").get_by_text(what, exact=True).click()


def live(page):
    return page.locator("#live")


def test_a_lesson_goes_to_another_module_by_menu_and_back_by_undo(builder, course):
    choose(builder, "c", "Move up")
    expect(live(builder)).to_have_text("c moved to position 3 of 3 in Welcome.")
    moved = (shown(builder), order_of(course)["Welcome"])
    builder.reload()
    after_reload = shown(builder)
    builder.get_by_role("button", name="Undo").click()

    expect(builder.get_by_role("status").first).to_contain_text("c is back at position 1 of 2 in Voice.")
    assert moved == ([["a", "b", "c"], ["d"]], ["a", "b", "c"])
    assert (after_reload, shown(builder)) == (moved[0], [["a", "b"], ["c", "d"]])


def test_a_lesson_goes_to_a_module_and_position_by_form(builder, course):
    choose(builder, "a", "To module…")
    builder.get_by_label("Module").select_option("Voice")
    builder.get_by_label("Position").fill("2")
    builder.get_by_role("button", name="Move lesson").click()

    expect(builder.get_by_role("status").first).to_contain_text("a moved to position 2 of 3 in Voice.")
    assert shown(builder) == [["b"], ["c", "a", "d"]]


def test_space_and_arrows_move_a_lesson_across_modules(builder, course):
    handle = builder.get_by_role("button", name="Move b", exact=True)
    handle.focus()
    builder.keyboard.press("Space")
    expect(live(builder)).to_contain_text("b picked up. Position 2 of 2 in Welcome.")
    builder.keyboard.press("ArrowDown")
    expect(live(builder)).to_have_text("Position 1 of 3 in Voice.")
    builder.keyboard.press("ArrowDown")
    builder.keyboard.press("Space")

    expect(live(builder)).to_have_text("b moved to position 2 of 3 in Voice.")
    expect(builder.locator("[data-outline-state]")).to_contain_text("Saved ")
    expect(handle).to_be_focused()
    builder.reload()
    assert (shown(builder), order_of(course)["Voice"]) == ([["a"], ["c", "b", "d"]], ["c", "b", "d"])


def test_escape_puts_a_lesson_back(builder, course):
    builder.get_by_role("button", name="Move b", exact=True).focus()
    builder.keyboard.press("Space")
    builder.keyboard.press("ArrowUp")
    lifted = shown(builder)[0]
    builder.keyboard.press("Escape")

    expect(live(builder)).to_have_text("b is back. Position 2 of 2 in Welcome.")
    assert (lifted, shown(builder)[0], order_of(course)["Welcome"]) == (["b", "a"], ["a", "b"], ["a", "b"])


def test_arrows_move_a_module(builder, course):
    builder.get_by_role("button", name="Move module Voice").focus()
    builder.keyboard.press("Space")
    builder.keyboard.press("ArrowUp")
    builder.keyboard.press("Space")

    expect(live(builder)).to_have_text("Voice moved to position 1 of 2.")
    assert [*order_of(course)][1:] == ["Voice", "Welcome"]


def test_a_lesson_is_dragged_by_its_handle(builder, course):
    builder.wait_for_load_state("networkidle")
    builder.get_by_role("button", name="Move a", exact=True).hover()
    builder.mouse.down()
    target = builder.get_by_role("button", name="Move d", exact=True).bounding_box()
    builder.mouse.move(target["x"] + 10, target["y"] + 5, steps=20)
    expect(builder.locator("[data-lessons]").nth(1).locator(".builder-title", has_text="a")).to_have_count(1)
    builder.mouse.up()

    expect(live(builder)).to_contain_text("a moved to position")
    assert "a" in order_of(course)["Voice"]


def test_a_module_is_dragged_by_its_handle(builder, course):
    builder.wait_for_load_state("networkidle")
    builder.get_by_role("button", name="Move module Voice").hover()
    builder.mouse.down()
    target = builder.get_by_role("button", name="Move module Welcome").bounding_box()
    builder.mouse.move(target["x"] + 10, target["y"], steps=20)
    expect(builder.locator(".builder-module").first).to_have_attribute("data-title", "Voice")
    builder.mouse.up()

    expect(live(builder)).to_contain_text("Voice moved to position 1 of 2.")
    assert [*order_of(course)][1:] == ["Voice", "Welcome"]


def test_what_another_changed_meanwhile_is_shown_and_the_move_told(builder, course):
    Lesson.objects.filter(title="a").update(order=9)
    choose(builder, "c", "Move down")

    expect(builder.get_by_role("alert")).to_contain_text("Not done: Move c down.")
    expect(builder.locator("[data-outline-state]")).to_have_text("Not saved")
    assert shown(builder) == [["b", "a"], ["c", "d"]]


def test_a_module_and_lessons_are_added_one_after_the_other(builder, course):
    builder.get_by_label("Title of a new module").fill("Words")
    builder.keyboard.press("Enter")
    field = builder.get_by_label("Title of a new lesson in Words")
    for title in ("e", "f"):
        field.fill(title)
        builder.keyboard.press("Enter")
        expect(live(builder)).to_contain_text(f"{title} is added.")

    expect(field).to_be_focused()
    assert order_of(course)["Words"] == ["e", "f"]


def test_a_title_that_is_missing_is_asked_for(builder):
    builder.get_by_role("button", name="Lesson in Voice").click()

    expect(builder).to_have_title(re.compile("^Error: Add a lesson"))
    expect(builder.get_by_role("alert")).to_contain_text("Give it a title.")


def test_without_an_answer_the_page_says_that_nothing_is_kept(builder, context, course):
    context.set_offline(True)
    choose(builder, "a", "Move down")

    expect(builder.locator("[data-outline-state]")).to_have_text("Not saved: no answer. Show what is kept")
    context.set_offline(False)
    builder.get_by_role("link", name="Show what is kept").click()
    expect(builder.locator("[data-outline-state]")).to_have_text("The order saves by itself")
    assert order_of(course)["Welcome"] == ["a", "b"]


def test_a_deleted_lesson_leaves_the_focus_at_the_next(builder):
    choose(builder, "a", "Delete")

    expect(live(builder)).to_contain_text("a is in the trash")
    expect(builder.locator("summary", has_text="Change b")).to_be_focused()


def test_the_page_is_light(page, site, sign_in, course):
    sign_in(StaffFactory(is_superuser=True))
    responses = []
    page.on("response", lambda response: responses.append(response))  # noqa: PLW0108 - Playwright marks the function
    page.goto(f"{site}/dashboard/courses/{course.slug}/outline/", wait_until="networkidle")

    heavy = {kind: zipped(responses, kind) for kind in ("script", "stylesheet", "document")}
    assert (heavy["script"] <= 60, heavy["stylesheet"] <= 30, heavy["document"] <= 80) == (True, True, True), heavy


@pytest.fixture
def plain(browser, site, course, context, sign_in):
    """The builder on a phone, with scripts off."""
    sign_in(StaffFactory(is_superuser=True))
    cookies = context.cookies()
    other = browser.new_context(java_script_enabled=False, viewport={"width": 390, "height": 844})
    other.add_cookies(cookies)
    page = other.new_page()
    page.goto(f"{site}/dashboard/courses/{course.slug}/outline/")
    yield page
    other.close()


def test_without_scripts_a_lesson_is_moved_and_moved_back(plain, course):
    choose(plain, "a", "Move down")
    expect(plain.get_by_role("status").first).to_contain_text("a moved to position 2 of 2 in Welcome.")
    moved = order_of(course)["Welcome"]
    plain.get_by_role("button", name="Undo").click()

    expect(plain.get_by_role("status").first).to_contain_text("a is back at position 1 of 2 in Welcome.")
    assert (moved, order_of(course)["Welcome"]) == (["b", "a"], ["a", "b"])
    assert plain.locator("[data-handle]:visible").count() == 0


def test_without_scripts_a_module_and_a_lesson_are_added(plain, course):
    plain.get_by_label("Title of a new module").fill("Words")
    plain.get_by_role("button", name="Module", exact=True).click()
    plain.get_by_label("Title of a new lesson in Words").fill("e")
    plain.get_by_role("button", name="Lesson in Words").click()

    expect(plain.get_by_role("status").first).to_contain_text("e is added.")
    assert order_of(course)["Words"] == ["e"]
