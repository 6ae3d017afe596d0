"""Checks 15, 16 and 17 of UX.md section 5: what was watched is kept, and nothing else counts."""

import json

import pytest
from playwright.sync_api import expect

from progress.models import LessonProgress
from tests.browser.films import film_course, now_of, painter, pause, play, skip_to, until, watch_until

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture(autouse=True)
def _films(settings):
    settings.ROOT_URLCONF = "tests.browser.media_urls"


@pytest.fixture
def open_film(page, site, sign_in):
    """`open_film(seconds)` shows the film's lesson to a student."""

    def go(seconds=24):
        course = film_course(site, seconds=seconds)
        sign_in(painter(course))
        page.goto(f"{site}/courses/watercolour/wash/")

    return go


def row():
    return LessonProgress.objects.get(lesson__slug="wash")


def done_mark(page):
    return page.locator('#outline [aria-current="page"][data-status="done"]')


def test_closing_the_tab_keeps_the_place_and_the_end_starts_over(open_film, page, context, site):
    open_film(48)
    play(page)
    watch_until(page, 40)
    left_at = now_of(page)
    page.close()
    page = context.new_page()
    page.goto(f"{site}/courses/watercolour/wash/")
    expect(page.locator("[data-player-start]")).to_contain_text("Resume at 0:3")
    play(page)
    assert abs(now_of(page) - left_at) <= 5
    watch_until(page, 47.8)
    expect(page.locator("[data-up-next]")).to_be_visible()
    until(page, lambda: row().last_position_seconds > 47)
    page.reload()
    expect(page.locator("[data-player-start]")).to_have_text("Play")


def test_skipping_is_not_watching(open_film, page):
    open_film()
    play(page)
    watch_until(page, 4)
    skip_to(page, 20)
    watch_until(page, 23.9)
    until(page, lambda: row().last_position_seconds > 23)
    assert row().watch_percentage < 50
    expect(done_mark(page)).to_have_count(0)
    skip_to(page, 3)
    page.locator("#player video").evaluate("video => video.play()")
    watch_until(page, 21)
    pause(page)
    expect(done_mark(page)).to_be_visible()
    expect(page.locator("#lesson-end")).to_contain_text("Completed")
    assert row().is_completed


def test_watching_offline_arrives_once_the_network_is_back(open_film, page, context):
    open_film()
    sent = []
    page.on("requestfinished", lambda request: request.method == "POST" and sent.append(request.post_data))
    play(page, rate=1)
    context.set_offline(True)
    watch_until(page, 5)
    page.locator("#player video").evaluate("video => video.pause()")
    expect(page.locator("[data-player-status]")).to_have_text("Not saved yet – will retry")
    assert not LessonProgress.objects.exists()
    context.set_offline(False)
    expect(page.locator("[data-player-status]")).to_contain_text("Saved 0:0")
    assert len(sent) == 1
    [[start, end]] = row().watched_ranges
    assert (start, end) == (0, pytest.approx(6, abs=1))
    replay(page, json.loads(sent[0]))
    assert row().watched_ranges == [[start, end]]


def replay(page, payload):
    """Send the same report a second time."""
    status = page.evaluate(
        """payload => fetch(document.getElementById("player").dataset.report, {
            method: "POST", body: JSON.stringify(payload), headers: {
                "Content-Type": "application/json",
                "X-CSRFToken": document.querySelector("[name=csrfmiddlewaretoken]").value,
            }}).then(({status}) => status)""",
        payload,
    )
    assert status == 200


def test_logged_out_meanwhile_asks_to_log_in_and_keeps_what_was_watched(open_film, page, context):
    open_film()
    play(page)
    watch_until(page, 3)
    context.clear_cookies()
    pause(page)
    expect(page.locator("[data-player-status] a")).to_have_text("Log in")
    assert page.evaluate("Object.keys(localStorage).filter(key => key.startsWith('progress:')).length") == 1


def test_what_could_not_be_sent_goes_with_the_next_lesson(open_film, page, context, site):
    open_film()
    page.route("**/progress/", lambda route: route.fulfill(status=503))
    play(page)
    watch_until(page, 4)
    pause(page)
    expect(page.locator("[data-player-status]")).to_have_text("Not saved yet – will retry")
    page.unroute("**/progress/")
    page.evaluate("document.querySelector('#player video').removeAttribute('src')")
    with page.expect_response("**/progress/"):
        page.goto(f"{site}/courses/watercolour/reading/")
    until(page, lambda: row().last_position_seconds >= 4)


def test_a_withdrawn_right_stops_the_reports_and_says_why(open_film, page):
    open_film()
    body = json.dumps({"error": {"code": "revoked", "message": "Your access to this course was withdrawn."}})
    page.route("**/progress/", lambda route: route.fulfill(status=403, body=body, content_type="application/json"))
    play(page)
    watch_until(page, 2)
    pause(page)
    expect(page.locator("[data-player-status]")).to_have_text("Your access to this course was withdrawn.")
