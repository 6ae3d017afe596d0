"""The same changes for machines: a POST that asks for JSON is answered with JSON  [001, V-8].

Every refusal is `{"success": false, "error": …}`: 400 for what is missing or wrong, 404 for what is not there.
"""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from functools import wraps
from http import HTTPStatus
from typing import Any, TypeVar

from django.db import transaction
from django.db.models import Model, QuerySet
from django.http import Http404, HttpResponse, JsonResponse
from django.utils import timezone
from django.utils.crypto import get_random_string

from access.models import AccessStatus, Bundle, Cohort, CourseAccess
from access.models.rights import CourseAccessQuerySet
from access.services import add_to_cohort, buy_bundle, grant_by_hand, revoke_course
from access.services.by_hand import REASON_LENGTH
from accounts.http import StudentRequest
from accounts.models import User
from catalog.models import Course
from common.strict_json import BadJSON, get_int, get_list, get_str, read_json, require_object
from dashboard.changing import REFUSALS, student_asked
from dashboard.forms.changes import ONCE_LENGTH

MAX_DAYS = 3650
MAX_COURSES = 200
NUMBERS = ("_id", "_ids", "_in_days", "level")
DIGITS = 18

Body = Mapping[str, object]
View = Callable[[StudentRequest, int], HttpResponse]
Do = Callable[[User, Body, User, datetime], dict[str, Any]]
Found = TypeVar("Found", bound=Model)


class NotFound(Exception):
    """What the body names is not there."""


def or_json(do: Do) -> Callable[[View], View]:
    """Let a POST that asks for JSON, or is JSON, be answered by `do`; everything else by the page."""

    def wrap(view: View) -> View:
        @wraps(view)
        def answer(request: StudentRequest, student_id: int) -> HttpResponse:
            return _answer(request, student_id, do) if _is_for_machines(request) else view(request, student_id)

        return answer

    return wrap


def _is_for_machines(request: StudentRequest) -> bool:
    wants = request.get_preferred_type(["text/html", "application/json"]) == "application/json"
    return request.method == "POST" and (wants or request.content_type == "application/json")


def _answer(request: StudentRequest, student_id: int, do: Do) -> JsonResponse:
    try:
        student, body = student_asked(student_id), _body(request)
        with transaction.atomic():
            said = do(student, body, request.user, timezone.now())
    except (NotFound, Http404) as missing:
        return _refusal(str(missing) if isinstance(missing, NotFound) else "No such student.", HTTPStatus.NOT_FOUND)
    except (BadJSON, *REFUSALS) as refusal:
        return _refusal(str(refusal), HTTPStatus.BAD_REQUEST)
    return JsonResponse({"success": True} | said)


def _refusal(error: str, status: HTTPStatus) -> JsonResponse:
    return JsonResponse({"success": False, "error": error}, status=status)


def _body(request: StudentRequest) -> Body:
    """What was sent; of a form, what is left empty is not there, and digits are numbers where numbers belong."""
    if request.content_type == "application/json":
        return require_object(read_json(request.body))
    sent = {name: [_read(name, value) for value in request.POST.getlist(name) if value] for name in request.POST}
    return {name: values if name.endswith("_ids") else values[-1] for name, values in sent.items() if values}


def _read(name: str, value: str) -> object:
    is_number = name.endswith(NUMBERS) and value.isascii() and value.isdecimal() and len(value) <= DIGITS
    return int(value) if is_number else value


def _found(body: Body, key: str, rows: QuerySet[Found]) -> Found:
    row = rows.filter(pk=get_int(body, key, lo=1)).first()
    if row is None:
        raise NotFound(f"There is no such {rows.model._meta.verbose_name}.")
    return row


def _note(body: Body, key: str = "notes") -> str:
    return get_str(body, key, REASON_LENGTH, default="")


def _number(body: Body, key: str, most: int) -> int | None:
    """A number that may be left out, or null; anything else that is no number is refused, never ignored."""
    return None if body.get(key) is None else get_int(body, key, 1, most)


def grant(student: User, body: Body, actor: User, now: datetime) -> dict[str, Any]:
    """`course_id`, and if wanted `expires_in_days` and `notes`."""
    course = _found(body, "course_id", Course.objects.kept())
    days = _number(body, "expires_in_days", MAX_DAYS)
    until = now + timedelta(days=days) if days else None
    access = grant_by_hand(user=student, course=course, expires_at=until, notes=_note(body), actor=actor, now=now)
    return {"message": f"{student.display_name} has access to {course}.", "access_id": access.pk}


def revoke(student: User, body: Body, actor: User, now: datetime) -> dict[str, Any]:
    """`course_id` and `reason`: every right to this very course ends. 400 when none is active.

    :raises BadJSON: without an active right
    """
    course, reason = _found(body, "course_id", Course.objects.all()), _note(body, "reason")
    if not _holds(student, course, now):
        raise BadJSON(f"{student.display_name} has no active access to {course}.")
    revoke_course(user=student, course=course, actor=actor, reason=reason, notes=_note(body), now=now)
    return {"message": f"The access of {student.display_name} to {course} is revoked."}


def _holds(student: User, course: Course, now: datetime) -> bool:
    mine = CourseAccessQuerySet(CourseAccess).filter(user=student, course=course)
    active = mine.open_at(now) | mine.to_come_at(now) | mine.filter(status=AccessStatus.LOCKED)
    return active.exists()


def bundle(student: User, body: Body, actor: User, now: datetime) -> dict[str, Any]:
    """`bundle_id`; `course_ids` of one to pick from, `level` of a tiered one; `notes`."""
    given = _found(body, "bundle_id", Bundle.objects.filter(is_active=True))
    picked = get_list(body, "course_ids", MAX_COURSES) if "course_ids" in body else []
    numbers = [get_int({"course_ids": each}, "course_ids", 1) for each in picked]
    purchase = buy_bundle(
        user=student,
        bundle=given,
        source_key=f"staff:{get_random_string(ONCE_LENGTH)}",
        course_ids=numbers,
        level=_number(body, "level", MAX_DAYS),
        actor=actor,
        reason=_note(body),
        now=now,
    )
    return {"message": f"{student.display_name} has {given}.", "bundle_purchase_id": purchase.pk}


def cohort(student: User, body: Body, actor: User, now: datetime) -> dict[str, Any]:
    """`cohort_id`."""
    joined = _found(body, "cohort_id", Cohort.objects.filter(is_active=True))
    _, is_new = add_to_cohort(user=student, cohort=joined, actor=actor, now=now)
    added = "was added to" if is_new else "is already in"
    return {"message": f"{student.display_name} {added} {joined}.", "added": is_new}
