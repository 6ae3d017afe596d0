"""Checks 20, 21 and 22 of UX.md section 5, and what happens before Play and when a host does not answer."""

import pytest
from playwright.sync_api import expect

from tests.browser.films import add_lesson, film_course, now_of, painter, play, until, watch_until

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture(autouse=True)
def _films(settings):
    settings.ROOT_URLCONF = "tests.browser.media_urls"


@pytest.fixture
def course(site, sign_in):
    course = film_course(site, seconds=8)
    sign_in(painter(course))
    return course


@pytest.fixture
def film(page, site, course):
    """The film's lesson, open and not played."""
    page.goto(f"{site}/courses/watercolour/wash/")
    return page


def is_paused(page):
    return page.locator("#player video").evaluate("video => video.paused")


def test_keys_work_only_with_the_focus_in_the_player(film):
    film.get_by_role("tab", name="Transcript").click()
    field = film.get_by_label("Search in the transcript")
    field.press_sequentially("k m f")
    assert field.input_value() == "k m f"
    assert film.locator("#player[data-playing]").count() == 0
    play(film, rate=1)
    film.locator("#player").focus()
    film.keyboard.press("k")
    assert is_paused(film)
    film.keyboard.press("m")
    assert film.locator("#player video").evaluate("video => video.muted")
    film.keyboard.press("5")
    assert now_of(film) == pytest.approx(4, abs=0.2)
    film.locator("#player video").focus()
    film.keyboard.press("Space")
    until(film, lambda: not is_paused(film))


def test_the_switch_for_the_whole_page_persists(film):
    film.locator("h1").click()
    film.keyboard.press("k")
    assert film.locator("#player[data-playing]").count() == 0
    film.get_by_role("link", name="Shortcuts").click()
    dialog = film.get_by_role("dialog", name="Shortcuts and playback")
    expect(dialog).to_contain_text("Play or pause")
    dialog.get_by_label("Let the keys work anywhere").check()
    film.keyboard.press("Escape")
    film.reload()
    film.get_by_role("link", name="Shortcuts").click()
    expect(dialog.get_by_label("Let the keys work anywhere")).to_be_checked()
    film.keyboard.press("Escape")
    film.keyboard.press("k")
    until(film, lambda: not is_paused(film))


def test_lines_and_timestamps_seek_and_captions_say_their_state(film):
    assert is_paused(film)
    film.get_by_role("tab", name="Transcript").click()
    film.get_by_text("Take a large brush.").click()
    until(film, lambda: now_of(film) >= 5)
    expect(film.locator("[data-now]")).to_have_text("Take a large brush.")
    captions = film.get_by_role("button", name="Captions")
    expect(captions).to_have_attribute("aria-pressed", "false")
    captions.click()
    expect(captions).to_have_attribute("aria-pressed", "true")
    film.get_by_role("tab", name="Lesson").click()
    film.get_by_role("link", name="0:00 Intro").click()
    until(film, lambda: now_of(film) < 4)
    expect(film.get_by_role("link", name="0:00 Intro")).to_have_attribute("aria-current", "true")


def test_the_address_of_a_moment_starts_there(page, site, course):
    page.goto(f"{site}/courses/watercolour/wash/?t=5")
    expect(page.locator("[data-player-start]")).to_have_text("Play from 0:05")
    assert is_paused(page)
    play(page, rate=1)
    assert now_of(page) >= 5


def switch_autoplay_on(page):
    page.get_by_role("link", name="Shortcuts").click()
    page.get_by_label("Play the next lesson by itself").check()
    page.keyboard.press("Escape")


def test_by_itself_nothing_goes_on(film):
    play(film)
    card = film.locator("[data-up-next]")
    expect(card).to_contain_text("Up next: Lesson 2, On a phone", timeout=15_000)
    expect(card).not_to_contain_text("Plays in")
    card.get_by_role("button", name="Stay").click()
    expect(card).to_have_count(0)


def test_autoplay_counts_down_and_can_be_cancelled_with_the_keyboard(film):
    switch_autoplay_on(film)
    play(film)
    card = film.locator("[data-up-next]")
    expect(card).to_contain_text("Plays in 8 s", timeout=15_000)
    expect(card.get_by_role("button", name="Cancel")).to_be_focused()
    film.keyboard.press("Enter")
    expect(card).to_have_count(0)
    film.wait_for_timeout(1500)
    assert film.url.endswith("/wash/")


def test_autoplay_stops_before_what_is_not_played(film, course):
    course.lessons.filter(slug="phone").update(lesson_type="text")
    film.reload()
    switch_autoplay_on(film)
    play(film)
    card = film.locator("[data-up-next]")
    expect(card).to_be_visible(timeout=15_000)
    expect(card).not_to_contain_text("Plays in")


def hosts_asked(page):
    asked = set()
    page.on("request", lambda request: asked.add(request.url.split("/")[2].split(":")[0]))
    return asked


@pytest.mark.parametrize(
    "address", ["https://vimeo.com/76979871", "https://youtu.be/dQw4w9WgXcQ", "https://www.loom.com/share/" + "a" * 32]
)
def test_no_other_host_is_asked_before_play(page, site, course, address):
    add_lesson(course, course.modules.get(), "Elsewhere", "elsewhere", video_url=address)
    asked = hosts_asked(page)
    page.goto(f"{site}/courses/watercolour/elsewhere/")
    expect(page.get_by_text("which is contacted when you press Play")).to_be_visible()
    page.wait_for_load_state("networkidle")
    assert asked == {"localhost"}


def test_a_video_inside_a_text_is_a_button_first(page, site, course):
    add_lesson(course, course.modules.get(), "Inside", "inside", lesson_type="text", body="https://vimeo.com/76979871")
    asked = hosts_asked(page)
    page.route("https://player.vimeo.com/**", lambda route: route.fulfill(body="a player"))
    page.goto(f"{site}/courses/watercolour/inside/", wait_until="networkidle")
    assert asked == {"localhost"}
    page.get_by_role("link", name="Play the video at Vimeo").click()
    expect(page.locator('.video-embed iframe[src*="autoplay=1"]')).to_be_visible()


def test_the_button_stays_when_youtube_does_not_answer(page, site, course):
    add_lesson(course, course.modules.get(), "Elsewhere", "elsewhere", video_url="https://youtu.be/dQw4w9WgXcQ")
    page.route("https://www.youtube.com/**", lambda route: route.abort())
    page.goto(f"{site}/courses/watercolour/elsewhere/")
    page.locator("[data-player-start]").click()
    expect(page.locator("[data-player-start]")).to_have_text("Try again")
    expect(page.get_by_role("link", name="Open it at www.youtube.com")).to_be_visible()


def test_speed_is_remembered_and_the_link_to_this_moment_copied(film, context):
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    play(film, rate=1)
    watch_until(film, 2)
    film.get_by_role("button", name="Copy link").click()
    assert "/wash/?t=" in film.evaluate("navigator.clipboard.readText()")
    film.get_by_label("Speed").select_option("1.5")
    film.reload()
    expect(film.get_by_label("Speed")).to_have_value("1.5")
