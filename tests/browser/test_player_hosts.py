"""The adapters: a real HLS stream through the vendored script; Vimeo and YouTube against stand-ins."""

from pathlib import Path

import pytest
from playwright.sync_api import expect

from progress.models import LessonProgress
from tests.browser.films import add_lesson, film_course, painter, until

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
HERE = Path(__file__).parent


@pytest.fixture(autouse=True)
def _films(settings):
    settings.ROOT_URLCONF = "tests.browser.media_urls"


@pytest.fixture
def open_video(page, site, sign_in):
    def go(address):
        course = film_course(site, seconds=8)
        sign_in(painter(course))
        fields = {"video_url": address, "video_duration_seconds": 24}
        add_lesson(course, course.modules.get(), "Elsewhere", "elsewhere", **fields)
        page.goto(f"{site}/courses/watercolour/elsewhere/")

    return go


@pytest.fixture
def stand_ins(page):
    page.route("https://www.youtube.com/iframe_api", lambda route: route.fulfill(path=HERE / "fake_youtube.js"))
    page.route("https://www.youtube-nocookie.com/**", lambda route: route.fulfill(body="a player"))
    page.route("https://player.vimeo.com/**", lambda route: route.fulfill(path=HERE / "fake_vimeo.html"))


def row():
    return LessonProgress.objects.get(lesson__slug="elsewhere")


@pytest.mark.usefixtures("stand_ins")
@pytest.mark.parametrize("address", ["https://vimeo.com/76979871", "https://youtu.be/dQw4w9WgXcQ"])
def test_a_framed_player_is_tracked(open_video, page, address):
    open_video(address)
    page.locator("[data-player-start]").click()
    until(page, lambda: page.locator("#player[data-playing]").count() == 1)
    page.wait_for_timeout(3000)
    page.locator("#player").focus()
    with page.expect_response("**/progress/"):
        page.keyboard.press("k")
    expect(page.locator("[data-player-status]")).to_contain_text("Saved 0:0")
    [[start, end]] = row().watched_ranges
    assert (start, end) == (0, pytest.approx(6, abs=2))


@pytest.mark.usefixtures("stand_ins")
@pytest.mark.parametrize("address", ["https://vimeo.com/76979871", "https://youtu.be/dQw4w9WgXcQ"])
def test_seeking_in_a_framed_player_is_not_watching(open_video, page, address):
    open_video(address)
    page.locator("[data-player-start]").click()
    until(page, lambda: page.locator("#player[data-playing]").count() == 1)
    page.wait_for_timeout(1000)
    with page.expect_response("**/progress/"):
        page.get_by_role("button", name="Ahead 10 seconds").click()
    until(page, lambda: row().last_position_seconds >= 10)
    assert row().watch_percentage < 40


def test_an_hls_stream_plays_and_is_tracked(open_video, page, site):
    page.add_init_script("HTMLMediaElement.prototype.canPlayType = () => ''")  # as browsers without native HLS answer
    loaded = []
    page.on("request", lambda request: loaded.append(request.url))
    open_video(f"{site}/media-for-tests/stream/list.m3u8")
    assert not [url for url in loaded if "hls.light" in url]
    page.locator("[data-player-start]").click()
    video = page.locator("#player video")
    until(page, lambda: video.evaluate("video => video.currentTime") > 3)
    assert [url for url in loaded if "hls.light" in url]
    with page.expect_response("**/progress/"):
        video.evaluate("video => video.pause()")
    assert row().watched_ranges[0][0] == 0
