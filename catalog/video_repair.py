"""Videos of lessons that need a person's eye, and the part of it that a machine can mend."""

from dataclasses import dataclass

from django.db import transaction
from django.db.models import Q

from catalog.models import Lesson, LessonType
from catalog.services import save_lesson
from catalog.video_links import Provider, parse_video_url

STORED_AS_PASTED = {Provider.FILE, Provider.HLS, Provider.AUDIO}


class NotGoogleDrive(Exception):
    """The address is not one of a file on Google Drive."""


@dataclass(frozen=True)
class VideoProblem:
    """One thing wrong with a lesson's video; `can_be_fixed` says whether `repair_video` mends it."""

    lesson: Lesson
    cause: str
    can_be_fixed: bool

    def __str__(self) -> str:
        return f"{self.lesson.course.slug}/{self.lesson.slug}: {self.cause}"


def video_problems() -> list[VideoProblem]:
    """Return what is wrong with the videos of all published lessons, course by course."""
    lessons = Lesson.objects.published().select_related("course")
    with_video = lessons.exclude(video_url="") | lessons.filter(Q(lesson_type=LessonType.VIDEO))
    found = [_problem(lesson) for lesson in with_video.order_by("course__slug", "order", "pk")]
    return [problem for problem in found if problem]


@transaction.atomic
def repair_video(lesson: Lesson) -> None:
    """Write the address in its plain form and derive provider, id and thumbnail from it again."""
    link = parse_video_url(lesson.video_url)
    if link and _is_untidy(lesson.video_url) and link.provider not in STORED_AS_PASTED:
        lesson.video_url = link.canonical_url
    lesson.video_url = lesson.video_url.strip()
    if link and link.thumbnail_url:
        lesson.video_thumbnail_url = link.thumbnail_url
    save_lesson(lesson)


def set_google_drive_video(lesson: Lesson, address: str) -> None:
    """Give a lesson a video on Google Drive  [001].

    :raises NotGoogleDrive: if the address is anything else
    """
    link = parse_video_url(address)
    if link is None or link.provider != Provider.GOOGLE_DRIVE:
        raise NotGoogleDrive(f"“{address[:80]}” is not the address of a file on Google Drive.")
    lesson.video_url = link.canonical_url
    save_lesson(lesson)


def _problem(lesson: Lesson) -> VideoProblem | None:
    if not lesson.video_url:
        return VideoProblem(lesson, "is a video lesson without a video", can_be_fixed=False)
    link = parse_video_url(lesson.video_url)
    if link is None:
        return VideoProblem(lesson, f"is not a video address we know: {lesson.video_url[:80]}", can_be_fixed=False)
    if (lesson.video_provider, lesson.video_id) != (link.provider, link.video_id):
        return VideoProblem(lesson, f"should be {link.provider} {link.video_id}".rstrip(), can_be_fixed=True)
    if _is_untidy(lesson.video_url):
        return VideoProblem(lesson, f"could be written as {link.canonical_url}", can_be_fixed=True)
    if link.thumbnail_url and lesson.video_thumbnail_url != link.thumbnail_url:
        return VideoProblem(lesson, "has the thumbnail of another video", can_be_fixed=True)
    return None


def _is_untidy(address: str) -> bool:
    """Whether the address is more, or less, than an address: a snippet, without its scheme, with blanks around it."""
    return address != address.strip() or not address.startswith(("https://", "http://", "/"))
