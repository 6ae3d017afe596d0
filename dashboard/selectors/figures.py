"""The figures of the overview. Staff are in none of them  [X-48]."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Q

from access.models import CourseAccess, CourseAccessQuerySet, CourseEnrollment
from accounts.models import User
from dashboard.selectors.students import all_students
from progress.models import CourseProgress, LessonProgress

WEEK, MONTH = timedelta(days=7), timedelta(days=30)


@dataclass(frozen=True)
class Figures:
    """What the overview counts."""

    students: int
    active: int
    new: int
    joined: int
    completed: int
    open_rights: int
    updates: int


def staff_ids() -> list[int]:
    """The accounts of staff, who are few: leaving out their numbers costs no join with all accounts."""
    return list(User.objects.filter(is_staff=True).order_by("pk").values_list("pk", flat=True))


def figures_at(now: datetime) -> Figures:
    """Count everything: six queries."""
    staff = staff_ids()
    students = all_students().aggregate(count=Count("pk"), new=Count("pk", filter=Q(date_joined__gte=now - WEEK)))
    joined = CourseEnrollment.objects.exclude(user__in=staff)
    joined_and_completed = joined.aggregate(count=Count("pk"), completed=Count("completed_at"))
    return Figures(
        students=students["count"],
        active=active_since(now - MONTH, staff),
        new=students["new"],
        joined=joined_and_completed["count"],
        completed=joined_and_completed["completed"],
        open_rights=CourseAccessQuerySet(CourseAccess).open_at(now).exclude(user__in=staff).count(),
        updates=LessonProgress.objects.filter(completed_at__gte=now - MONTH).exclude(user__in=staff).count(),
    )


def active_since(moment: datetime, staff: list[int]) -> int:
    """How many students began or completed a lesson since then."""
    active = CourseProgress.objects.filter(last_active_at__gte=moment).exclude(user__in=staff)
    return active.aggregate(count=Count("user", distinct=True))["count"] or 0
