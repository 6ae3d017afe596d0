"""What the lesson page's player needs: from which address it plays, whether it can be tracked, where to resume."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core import signing

from accounts.http import Viewer
from catalog.models import Lesson
from catalog.video_links import VideoLink, parse_video_url
from progress.models import LessonProgress

SALT = "lesson-opened"
REWIND_SECONDS = 3  # so that the sentence one left in is heard again
NEARLY_OVER = 0.95  # past this a video starts over  [E2]


@dataclass(frozen=True)
class Player:
    """`token` is when this page was served, signed for this student and lesson: the clock of the first report."""

    link: VideoLink
    is_tracked: bool
    resume_seconds: int
    token: str


def player_for(lesson: Lesson, mine: LessonProgress | None, *, user: Viewer, now: datetime) -> Player | None:
    """Build the player of a lesson the viewer may open; None when it has no video we know."""
    link = parse_video_url(lesson.video_url) if lesson.video_url else None
    if link is None:
        return None
    is_tracked = link.is_trackable and user.is_authenticated
    return Player(
        link=link,
        is_tracked=is_tracked,
        resume_seconds=resume_seconds(lesson, mine),
        token=opened_token(lesson_id=lesson.pk, user_id=user.pk, now=now) if user.is_authenticated else "",
    )


def resume_seconds(lesson: Lesson, mine: LessonProgress | None) -> int:
    """Where to go on: the last position less three seconds; the start once completed or nearly over."""
    if mine is None or mine.is_completed:
        return 0
    duration = lesson.video_duration_seconds or mine.duration_seconds
    if duration and mine.last_position_seconds > duration * NEARLY_OVER:
        return 0
    return max(0, int(mine.last_position_seconds) - REWIND_SECONDS)


def opened_token(*, lesson_id: int, user_id: int, now: datetime) -> str:
    """Sign the moment a lesson page was served, so that watching can be bounded by it without a write in a GET."""
    return signing.dumps([lesson_id, user_id, int(now.timestamp())], salt=SALT)


def opened_at(token: Any, *, lesson_id: int, user_id: int) -> float | None:
    """The moment in a token of ours, in seconds since 1970; None for a forged, foreign or missing one."""
    try:
        signed = signing.loads(str(token), salt=SALT)
    except signing.BadSignature:
        return None
    return float(signed[2]) if signed[:2] == [lesson_id, user_id] else None
