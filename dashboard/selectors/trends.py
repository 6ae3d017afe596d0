"""What happened on each day of a period, in the site's time zone. Staff are in none of it  [X-48]."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Count, Exists, Min, OuterRef, Q, QuerySet
from django.db.models.functions import TruncDate
from django.utils import timezone

from access.models import CourseEnrollment
from accounts.models import User
from dashboard.selectors.figures import WEEK, staff_ids
from dashboard.selectors.periods import ONE_DAY, Period, day_of
from dashboard.selectors.students import all_students
from progress.models import LessonProgress

MEAN_DAYS = 7
MOST_ACTIVE = 10


@dataclass(frozen=True)
class Daily:
    """Counts day by day, the mean of each day with the six before it, and the total of as many days before."""

    days: list[date]
    counts: list[int]
    means: list[float]
    before: int

    @property
    def total(self) -> int:
        return sum(self.counts)


@dataclass(frozen=True)
class Learner:
    """A student and how many lessons they completed. No account: reports are kept, and an account holds a password."""

    pk: int
    name: str
    email: str
    lessons: int


@dataclass(frozen=True)
class Trends:
    """What the analytics say of a period. Students are those there were at its end, active or not."""

    period: Period
    joined: Daily
    completed: Daily
    students: int
    active: int
    new: int
    first_day: date | None

    @property
    def is_short(self) -> bool:
        """True if the school is younger than the period."""
        return self.first_day is not None and self.first_day > self.period.first

    @property
    def inactive(self) -> int:
        return self.students - self.active


def trends_of(period: Period) -> Trends:
    """Everything but what is about courses: six queries."""
    joined = CourseEnrollment.objects.exclude(user__in=staff_ids())
    active, is_late = _active_in(period), Q(date_joined__gte=period.until)
    people = all_students().aggregate(
        first=Min("date_joined"),
        there=Count("pk", ~is_late),
        new=Count("pk", Q(date_joined__gte=period.since) & ~is_late),
        active=Count("pk", active),
        active_late=Count("pk", is_late & active),  # an account may be younger than what was brought in with it
    )
    return Trends(
        period=period,
        joined=daily(joined, "enrolled_at", period),
        completed=daily(joined, "completed_at", period),
        students=people["there"] + people["active_late"],
        active=people["active"],
        new=people["new"],
        first_day=day_of(people["first"]) if people["first"] else None,
    )


def _active_in(period: Period) -> Q:
    """Students who began or completed a lesson then.

    The counters of a student know only when they were active last, which may be after the period.
    """
    mine = LessonProgress.objects.filter(user=OuterRef("pk"))
    begun, completed = (Q(Exists(_between(mine, name, period))) for name in ("started_at", "completed_at"))
    return begun | completed


def daily(rows: QuerySet[Any], field: str, period: Period) -> Daily:
    """Count rows by the day of a moment; a day without any counts 0. Two queries."""
    early = period.first - (MEAN_DAYS - 1) * ONE_DAY
    found = _by_day(rows, field, Period(early, period.last))
    counts = [found.get(early + number * ONE_DAY, 0) for number in range(period.days + MEAN_DAYS - 1)]
    return Daily(
        days=[period.first + number * ONE_DAY for number in range(period.days)],
        counts=counts[MEAN_DAYS - 1 :],
        means=[sum(counts[end : end + MEAN_DAYS]) / MEAN_DAYS for end in range(period.days)],
        before=_between(rows, field, period.before).count(),
    )


def _between(rows: QuerySet[Any], field: str, period: Period) -> QuerySet[Any]:
    return rows.filter(**{f"{field}__gte": period.since, f"{field}__lt": period.until})


def _by_day(rows: QuerySet[Any], field: str, period: Period) -> Mapping[date, int]:
    day = TruncDate(field, tzinfo=timezone.get_default_timezone())
    found = _between(rows, field, period).order_by().values(day=day).annotate(count=Count("*"))
    return {row["day"]: row["count"] for row in found}


def learners_at(now: datetime) -> list[Learner]:
    """Who completed most lessons in the last seven days; three queries."""
    done = LessonProgress.objects.filter(completed_at__gte=now - WEEK).exclude(user__in=staff_ids())
    counted = done.order_by().values("user").annotate(lessons=Count("*")).order_by("-lessons", "user")[:MOST_ACTIVE]
    lessons = {row["user"]: row["lessons"] for row in counted}
    people = User.objects.in_bulk(lessons)
    return [Learner(pk, people[pk].display_name, people[pk].email, count) for pk, count in lessons.items()]
