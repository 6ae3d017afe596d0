"""The progress calls of the lesson page  [001, PRODUCT 4]."""

from datetime import UTC, datetime
from http import HTTPStatus
from typing import Annotated, Any

from django.utils import timezone
from ninja import Path, Router, Schema
from pydantic import ConfigDict, Field

from access.decisions import Code, Decision
from access.selectors import lesson_decision
from accounts.http import SiteRequest, StudentRequest
from api.auth import session
from api.errors import Refused, error_body, locked
from catalog.models import Lesson
from progress.models import LessonProgress
from progress.player import opened_at
from progress.selectors import find_lesson, my_progress, once_completed
from progress.services import (
    LONGEST_VIDEO_SECONDS,
    Conflict,
    ProgressRefused,
    WatchReport,
    record_watching,
    set_completed,
)

router = Router(auth=session)
LessonId = Annotated[int, Path(ge=1, le=2**31 - 1)]
Second = Annotated[int, Field(ge=0, le=LONGEST_VIDEO_SECONDS)]
Range = Annotated[list[Second], Field(min_length=2, max_length=2)]
Moment = Annotated[float, Field(ge=0, le=4_102_444_800, allow_inf_nan=False)]


class WatchIn(Schema):
    """What the player reports. The first two names are the seed's  [001]."""

    model_config = ConfigDict(strict=True, extra="ignore")

    watch_percentage: Annotated[float | None, Field(ge=0, le=100, allow_inf_nan=False)] = None
    timestamp: Annotated[float | None, Field(ge=0, le=LONGEST_VIDEO_SECONDS, allow_inf_nan=False)] = None
    ranges: list[Range] = Field(default_factory=list, max_length=500)
    duration: Annotated[float | None, Field(gt=0, le=LONGEST_VIDEO_SECONDS, allow_inf_nan=False)] = None
    at: Annotated[Moment | None, Field(description="When the position was true, seconds since 1970")] = None
    opened: Annotated[str, Field(max_length=300)] = ""


class CompleteIn(Schema):
    """The state the page wants; without it the call sets  [001]."""

    model_config = ConfigDict(strict=True, extra="ignore")

    completed: bool = True


def open_lesson(request: SiteRequest, **lookup: Any) -> tuple[Lesson, Decision]:
    """The lesson with the viewer's progress and the decision that allows it: two queries.

    :raises Refused: 404 if the viewer may not know of it, 403 with the reason if it is closed
    """
    try:
        lesson = find_lesson(request.user, **lookup)
    except Lesson.DoesNotExist:
        raise Refused(HTTPStatus.NOT_FOUND, error_body("not_found", "There is no such lesson.")) from None
    decision = lesson_decision(request.user, lesson, timezone.now(), is_completed=once_completed(lesson))
    if decision.code == Code.NOT_FOUND:
        raise Refused(HTTPStatus.NOT_FOUND, error_body("not_found", "There is no such lesson."))
    if not decision.is_allowed:
        raise locked(decision, lesson.course)
    return lesson, decision


@router.post("/{int:lesson_id}/progress/")
@router.post("/{int:lesson_id}/progress", include_in_schema=False)
def update_progress(request: StudentRequest, lesson_id: LessonId, body: WatchIn) -> dict[str, Any]:
    """Merge one report of the player; repeats and late ones are harmless."""
    lesson, decision = open_lesson(request, pk=lesson_id)
    try:
        row = record_watching(
            user=request.user,
            lesson=lesson,
            mine=my_progress(lesson),
            decision=decision,
            report=_report(body, lesson_id, request.user.pk),
            now=timezone.now(),
        )
    except ProgressRefused as refusal:
        raise Refused(HTTPStatus.BAD_REQUEST, error_body("invalid", str(refusal))) from None
    except Conflict as conflict:
        raise Refused(HTTPStatus.CONFLICT, error_body("conflict", str(conflict))) from None
    return _answer(row)


def _report(body: WatchIn, lesson_id: int, user_id: int) -> WatchReport:
    opened = opened_at(body.opened, lesson_id=lesson_id, user_id=user_id) if body.opened else None
    return WatchReport(
        position_seconds=body.timestamp,
        ranges=tuple((first, last) for first, last in body.ranges),
        claimed_percentage=body.watch_percentage,
        duration_seconds=body.duration,
        at=_moment(body.at),
        opened_at=_moment(opened),
    )


def _moment(seconds: float | None) -> datetime | None:
    return datetime.fromtimestamp(seconds, UTC) if seconds is not None else None


def _answer(row: LessonProgress) -> dict[str, Any]:
    return {
        "success": True,
        "watch_percentage": row.watch_percentage,
        "status": row.status,
        "completed": row.is_completed,
        "position": row.last_position_seconds,
    }


@router.post("/{int:lesson_id}/complete/")
@router.post("/{int:lesson_id}/complete", include_in_schema=False)
def complete_lesson(request: StudentRequest, lesson_id: LessonId) -> dict[str, Any]:
    """Mark the lesson done; repeating keeps the first time  [001]."""
    lesson, decision = open_lesson(request, pk=lesson_id)
    set_completed(
        user=request.user,
        lesson=lesson,
        mine=my_progress(lesson),
        decision=decision,
        is_completed=True,
        now=timezone.now(),
    )
    return {"success": True, "message": "Lesson marked as complete", "lesson_id": lesson.pk}
