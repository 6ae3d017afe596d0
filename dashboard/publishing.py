"""How the dashboard tells that a course was published, withdrawn or put into the trash, and takes it back."""

from datetime import datetime
from typing import Any

from django.urls import reverse

from accounts.http import StudentRequest
from accounts.models import User
from catalog.course_saving import set_status
from catalog.models import Course, CourseStatus
from catalog.trash import restore_course
from dashboard.course_words import STATUS_NOW, STATUS_SAYS
from dashboard.gates import may_edit_content
from dashboard.undoing import CannotUndo, offer_undo, undoes

CHANGED_SINCE = "The course was changed since, so this can no longer be undone."


def tell_status(request: StudentRequest, course: Course, *, before: str, status: str, now: datetime) -> None:
    """Say what students see from now on, with Undo."""
    given = CourseStatus(status)
    told = f"{course} is {STATUS_NOW[given]} now. {STATUS_SAYS[given]}"
    if given != CourseStatus.DRAFT and not course.lesson_count:
        told += " It has no published lesson yet."
    back = reverse("dashboard:course_edit", args=[course.slug])
    offer_undo(request, told, "course status", back=back, now=now, course=course.pk, before=before, status=status)


def tell_course_trashed(request: StudentRequest, course: Course, now: datetime) -> None:
    """Say that a course is in the trash, with Undo."""
    told = f"{course} is in the trash for 30 days. What students hold and did in it is kept."
    offer_undo(request, told, "trash course", back=reverse("dashboard:course_list"), now=now, course=course.pk)


@undoes("course status", may_edit_content)
def _give_status_back(facts: dict[str, Any], *, actor: User, now: datetime) -> str:
    before = facts["before"]
    known = Course.objects.filter(pk=facts["course"], status__in=[facts["status"], before], trashed_at=None)
    course = known.select_for_update(of=("self",)).first()
    if course is None:
        raise CannotUndo(CHANGED_SINCE)
    if course.status != before:  # else the button was pressed twice
        set_status(course=course, status=before, actor=actor)
    return f"{course} is {STATUS_NOW[before]} again."


@undoes("trash course", may_edit_content)
def _take_course_out_of_trash(facts: dict[str, Any], *, actor: User, now: datetime) -> str:
    course = Course.objects.filter(pk=facts["course"]).first()
    if course is None:
        raise CannotUndo("It was deleted for good.")
    restore_course(course=course, actor=actor, now=now)
    return f"{course} is back."
