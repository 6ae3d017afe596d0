"""The functions of seed 001 and 000 by their names, thin, over selectors and services. Here the clock has a default.

`started` [000] asks about progress and therefore stands in `progress.seed_functions`.
"""

from datetime import datetime

from django.db.models import Q, QuerySet
from django.utils import timezone

from access import services
from access.models import AccessType, BundlePurchase, Cohort, CourseAccess, CourseEnrollment, LearningPath, Suspension
from access.selectors import course_decision, courses_listed_to, courses_open_to, missing_prerequisites
from accounts.http import Viewer
from accounts.models import User
from catalog.models import Course, CourseQuerySet


def has_course_access(
    user: Viewer, course: Course, now: datetime | None = None
) -> tuple[bool, CourseAccess | None, str]:
    """Say (has_access, access_record, reason): the decision, the row that decided, and its code."""
    decision = course_decision(user, course, now or timezone.now())
    return decision.is_allowed, decision.access, decision.code.value


def grant_course_access(
    user: User,
    course: Course,
    access_type: AccessType = AccessType.MANUAL,
    *,
    granted_by: User | None = None,
    expires_at: datetime | None = None,
    notes: str = "",
    source_key: str = "",
    cohort: Cohort | None = None,
    bundle_purchase: BundlePurchase | None = None,
    path: LearningPath | None = None,
    now: datetime | None = None,
) -> CourseAccess:
    """Give a course and tell the student; returns the right. The same source twice returns the one that exists.

    :raises AccessRefused: if it would end before it starts
    """
    return services.grant_by_hand(
        user=user,
        course=course,
        access_type=access_type,
        actor=granted_by,
        expires_at=expires_at,
        notes=notes,
        source_key=source_key,
        cohort=cohort,
        bundle_purchase=bundle_purchase,
        path=path,
        now=now or timezone.now(),
    )


def revoke_course_access(
    user: User, course: Course, revoked_by: User | None, reason: str, notes: str = "", *, now: datetime | None = None
) -> CourseAccess | None:
    """Take away every right on this course; returns the newest, None if there was none  [X-8].

    Memberships are left alone: if one reaches the course, `has_course_access` says so afterwards.

    :raises ReasonMissing: without a reason
    """
    return services.revoke_course(
        user=user, course=course, actor=revoked_by, reason=reason, notes=notes, now=now or timezone.now()
    )


def get_user_accessible_courses(user: User, now: datetime | None = None) -> QuerySet[Course]:
    """The courses this student may open."""
    return courses_open_to(user, now or timezone.now())


def get_courses_by_visibility(user: Viewer, now: datetime | None = None) -> dict[str, QuerySet[Course]]:
    """What a viewer sees on three shelves: `my_courses`, `available_to_unlock`, `not_available`  [V-10].

    Not available is what takes nobody new, and what staff closed to this student. What is hidden, private or a draft is
    on no shelf, unless it is theirs.
    """
    moment = now or timezone.now()
    mine = courses_open_to(user, moment) if user.is_authenticated else Course.objects.none()
    suspended = Suspension.objects.filter(user=user.pk, lifted_at=None).values("course")
    others = courses_listed_to(user).exclude(pk__in=mine.values("pk")).order_by("title", "pk")
    takes_new = CourseQuerySet(Course).taking_new_students_at(moment).values("pk")
    is_open_to_new = Q(pk__in=takes_new) & ~Q(pk__in=suspended)
    return {
        "my_courses": mine.order_by("title", "pk"),
        "available_to_unlock": others.filter(is_open_to_new),
        "not_available": others.exclude(is_open_to_new),
    }


def check_course_prerequisites(user: User, course: Course) -> tuple[bool, list[Course]]:
    """Say (met, missing_prerequisites): the courses this student has to complete first."""
    missing = list(missing_prerequisites(user, course))
    return not missing, missing


def grant_bundle_access(user: User, bundle_purchase: BundlePurchase, now: datetime | None = None) -> list[CourseAccess]:
    """Give the courses of a purchase; returns the new rights."""
    return services.grant_bundle_access(user=user, bundle_purchase=bundle_purchase, now=now or timezone.now())


def is_assigned(user: Viewer, course: Course) -> bool:
    """True if the student takes part in the course  [000]. It is no right: see `has_course_access`."""
    return CourseEnrollment.objects.filter(user=user.pk, course=course).exists()
