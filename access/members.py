"""Who takes part in a course, and whether their access runs  [002, X-2, X-44]. Participation, not a right."""

from datetime import datetime

from django.db.models import Case, Exists, OuterRef, Q, QuerySet, TextChoices, Value, When

from access.decisions import Standing, deciding_row
from access.models import CourseAccess, CourseAccessQuerySet, CourseEnrollment, Suspension
from catalog.models import Course


class EnrollmentStatus(TextChoices):
    """Derived, never stored: suspended, else active, else expired."""

    SUSPENDED = "suspended", "Suspended"
    ACTIVE = "active", "Active"
    EXPIRED = "expired", "Expired"


def enrollment_status(standing: Standing, now: datetime) -> EnrollmentStatus:
    """The status of somebody who takes part in the course."""
    if standing.is_suspended:
        return EnrollmentStatus.SUSPENDED
    return EnrollmentStatus.ACTIVE if deciding_row(standing.rows, now) else EnrollmentStatus.EXPIRED


def with_status(enrollments: QuerySet[CourseEnrollment], now: datetime) -> QuerySet[CourseEnrollment]:
    """The same for lists: each enrollment carries its `access_status`."""
    rights = CourseAccessQuerySet(CourseAccess).open_at(now).filter(user=OuterRef("user"))
    own, tier = (
        rights.filter(course=OuterRef("course")),
        rights.filter(tier_level__gte=OuterRef("course__required_level")),
    )
    suspended = Suspension.objects.filter(user=OuterRef("user"), course=OuterRef("course"), lifted_at=None)
    status = Case(
        When(Exists(suspended), then=Value(EnrollmentStatus.SUSPENDED.value)),
        When(
            Exists(own) | (Q(course__required_level__gte=1) & Exists(tier)), then=Value(EnrollmentStatus.ACTIVE.value)
        ),
        default=Value(EnrollmentStatus.EXPIRED.value),
    )
    return enrollments.annotate(access_status=status)


def members_of(course: Course, now: datetime) -> QuerySet[CourseEnrollment]:
    """The members of a course: active and expired enrollments, without the suspended and without staff."""
    suspended = Suspension.objects.filter(user=OuterRef("user"), course=OuterRef("course"), lifted_at=None)
    students = CourseEnrollment.objects.filter(course=course, user__is_staff=False).exclude(Exists(suspended))
    return with_status(students, now)
