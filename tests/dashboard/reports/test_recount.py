"""Every number of the reports against a loop over the rows."""

from collections import Counter
from datetime import date, timedelta

import pytest
from django.utils import timezone

from access.models import CourseEnrollment
from catalog.models import Course
from dashboard.selectors.course_progress import Stage, WantedPlaces, count_stages, places_found, places_of
from dashboard.selectors.courses_report import course_lines, funnel_of, lesson_lines
from dashboard.selectors.figures import figures_at
from dashboard.selectors.periods import Period, last_days
from dashboard.selectors.students import ENDING, Wanted, first_found
from dashboard.selectors.trends import learners_at, trends_of
from progress.models import CourseProgress, LessonProgress
from tests.dashboard.reports import world
from tests.factories import NOW

pytestmark = pytest.mark.django_db
WEEK, MONTH = NOW - timedelta(days=7), NOW - timedelta(days=30)


@pytest.fixture(autouse=True)
def _world():
    world.build()


def day_of(moment):
    return timezone.localtime(moment, timezone.get_default_timezone()).date()


def test_the_figures_of_the_overview():
    joined, done = world.of_students(CourseEnrollment), world.of_students(LessonProgress)

    found = figures_at(NOW)

    assert (found.students, found.new) == (
        len(world.students()), sum(user.date_joined >= WEEK for user in world.students()),
    )  # fmt: skip
    assert found.active == len(
        {row.user_id for row in world.of_students(CourseProgress) if row.last_active_at >= MONTH}
    )
    assert (found.joined, found.completed) == (len(joined), sum(bool(row.completed_at) for row in joined))
    assert found.open_rights == len(world.open_rights(NOW))
    assert found.updates == sum(bool(row.completed_at and row.completed_at >= MONTH) for row in done)


# Until today as the choices have it, and by hand: over a year, one day, both changes of the clocks, before the school.
PERIODS = [
    *(last_days(days, NOW) for days in (7, 30, 90)),
    Period(date(2025, 3, 2), date(2026, 3, 2)),
    Period(date(2026, 1, 7), date(2026, 2, 3)),
    Period(date(2026, 2, 1), date(2026, 2, 1)),
    Period(date(2025, 9, 1), date(2025, 12, 31)),
    Period(date(2025, 3, 1), date(2025, 3, 31)),
]


@pytest.mark.parametrize("period", PERIODS)
@pytest.mark.parametrize("field", ["joined", "completed"])
def test_what_happened_on_each_day(period, field):
    column = {"joined": "enrolled_at", "completed": "completed_at"}[field]
    moments = [getattr(row, column) for row in world.of_students(CourseEnrollment)]
    counts = Counter(day_of(moment) for moment in moments if moment)
    shown = [period.first + timedelta(days=number) for number in range((period.last - period.first).days + 1)]

    found = getattr(trends_of(period), field)

    assert (found.days, found.counts) == (shown, [counts[day] for day in shown])
    assert found.means == [sum(counts[day - timedelta(days=back)] for back in range(7)) / 7 for day in shown]
    assert found.before == sum(counts[day - timedelta(days=len(shown))] for day in shown)


@pytest.mark.parametrize("period", PERIODS)
def test_the_students_of_a_period(period):
    acts = [(row.user_id, at) for row in world.of_students(LessonProgress) for at in (row.started_at, row.completed_at)]
    active = {user for user, at in acts if at and period.first <= day_of(at) <= period.last}
    people = {user.pk: day_of(user.date_joined) for user in world.students()}
    there = {pk for pk, day in people.items() if day <= period.last} | active

    found = trends_of(period)

    new = [day for day in people.values() if period.first <= day <= period.last]
    assert (found.students, found.new) == (len(there), len(new))
    assert (found.active, found.inactive, found.first_day) == (len(active), len(there - active), min(people.values()))


