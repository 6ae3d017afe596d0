"""A course with films, and how a test watches one: by really playing it."""

from django.utils import timezone

from access.services import enroll_free
from catalog.models import Lesson
from catalog.services import save_lesson, save_transcript
from tests.browser.media import film as make_film
from tests.factories import CourseFactory, ModuleFactory, UserFactory

SPOKEN = ["Welcome to the wash.", "Take a large brush.", "Tilt the board.", "Leave it alone."]
DRIVE = "https://drive.google.com/file/d/1AbCdEfGhIjKlMnOpQrStUvWxYz012345/view"


def film_course(site, *, seconds=24):
    """A film with captions, timestamps and a listing; then one at Google Drive; then a text."""
    make_film(seconds)
    course = CourseFactory(title="Watercolour", slug="watercolour")
    module = ModuleFactory(course=course, title="Washes")
    film = save_lesson(
        Lesson(
            course=course,
            module=module,
            title="The wash",
            slug="wash",
            video_url=f"{site}/media-for-tests/film-{seconds}.mp4",
            video_duration_seconds=seconds,
            timestamps=[{"time_seconds": 0, "label": "Intro"}, {"time_seconds": 12, "label": "The bead"}],
            body="Look at it.\n\n```python\nwash()\n```",
        )
    )
    cues = [f"00:00:{5 * n:02}.000 --> 00:00:{5 * n + 4:02}.000\n{text}" for n, text in enumerate(SPOKEN)]
    save_transcript(film, captions="WEBVTT\n\n" + "\n\n".join(cues))
    add_lesson(course, module, "On a phone", "phone", video_url=DRIVE)
    add_lesson(course, module, "Reading", "reading", lesson_type="text", body="Some words.")
    return course


def add_lesson(course, module, title, slug, **fields):
    order = course.lessons.count()
    return save_lesson(Lesson(course=course, module=module, title=title, slug=slug, order=order, **fields))


def painter(course):
    """Someone enrolled in the course."""
    user = UserFactory(email="kim@example.com", name="Kim")
    enroll_free(user=user, course=course, now=timezone.now())
    return user


def until(page, holds, *, seconds=30):
    """Wait for what no locator shows; `wait_for_function` needs eval, which the content policy forbids."""
    for _ in range(seconds * 5):
        if holds():
            return
        page.wait_for_timeout(200)
    raise AssertionError("it never came true")


def now_of(page):
    return page.locator("#player video").evaluate("video => video.currentTime")


def play(page, *, rate=2):
    """Press the button on the poster and wait until the film runs."""
    page.locator("[data-player-start]").click()
    page.locator("#player video").evaluate("(video, rate) => { video.playbackRate = rate }", rate)
    until(page, lambda: page.locator("#player[data-playing]").count() == 1)


def watch_until(page, second):
    until(page, lambda: now_of(page) >= second, seconds=60)


def pause(page):
    """Pause, and wait for the report that follows."""
    with page.expect_response("**/progress/"):
        page.locator("#player video").evaluate("video => video.pause()")


def skip_to(page, second):
    with page.expect_response("**/progress/"):
        page.locator("#player video").evaluate("(video, second) => { video.currentTime = second }", second)
