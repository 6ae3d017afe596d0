import pytest

from catalog.models import Lesson
from catalog.services import save_lesson
from catalog.video_repair import NotGoogleDrive, repair_video, set_google_drive_video, video_problems
from tests.factories import CourseFactory, LessonFactory

pytestmark = pytest.mark.django_db

DRIVE = "https://drive.google.com/file/d/1AbCdEfGhIjKlMnOpQrStUvWxYz012345/view"
YOUTUBE = "https://www.youtube.com/watch?v=dQw4w9WgXcQ"
THUMBNAIL = "https://i.ytimg.com/vi/dQw4w9WgXcQ/hqdefault.jpg"


def lesson_with(video, **stored):
    lesson = save_lesson(LessonFactory.build(course=CourseFactory(slug="c"), slug="l", video_url=video))
    Lesson.objects.filter(pk=lesson.pk).update(**stored)
    return lesson


@pytest.mark.parametrize(
    ("video", "stored", "problem", "can_be_fixed"),
    [
        ("", {"lesson_type": "video"}, "c/l: is a video lesson without a video", False),
        ("https://example.org/", {}, "c/l: is not a video address we know: https://example.org/", False),
        (YOUTUBE, {"video_id": "x"}, "c/l: should be youtube dQw4w9WgXcQ", True),
        ("https://x.example/a.mp4", {"video_provider": ""}, "c/l: should be file", True),
        ("youtu.be/dQw4w9WgXcQ", {}, f"c/l: could be written as {YOUTUBE}", True),
        (YOUTUBE, {"video_thumbnail_url": "https://x.example/"}, "c/l: has the thumbnail of another video", True),
    ],
)
def test_video_problems_names_the_lesson_and_the_cause(video, stored, problem, can_be_fixed):
    lesson_with(video, **stored)

    assert [(str(found), found.can_be_fixed) for found in video_problems()] == [(problem, can_be_fixed)]


@pytest.mark.parametrize(
    "video", ["", YOUTUBE, f"{YOUTUBE}&list=PL1&t=5", "/media/a.mp4", "https://vimeo.com/76979871"]
)
def test_video_problems_is_content(video):
    lesson_with(video)

    assert video_problems() == []


def test_video_problems_leaves_unpublished_lessons_alone():
    lesson_with("https://example.org/", is_published=False)

    assert video_problems() == []


@pytest.mark.parametrize(
    ("video", "repaired"),
    [
        (f'<iframe src="{YOUTUBE}"></iframe>', YOUTUBE),
        (f" {YOUTUBE}&list=PL1 ", YOUTUBE),
        (f"{YOUTUBE}&t=5", f"{YOUTUBE}&t=5"),
        (" https://x.example/a.mp4?k=1 ", "https://x.example/a.mp4?k=1"),
    ],
)
def test_repair_video_writes_the_plain_address_and_derives_again(video, repaired):
    lesson = lesson_with(video, video_id="wrong", video_thumbnail_url="https://x.example/")
    lesson.refresh_from_db()

    repair_video(lesson)

    assert lesson.video_url == repaired
    assert [problem for problem in video_problems() if problem.lesson.pk != lesson.pk] == []
    assert lesson.video_id == ("" if "a.mp4" in video else "dQw4w9WgXcQ")


def test_set_google_drive_video():
    lesson = lesson_with("")

    set_google_drive_video(lesson, DRIVE.replace("/view", "/edit?usp=sharing"))

    lesson.refresh_from_db()
    assert (lesson.video_url, lesson.video_provider) == (DRIVE, "google_drive")


@pytest.mark.parametrize("address", [YOUTUBE, "", "https://drive.google.com/drive/folders/x"])
def test_set_google_drive_video_refuses_other_addresses(address):
    with pytest.raises(NotGoogleDrive, match="is not the address of a file on Google Drive"):
        set_google_drive_video(lesson_with(""), address)
