"""Joining and leaving cohorts for machines  [004, T-29]."""

from http import HTTPStatus
from typing import Annotated, Any

from django.utils import timezone
from ninja import Path, Router

from access.decisions import Decision
from access.models import Cohort
from access.selectors import courses_visible_to
from access.services import CohortClosed, CohortFull, EnrollmentClosed, NotAMember, join_cohort, leave_cohort
from accounts.http import StudentRequest
from api.auth import session
from api.errors import Refused, error_body, locked
from catalog.models import Course

router = Router()
CohortId = Annotated[int, Path(ge=1, le=2**63 - 1)]


@router.post("/{slug:slug}/cohorts/{int:cohort_id}/enroll", auth=session)
@router.post("/{slug:slug}/cohorts/{int:cohort_id}/enroll/", auth=session, include_in_schema=False)
def enroll_in_cohort(request: StudentRequest, slug: str, cohort_id: CohortId) -> dict[str, Any]:
    """Take a seat; a member is told so before anything is said about seats."""
    course, cohort = _cohort(request, slug, pk=cohort_id, is_active=True)
    try:
        _, is_new = join_cohort(user=request.user, cohort=cohort, course=course, now=timezone.now())
    except CohortFull as refusal:
        raise Refused(HTTPStatus.CONFLICT, error_body("cohort_full", str(refusal))) from None
    except CohortClosed as refusal:
        raise Refused(HTTPStatus.FORBIDDEN, error_body("cohort_closed", str(refusal))) from None
    except EnrollmentClosed as refusal:
        raise _locked(course, refusal) from None
    if not is_new:
        raise Refused(HTTPStatus.CONFLICT, error_body("already_enrolled", "You are in this cohort already."))
    return {"enrolled": True, "cohort_id": cohort.pk}


def _locked(course: Course, refusal: EnrollmentClosed) -> Refused:
    """403 with the sentence of the refusal, and the tier that would open the course."""
    refused = locked(Decision(False, refusal.code), course)
    refused.body["error"]["message"] = str(refusal)
    return refused


@router.post("/{slug:slug}/cohorts/{int:cohort_id}/unenroll", auth=session)
@router.post("/{slug:slug}/cohorts/{int:cohort_id}/unenroll/", auth=session, include_in_schema=False)
def unenroll_from_cohort(request: StudentRequest, slug: str, cohort_id: CohortId) -> dict[str, Any]:
    """Give the seat back, also in a cohort that is closed by now."""
    _, cohort = _cohort(request, slug, pk=cohort_id)
    try:
        leave_cohort(user=request.user, cohort=cohort, now=timezone.now())
    except NotAMember as refusal:
        raise Refused(HTTPStatus.NOT_FOUND, error_body("not_found", str(refusal))) from None
    return {"enrolled": False, "cohort_id": cohort.pk}


def _cohort(request: StudentRequest, slug: str, **which: Any) -> tuple[Course, Cohort]:
    """:raises Refused: 404 for a course one may not know of, and for another course's cohort"""
    course = courses_visible_to(request.user).filter(slug=slug).first()
    cohort = course.cohorts.filter(**which).first() if course else None
    if course is None or cohort is None:
        raise Refused(HTTPStatus.NOT_FOUND, error_body("not_found", "There is no such cohort."))
    return course, cohort
