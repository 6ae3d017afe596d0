"""Reads of cohorts, bundles and learning paths."""

from datetime import datetime

from django.db.models import Exists, F, OuterRef, Q, QuerySet, Value
from django.utils import timezone

from access.models import Cohort, CohortMembership
from accounts.http import Viewer
from catalog.models import Course


def cohorts_on_offer(user: Viewer, course: Course, now: datetime) -> QuerySet[Cohort]:
    """The active cohorts of a course that have not ended, the earliest first; `is_mine` marks the student's own."""
    today = timezone.localdate(now, timezone.get_default_timezone())
    mine: Exists | Value = Value(False)
    if user.is_authenticated:
        mine = Exists(CohortMembership.objects.filter(user=user, cohort=OuterRef("pk"), left_at=None))
    cohorts = Cohort.objects.filter(courses=course, is_active=True).annotate(is_mine=mine)
    return cohorts.filter(Q(ends_on=None) | Q(ends_on__gte=today)).order_by(F("starts_on").asc(nulls_last=True), "pk")


def may_join_by_themselves(cohort: Cohort) -> bool:
    """Students may take a free seat where joining gives no right; into a cohort that does, staff or a purchase put them."""
    return cohort.is_active and not cohort.grants_access and cohort.seats_left != 0
