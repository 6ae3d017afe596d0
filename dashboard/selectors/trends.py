"""What happened on each day of a period, in the site's time zone. Staff are in none of it  [X-48]."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Count, Min, QuerySet
from django.db.models.functions import TruncDate
from django.utils import timezone

from access.models import CourseEnrollment
from accounts.models import User
from common.moments import start_of_day
from dashboard.selectors.figures import WEEK, active_since, staff_ids
from dashboard.selectors.students import all_students
from progress.models import LessonProgress

ONE_DAY = timedelta(days=1)
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
    """What the analytics say of a period."""

    joined: Daily
    completed: Daily
    students: int
    active: int
    new: int
    first_day: date | None

    @property
    def is_short(self) -> bool:
        """True if the school is younger than the period."""
        return self.first_day is not None and self.first_day > self.joined.days[0]

    @property
    def inactive(self) -> int:
        return self.students - self.active


def trends_of(days: int, now: datetime) -> Trends:
    """Everything but what is about courses, for so many days that end today: nine queries."""
    staff = staff_ids()
    today = timezone.localdate(now, timezone.get_default_timezone())
    since = start_of_day(today - (days - 1) * ONE_DAY)
    joined = CourseEnrollment.objects.exclude(user__in=staff)
    first = all_students().aggregate(first=Min("date_joined"))["first"]
    return Trends(
        joined=daily(joined, "enrolled_at", today, days),
        completed=daily(joined, "completed_at", today, days),
        students=all_students().count(),
        active=active_since(since, staff),
        new=all_students().filter(date_joined__gte=since).count(),
        first_day=timezone.localdate(first, timezone.get_default_timezone()) if first else None,
    )


def daily(rows: QuerySet[Any], field: str, today: date, days: int) -> Daily:
    """Count rows by the day of a moment; a day without any counts 0. Two queries."""
    shown = [today - back * ONE_DAY for back in reversed(range(days))]
    early = shown[0] - (MEAN_DAYS - 1) * ONE_DAY
    found = _by_day(rows, field, early, today)
    counts = [found.get(early + number * ONE_DAY, 0) for number in range(days + MEAN_DAYS - 1)]
    return Daily(
        days=shown,
        counts=counts[MEAN_DAYS - 1 :],
        means=[sum(counts[end : end + MEAN_DAYS]) / MEAN_DAYS for end in range(days)],
        before=_between(rows, field, shown[0] - days * ONE_DAY, shown[0]).count(),
    )


def _between(rows: QuerySet[Any], field: str, first: date, end: date) -> QuerySet[Any]:
    return rows.filter(**{f"{field}__gte": start_of_day(first), f"{field}__lt": start_of_day(end)})


def _by_day(rows: QuerySet[Any], field: str, first: date, last: date) -> Mapping[date, int]:
    day = TruncDate(field, tzinfo=timezone.get_default_timezone())
    found = _between(rows, field, first, last + ONE_DAY).order_by().values(day=day).annotate(count=Count("*"))
    return {row["day"]: row["count"] for row in found}


def learners_at(now: datetime) -> list[Learner]:
    """Who completed most lessons in the last seven days; three queries."""
    done = LessonProgress.objects.filter(completed_at__gte=now - WEEK).exclude(user__in=staff_ids())
    counted = done.order_by().values("user").annotate(lessons=Count("*")).order_by("-lessons", "user")[:MOST_ACTIVE]
    lessons = {row["user"]: row["lessons"] for row in counted}
    people = User.objects.in_bulk(lessons)
    return [Learner(pk, people[pk].display_name, people[pk].email, count) for pk, count in lessons.items()]
