"""A school by dice, always the same: students, staff who learn too, courses, rights and progress over 100 days."""

import random
from datetime import timedelta

from access.models import CourseAccess, CourseEnrollment
from accounts.models import User
from progress.models import CourseProgress, LessonProgress
from tests import factories as make
from tests.factories import NOW

DAYS = 100
LESSONS = (4, 3, 5, 0, 1)


def build(seed=7):
    """Make the rows; counters are what a recount gives."""
    dice = random.Random(seed)
    people = [make.UserFactory(password="!", is_staff=number % 12 == 0, date_joined=ago(dice)) for number in range(30)]
    for number, count in enumerate(LESSONS):
        course = make.CourseFactory(title=f"Course {number}", slug=f"world-{number}", lesson_count=count)
        lessons = [make.LessonFactory(course=course, order=order) for order in range(count)]
        for user in people:
            _learn(dice, user, course, lessons)
    make.CourseEnrollmentFactory(course__title="Gone", course__trashed_at=NOW, course__status="draft", user=people[1])


def ago(dice):
    return NOW - timedelta(seconds=dice.randrange(DAYS * 86_400))


def _learn(dice, user, course, lessons):
    joined_at = ago(dice)
    joins, looks = dice.random() < 0.6, dice.random() < 0.1
    done = dice.sample(lessons, dice.randrange(len(lessons) + 1)) if joins or looks else []
    begun = [lesson for lesson in lessons if lesson in done or (joins and dice.random() < 0.3)]
    moments = [joined_at + (NOW - joined_at) * dice.random() for _ in begun]
    rows = [
        LessonProgress(
            user=user, lesson=lesson, course=course, started_at=at, last_accessed=at,
            status="completed" if lesson in done else "in_progress", completed_at=at if lesson in done else None,
        )
        for lesson, at in zip(begun, moments, strict=True)
    ]  # fmt: skip
    LessonProgress.objects.bulk_create(rows)
    if rows:
        CourseProgress.objects.create(
            user=user, course=course, completed_lessons=len(done), last_active_at=max(moments)
        )
    if joins:
        is_complete = lessons and len(done) == len(lessons)
        completed_at = max(moments) if is_complete else None
        CourseEnrollment.objects.create(user=user, course=course, enrolled_at=joined_at, completed_at=completed_at)
        ends_at = joined_at + timedelta(days=dice.choice((20, 60, 104))) if dice.random() < 0.5 else None
        make.CourseAccessFactory(user=user, course=course, starts_at=joined_at, expires_at=ends_at)


def students():
    return [user for user in User.objects.all() if not user.is_staff]


def of_students(model):
    """All rows of a table, but those of staff."""
    return [row for row in model.objects.select_related("user", "course") if not row.user.is_staff]


def counters():
    return {(row.user_id, row.course_id): row for row in of_students(CourseProgress)}


def open_rights(now):
    return [right for right in of_students(CourseAccess) if right.is_open(now)]
