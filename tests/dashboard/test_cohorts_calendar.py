"""The drip calendar of a cohort: on which day of the site each lesson opens for its members, as the judge says it."""

from datetime import date

import pytest

from access.selectors import lesson_decision
from common.moments import start_of_day
from tests import factories as make
from tests.conftest import counted_queries
from tests.dashboard.grouping import courses, enter, group_of, url
from tests.factories import NOW

pytestmark = pytest.mark.django_db


def lesson(course, title, **fields):
    return make.LessonFactory(course=course, title=title, **fields)


@pytest.fixture
def dripped():
    course = make.CourseFactory(title="Weekly", access_duration_type="drip")
    lesson(course, "At once")
    lesson(course, "Start", available_after_days=0)
    lesson(course, "Week", available_after_days=7)
    lesson(course, "Look", available_after_days=9, is_preview=True)
    lesson(course, "Hidden", available_after_days=9, is_published=False)
    return course


def days_of(client, cohort):
    [(_, openings)] = client.get(url(cohort, "calendar")).context["days"]
    return {each.lesson.title: each.opens_on or each.words for each in openings}


def test_the_calendar_says_on_which_day_each_lesson_opens(staff_client, dripped):
    cohort = group_of("cohort", courses=[dripped], starts_on=date(2026, 3, 28))  # the clocks change the next night

    assert days_of(staff_client, cohort) == {
        "At once": "With the course",
        "Start": date(2026, 3, 28),
        "Week": date(2026, 4, 4),
        "Look": "Open to everybody, as a preview",
    }


@pytest.mark.parametrize("fields", [{}, {"starts_on": date(2026, 3, 28), "is_active": False}])
def test_without_a_day_of_the_cohort_it_counts_from_joining(staff_client, dripped, fields):
    days = days_of(staff_client, group_of("cohort", courses=[dripped], **fields))

    assert (days["Start"], days["Week"]) == ("With the course", "7 days after they join the course")


def test_without_both_everything_opens_with_the_course(staff_client, dripped):
    type(dripped).objects.update(access_duration_type="lifetime")

    assert days_of(staff_client, group_of("cohort", courses=[dripped]))["Week"] == "With the course"


@pytest.mark.parametrize(("count", "text"), [(0, "has no courses yet"), (11, "1–10 of 11")])
def test_the_calendar_shows_ten_courses_at_a_time(staff_client, count, text):
    held = courses(*(f"Course {number}" for number in range(count)))

    assert text in staff_client.get(url(group_of("cohort", courses=held), "calendar")).text


def test_the_calendar_asks_as_much_for_three_courses_as_for_one(staff_client):
    counts = []
    for number in (1, 3):
        cohort = group_of("cohort", f"Of {number}", courses=[make.LessonFactory().course for _ in range(number)])
        with counted_queries() as queries:
            staff_client.get(url(cohort, "calendar"))
        counts.append(len(queries))

    assert counts[0] == counts[1]


def test_the_calendar_says_what_the_judge_says(staff_client, student, dripped):
    cohort = group_of("cohort", courses=[dripped], starts_on=date(2026, 3, 1))
    enter(cohort, student)
    days = days_of(staff_client, cohort)
    week = dripped.lessons.get(title="Week")

    assert lesson_decision(student, week, NOW).opens_at == start_of_day(days["Week"])
