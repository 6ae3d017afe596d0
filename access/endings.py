"""Which ends of rights a student has to hear of: not of those behind which another right keeps the course open."""

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django.db.models import prefetch_related_objects

from access.models import OPENING, CourseAccess, Suspension
from accounts.models import User

Test = Callable[[CourseAccess, CourseAccess], bool]


@dataclass(frozen=True)
class News:
    """What to tell one student: the rights, one per course or tier, and all rows this settles."""

    user: User
    told: list[CourseAccess]
    settled: list[CourseAccess]


def news_of(students: Iterable[User], ending: list[CourseAccess], stands_in: Test) -> list[News]:
    """What to tell these students of these rights of theirs; three queries, however many.

    `stands_in(other, ending)` says that another right with a start, pending or unlocked, makes up for the one that
    ends. Suspended students know already that the course is closed, and staff open everything.
    """
    prefetch_related_objects(ending, "course")
    people = {user.pk: user for user in students if not user.is_staff}
    others = _others_of(people)
    suspended = set(Suspension.objects.filter(user__in=people, lifted_at=None).values_list("user_id", "course_id"))
    news: dict[int, list[CourseAccess]] = defaultdict(list)
    for access in ending:
        is_closed = access.user_id not in people or (access.user_id, access.course_id) in suspended
        if not is_closed and not _is_made_up(access, others[access.user_id], stands_in):
            news[access.user_id].append(access)
    return [News(people[user_id], _one_per_target(rows), rows) for user_id, rows in news.items()]


def _others_of(people: Iterable[int]) -> dict[int, list[CourseAccess]]:
    found: dict[int, list[CourseAccess]] = defaultdict(list)
    for row in CourseAccess.objects.filter(user__in=list(people), status__in=OPENING, starts_at__isnull=False):
        found[row.user_id].append(row)
    return found


def _is_made_up(access: CourseAccess, others: list[CourseAccess], stands_in: Test) -> bool:
    return any(other != access and _reaches(other, access) and stands_in(other, access) for other in others)


def _reaches(other: CourseAccess, access: CourseAccess) -> bool:
    """The other right is on all that this one is on: its course, or its tier."""
    if access.course is None:
        return (other.tier_level or 0) >= (access.tier_level or 0)
    level = access.course.required_level
    return other.course_id == access.course_id or (level >= 1 and (other.tier_level or 0) >= level)


def _one_per_target(rows: list[CourseAccess]) -> list[CourseAccess]:
    return list({(row.course_id, row.tier_level): row for row in rows}.values())
