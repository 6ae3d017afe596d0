"""Students get in by themselves: enrolling in a free course, joining one they hold a right to."""

from datetime import datetime

from django.db import transaction

from access.decisions import Code, decide_course
from access.models import AccessType, CourseEnrollment
from access.services.rights import grant_access
from access.signals import enrolled
from access.standings import standing_of
from accounts.models import User
from catalog.models import Course


class EnrollmentClosed(Exception):
    """The course does not take this student; the message says how to get in, and `code` what machines are told."""

    def __init__(self, message: str, code: Code = Code.CLOSED) -> None:
        self.code = code
        super().__init__(message)


@transaction.atomic
def enroll(*, user: User, course: Course, now: datetime) -> CourseEnrollment:
    """Note that the student takes part; a second call returns the same row. It opens nothing by itself."""
    enrollment, is_new = CourseEnrollment.objects.get_or_create(user=user, course=course, defaults={"enrolled_at": now})
    if is_new:
        enrolled.send(sender=CourseEnrollment, user_id=user.pk, course_id=course.pk, now=now)
    return enrollment


@transaction.atomic
def enroll_free(*, user: User, course: Course, now: datetime) -> CourseEnrollment:
    """Give a student a free course and enroll them; a second call returns the same enrollment  [002, 004].

    :raises EnrollmentClosed: if the course is not free, not open, closed to this student, or asks for others first
    """
    standing = standing_of(user, course)
    code = decide_course(standing, now).code
    if standing.missing and code in {Code.FREE, Code.NOT_JOINED}:
        code = Code.PREREQUISITES
    if code not in {Code.FREE, Code.ACTIVE, Code.NOT_JOINED, Code.STAFF}:
        raise EnrollmentClosed(REFUSALS[code], code)
    if code in {Code.FREE, Code.STAFF}:
        if not course.is_free or not course.takes_new_students(now):
            raise EnrollmentClosed(REFUSALS[Code.CLOSED])
        grant_access(user=user, course=course, access_type=AccessType.FREE, source_key="free", now=now)
    return enroll(user=user, course=course, now=now)


def join_course(*, user: User, course: Course, now: datetime) -> CourseEnrollment:
    """Enroll a student who already holds an open right  [002, X-4].

    :raises EnrollmentClosed: without an open right, or before the courses to complete first
    """
    standing = standing_of(user, course)
    code = decide_course(standing, now).code
    if code == Code.NOT_JOINED and standing.missing:
        code = Code.PREREQUISITES
    if code not in {Code.NOT_JOINED, Code.ACTIVE}:
        raise EnrollmentClosed(REFUSALS.get(code, "This course is not open to you."), code)
    return enroll(user=user, course=course, now=now)


REFUSALS = {
    Code.SUSPENDED: "Your access to this course is suspended.",
    Code.SIGN_IN: "Log in to take this course.",
    Code.COMING_SOON: "This course has not opened yet.",
    Code.PREREQUISITES: "Another course has to be completed first.",
    Code.DRIP: "This lesson opens later.",
    Code.COHORT_UPCOMING: "Your cohort has not started yet.",
    Code.PENDING: "Your access to this course has not started yet.",
    Code.PAYMENT_REQUIRED: "Your access is paused until the open payment arrives.",
    Code.EXPIRED: "Your access to this course has ended.",
    Code.REVOKED: "Your access to this course was withdrawn.",
    Code.FREE: "Enroll in this course first.",
    Code.PURCHASE: "This course has to be bought first.",
    Code.SUBSCRIPTION: "This course is part of a membership.",
    Code.INVITE_ONLY: "This course is by invitation.",
    Code.COHORT_ONLY: "This course is taken in a group that starts on a date.",
    Code.CLOSED: "This course takes no new students.",
    Code.NOT_FOUND: "There is no such course.",
}
