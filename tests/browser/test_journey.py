"""A newcomer takes a course made from Markdown lessons, from signing up to 100 %."""

import re

import pytest
from django.core.management import call_command
from playwright.sync_api import expect

from tests.factories import PASSWORD

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

COURSE = """---
title: Knots for Sailors
slug: knots
status: active
---

Three knots and why they hold.
"""
LESSON = """---
title: {title}
slug: {slug}
{more}---

Take the rope in your left hand.
"""


@pytest.fixture
def course_folder(tmp_path, settings, site):
    settings.ROOT_URLCONF = "tests.browser.media_urls"
    folder = tmp_path / "knots"
    folder.mkdir()
    (folder / "course.md").write_text(COURSE)
    video = f"type: video\nvideo: {site}/media-for-tests/film-24.mp4\n"
    lessons = [("Bowline", "bowline", video), ("Cleat hitch", "cleat", ""), ("Figure eight", "eight", "")]
    for number, (title, slug, more) in enumerate(lessons, start=1):
        text = LESSON.format(title=title, slug=slug, more=more)
        (folder / f"{number:02}-{slug}.md").write_text(text)
    return folder


def sign_up(page):
    page.get_by_label("Name").fill("Nora Newcomer")
    page.get_by_label("E-mail").fill("nora@example.com")
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Create account").click()


def watch(page, seconds):
    """Press Play and let the film run until the clock shows at least this many seconds."""
    page.locator("[data-player-start]").click()
    film = page.locator("video")
    for _ in range(240):
        if film.evaluate("film => film.ended || film.currentTime") >= seconds:
            return film
        page.wait_for_timeout(250)
    raise AssertionError("the film does not play")


def test_a_newcomer_takes_a_course_to_its_end(page, site, course_folder):
    call_command("import_course", str(course_folder))
    page.goto(f"{site}/courses/")
    page.get_by_role("link", name="Knots for Sailors").first.click()
    page.get_by_role("link", name="Sign up free to start this course").click()
    sign_up(page)
    expect(page).to_have_url(f"{site}/courses/knots/")
    page.get_by_role("button", name="Enroll").click()
    expect(page.locator("h1")).to_have_text("Bowline")

    left_at = leave_in_the_middle(page, site)
    resume(page, left_at)
    finish_the_film(page)
    complete_the_rest(page)

    page.goto(f"{site}/my-dashboard/course/knots/")
    expect(page.get_by_text("100 %").first).to_be_visible()
    expect(page.get_by_text("3 of 3").first).to_be_visible()


def leave_in_the_middle(page, site):
    film = watch(page, 8)
    film.evaluate("film => film.pause()")
    expect(page.locator("[data-player-status]")).to_contain_text("Saved")
    left_at = film.evaluate("film => film.currentTime")
    page.goto(f"{site}/courses/knots/")
    page.get_by_role("link", name="Start").first.click()
    return left_at


def resume(page, left_at):
    """The button names the second, three seconds back."""
    expect(page.locator("[data-player-start-label]")).to_have_text(re.compile(r"Resume at 0:0\d"))
    label = page.locator("[data-player-start-label]").inner_text()
    assert abs(int(label[-2:]) - (left_at - 3)) <= 1


def finish_the_film(page):
    page.locator("[data-player-start]").click()
    page.locator("[data-player-rate]").select_option("2")
    expect(page.locator(".lesson-done")).to_be_visible(timeout=60_000)


def complete_the_rest(page):
    for done, title in enumerate(("Cleat hitch", "Figure eight"), start=2):
        page.locator("#lesson-end [data-next]").click()
        expect(page.locator("h1")).to_have_text(title)
        page.get_by_role("button", name="Complete lesson").click()
        # The mark is shown at once; the count comes with the server's answer.
        expect(page.locator("#live")).to_have_text(f"Lesson completed. {done} of 3 done.")