def test_the_most_active_students():
    done = [row for row in world.of_students(LessonProgress) if row.completed_at and row.completed_at >= WEEK]
    counts = Counter(row.user_id for row in done)

    found = [(learner.pk, learner.lessons) for learner in learners_at(NOW)]

    assert found == sorted(counts.items(), key=lambda item: (-item[1], item[0]))[:10]
    assert found != []


def test_the_table_of_courses():
    counters, expected = world.counters(), []
    for course in Course.objects.filter(trashed_at=None).order_by("title"):
        rows = [row for row in world.of_students(CourseEnrollment) if row.course_id == course.pk]
        mine = [counters[row.user_id, course.pk] for row in rows if (row.user_id, course.pk) in counters]
        lessons = sum(row.completed_lessons for row in mine)
        average = lessons * 100 // (len(rows) * course.lesson_count) if rows and course.lesson_count else 0
        active = sum(row.last_active_at >= MONTH for row in mine)
        completed = sum(bool(row.completed_at) for row in rows)
        expected.append((course.title, len(rows), active, average, completed, completed * 100 // max(len(rows), 1)))

    found = course_lines(NOW)

    assert [(c.title, c.joined, c.active, c.average, c.completed, c.rate) for c in found] == expected


@pytest.mark.parametrize("slug", [f"world-{number}" for number in range(len(world.LESSONS))])
def test_the_funnel_of_a_course(slug):
    course, counters = Course.objects.get(slug=slug), world.counters()
    rows = [row for row in world.of_students(CourseEnrollment) if row.course_id == course.pk]
    begun = {row.pk: counters.get((row.user_id, course.pk)) for row in rows}

    def reached(row, share):
        done = begun[row.pk].completed_lessons if begun[row.pk] else 0
        return bool(course.lesson_count) and done * 100 >= share * course.lesson_count

    expected = [len(rows), sum(bool(counter) for counter in begun.values())]
    expected += [sum(reached(row, share) for row in rows) for share in (25, 50, 75, 100)]

    assert [step.students for step in funnel_of(course)] == expected


@pytest.mark.parametrize("slug", ["world-0", "world-2", "world-3"])
def test_the_lessons_of_a_course(slug):
    course = Course.objects.get(slug=slug)
    done = Counter(row.lesson_id for row in world.of_students(LessonProgress) if row.completed_at)
    lessons = sorted(course.lessons.all(), key=lambda lesson: lesson.order)

    found = [(line.number, line.lesson.pk, line.students) for line in lesson_lines(course)]

    assert found == [(number, lesson.pk, done[lesson.pk]) for number, lesson in enumerate(lessons, start=1)]


def stage_of(row, counter):
    if row.completed_at:
        return Stage.COMPLETED
    if counter is None:
        return Stage.NOT_STARTED
    return Stage.STUCK if counter.last_active_at < NOW - timedelta(days=14) else Stage.IN_PROGRESS


@pytest.mark.parametrize("slug", ["world-0", "world-1", "world-3"])
def test_who_is_where_in_a_course(slug):
    course, counters = Course.objects.get(slug=slug), world.counters()
    rows = [row for row in world.of_students(CourseEnrollment) if row.course_id == course.pk]
    mine = {row.user_id: (row, counters.get((row.user_id, course.pk))) for row in rows}
    stages = Counter(stage_of(*pair) for pair in mine.values())
    stages[Stage.IN_PROGRESS] += stages[Stage.STUCK]

    places = places_of(places_found(course, WantedPlaces(), NOW), course, NOW)

    assert dict(count_stages(course, NOW)) == {stage: stages[stage] for stage in Stage}
    assert {place.student.pk: (place.done, place.stage) for place in places} == {
        user: (counter.completed_lessons if counter else 0, stage_of(row, counter))
        for user, (row, counter) in mine.items()
    }


def test_who_has_access_that_ends_soon():
    soon = NOW + timedelta(days=7)
    ending = {right.user_id for right in world.open_rights(NOW) if right.expires_at and right.expires_at <= soon}

    assert sorted(first_found(Wanted(state=ENDING), NOW)) == sorted(ending)
    assert ending != set()
