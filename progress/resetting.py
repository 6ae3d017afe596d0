"""Staff let a student begin a course anew."""

from datetime import datetime

from django.db import transaction
from django.db.models import F

from access.services import ReasonMissing
from accounts.models import User
from accounts.services import note_action
from catalog.models import Course
from progress.models import LessonProgress, LessonStatus
from progress.services import count_completed


@transaction.atomic
def reset_progress(*, user: User, course: Course, actor: User, reason: str, now: datetime) -> int:
    """Make every lesson of the course as if not begun; returns how many were. Twice changes nothing more.

    Rights, joining and the day the course was completed stay, and with them what hangs on it: certificates, the courses
    that asked for this one first, the steps of a path. A lesson completed once stays open whatever drip says.

    :raises ReasonMissing: without a reason
    """
    if not reason.strip():
        raise ReasonMissing("Say why the progress is reset.")
    begun = LessonProgress.objects.filter(user=user, course=course).exclude(status=LessonStatus.NOT_STARTED)
    # Locks as everywhere in progress: lessons, in one order, then the counter.
    rows = list(begun.order_by("pk").select_for_update(of=("self",)).values_list("pk", flat=True))
    if not rows:
        return 0
    LessonProgress.objects.filter(pk__in=rows).update(
        status=LessonStatus.NOT_STARTED,
        completed_at=None,
        watch_percentage=0,
        watched_ranges=[],
        last_position_seconds=0,
        position_at=now,  # a report that was on its way does not bring the old position back
        clock_started_at=now,
        revision=F("revision") + 1,  # nor the seconds: whoever read the row before reads it again
    )
    count_completed(user, course.pk, now, is_activity=False)
    note_action(actor=actor, verb="reset progress", about=user, detail=f"{course}: {reason.strip()}")
    return len(rows)
