"""Reads of cohorts, bundles and learning paths."""

from datetime import datetime

from django.db.models import Case, Exists, F, OuterRef, Q, QuerySet, Value, When
from django.utils import timezone

from access.decisions import Code, Decision, Standing
from access.models import Cohort, CohortMembership
from accounts.http import Viewer
from catalog.models import Course


def cohorts_on_offer(user: Viewer, course: Course, now: datetime) -> QuerySet[Cohort]:
    """The active cohorts of a course that have not ended, the earliest first.

    `is_mine` marks the student's own; `phase` is "running", "next" or, without a date, "always".
    """
    today = timezone.localdate(now, timezone.get_default_timezone())
    mine: Exists | Value = Value(False)
    if user.is_authenticated:
        mine = Exists(CohortMembership.objects.filter(user=user, cohort=OuterRef("pk"), left_at=None))
    dated = When(starts_on=None, then=Value("always"))
    phase = Case(dated, When(starts_on__gt=today, then=Value("next")), default=Value("running"))
    cohorts = Cohort.objects.filter(courses=course, is_active=True)
    cohorts = cohorts.annotate(is_mine=mine, phase=phase)
    return cohorts.filter(Q(ends_on=None) | Q(ends_on__gte=today)).order_by(F("starts_on").asc(nulls_last=True), "pk")


def has_ended(cohort: Cohort, now: datetime) -> bool:
    """True from the day after the cohort's last, in the site's time zone; the same rule as above."""
    today = timezone.localdate(now, timezone.get_default_timezone())
    return cohort.ends_on is not None and cohort.ends_on < today


def may_join_by_themselves(cohort: Cohort) -> bool:
    """Students may take a free seat where joining gives no right; where it does, staff or a purchase put them."""
    return cohort.is_active and not cohort.grants_access and cohort.seats_left != 0


def may_take_a_seat(standing: Standing, decision: Decision) -> bool:
    """Whether this viewer may join cohorts of the course: they hold an open right, or it is free  [T-31, T-32]."""
    return decision.code in {Code.ACTIVE, Code.NOT_JOINED, Code.FREE} and not standing.missing


def next_with_a_seat(user: Viewer, course: Course, now: datetime) -> Cohort | None:
    """The earliest cohort a student could join instead of one that is full."""
    free = (cohort for cohort in cohorts_on_offer(user, course, now) if may_join_by_themselves(cohort))
    return next((cohort for cohort in free if not getattr(cohort, "is_mine", False)), None)
