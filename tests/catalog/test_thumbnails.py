"""The thumbnail of a lesson's video: derived where the provider has one, typed elsewhere, never of an old video."""

import pytest

from catalog.models import Lesson
from catalog.services import save_lesson
from tests.factories import CourseFactory, LessonFactory

pytestmark = pytest.mark.django_db
YOUTUBE, OTHER_YOUTUBE = "https://youtu.be/dQw4w9WgXcQ", "https://youtu.be/9bZkp7q19f0"
VIMEO, OTHER_VIMEO = "https://vimeo.com/76979871", "https://vimeo.com/22439234"
TYPED = "https://x.example/typed.jpg"


def saved(url, thumbnail=""):
    lesson = LessonFactory.build(course=CourseFactory(), slug="l", video_url=url, video_thumbnail_url=thumbnail)
    return Lesson.objects.get(pk=save_lesson(lesson).pk)


def thumbnail_after(lesson, **changes):
    for name, value in changes.items():
        setattr(lesson, name, value)
    save_lesson(lesson)
    return Lesson.objects.get(pk=lesson.pk).video_thumbnail_url


def test_a_provider_with_thumbnails_gives_one():
    assert "dQw4w9WgXcQ" in saved(YOUTUBE).video_thumbnail_url
    assert "9bZkp7q19f0" in thumbnail_after(saved(YOUTUBE), video_url=OTHER_YOUTUBE)


@pytest.mark.parametrize("url", [VIMEO, "", "https://media.example.com/a.mp4", "https://example.com/page"])
def test_a_new_video_without_one_does_not_keep_the_old(url):
    assert thumbnail_after(saved(YOUTUBE), video_url=url) == ""


def test_a_typed_one_stays_as_long_as_the_video_does():
    assert saved(VIMEO, TYPED).video_thumbnail_url == TYPED
    assert thumbnail_after(saved(VIMEO, TYPED), title="New", video_url=f"{VIMEO}?share=copy") == TYPED
    assert thumbnail_after(saved(VIMEO, TYPED), video_url=OTHER_VIMEO) == ""


def test_one_typed_along_with_a_new_video_stays():
    assert thumbnail_after(saved(YOUTUBE), video_url=VIMEO, video_thumbnail_url=TYPED) == TYPED
