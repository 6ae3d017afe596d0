"""The analytics: periods, days of the site's time zone, the course looked into, the table of courses, the exports."""

from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine

from dashboard.selectors.periods import Period
from dashboard.selectors.trends import trends_of
from tests import factories as make
from tests.conftest import counted_queries
from tests.dashboard.reports import world
from tests.factories import NOW

pytestmark = pytest.mark.django_db
URL = "/dashboard/analytics/"
DAY = timedelta(days=1)


@pytest.mark.parametrize(("query", "days"), [({}, 30), ({"period": "7"}, 7), ({"period": "90"}, 90)])
def test_the_period_is_the_one_asked_for(staff_client, query, days):
    answer = staff_client.get(URL, query)

    assert (answer.context["period"].days, f'<option value="{days}" selected>' in answer.text) == (days, True)
    assert f"in {days} days" in answer.context["charts"][0].title


@pytest.mark.parametrize(
    "query", [{"period": "8"}, {"period": "\0"}, {"period": str(2**63)}, {"course": "none"}, {"course": "\0"}]
)
def test_what_is_not_understood_is_told_and_left_out(staff_client, query):
    answer = staff_client.get(URL, query)

    assert (answer.status_code, answer.context["period"].days, "field-error" in answer.text) == (200, 30, True)


@pytest.mark.parametrize(
    ("moment", "day"),
    [
        (datetime(2026, 3, 28, 22, 59, tzinfo=UTC), 28),
        (datetime(2026, 3, 28, 23, 0, tzinfo=UTC), 29),
        (datetime(2026, 3, 29, 21, 59, tzinfo=UTC), 29),  # the day of 23 hours has ended
        (datetime(2026, 3, 29, 22, 0, tzinfo=UTC), 30),
    ],
)
def test_a_day_is_one_of_the_sites_time_zone_also_when_the_clocks_change(moment, day):
    make.CourseEnrollmentFactory(enrolled_at=moment)

    joined = trends_of(Period(date(2026, 3, 25), date(2026, 3, 31))).joined

    assert [found for found, count in zip(joined.days, joined.counts, strict=True) if count] == [date(2026, 3, day)]


def test_the_day_of_25_hours_holds_them_all():
    for hour in range(25):
        make.CourseEnrollmentFactory(enrolled_at=datetime(2026, 10, 24, 22, tzinfo=UTC) + timedelta(hours=hour))

    joined = trends_of(Period(date(2026, 10, 24), date(2026, 10, 26))).joined

    assert (joined.days[1], joined.counts) == (date(2026, 10, 25), [0, 25, 0])


def test_days_before_the_school_began_are_named(staff_client):
    make.UserFactory(date_joined=NOW - 10 * DAY)

    assert ("Not enough data before" in staff_client.get(URL).text) is True
    assert ("Not enough data before" in staff_client.get(URL, {"period": "7"}).text) is False


def test_an_empty_school_has_words_for_everything(staff_client):
    text = staff_client.get(URL).text

    for words in ("No students joined", "No course yet.", "Nobody completed a lesson in the last 7 days."):
        assert words in text


def test_the_course_most_joined_is_looked_into_unless_another_is_chosen(staff_client):
    make.CourseFactory(title="Quiet", slug="quiet")
    make.CourseEnrollmentFactory(course__title="Busy")

    assert staff_client.get(URL).context["course"].title == "Busy"
    assert staff_client.get(URL, {"course": "quiet"}).context["course"].title == "Quiet"


def test_a_course_without_lessons_has_no_drop_off(staff_client):
    course = make.CourseFactory()
    before = [chart.slug for chart in staff_client.get(URL).context["course_charts"]]
    make.LessonFactory(course=make.CourseFactory(slug="full"))

    after = [chart.slug for chart in staff_client.get(URL, {"course": "full"}).context["course_charts"]]

    assert (before, after, course.lesson_count) == (["funnel"], ["funnel", "lessons"], 0)


def test_every_chart_has_a_name_a_sentence_and_its_numbers(staff_client):
    world.build()
    answer = staff_client.get(URL)
    charts = answer.context["charts"] + answer.context["course_charts"]

    for chart in charts:
        assert f'<h3 id="chart-{chart.slug}">' in answer.text
        assert answer.text.count(f'role="img" aria-labelledby="chart-{chart.slug}"') == 1
    assert (len(charts), answer.text.count("<summary>Show numbers")) == (4, 4)
    assert " style=" not in answer.text


@pytest.mark.parametrize(
    ("sort", "titles"),
    [
        ("joined", ["B", "a", "c"]),
        ("title", ["a", "B", "c"]),
        ("active", ["c", "a", "B"]),
        ("average", ["c", "a", "B"]),
        ("completed", ["a", "B", "c"]),
        ("rate", ["a", "B", "c"]),
        ("x", ["B", "a", "c"]),
    ],
)
def test_the_courses_are_sorted_as_asked(staff_client, sort, titles):
    first, second, third = (make.CourseFactory(title=title, lesson_count=4) for title in "aBc")
    make.CourseEnrollmentFactory(course=first, completed_at=NOW)
    make.CourseEnrollmentFactory.create_batch(2, course=second)
    active = make.CourseEnrollmentFactory(course=third).user
    make.CourseProgressFactory(user=active, course=third, completed_lessons=2)

    answer = staff_client.get(URL, {"sort": sort})

    assert [line.title for line in answer.context["page"]] == titles
    assert answer.text.count("aria-sort=") == 1


def test_sorting_keeps_the_period_and_leaves_the_page(staff_client):
    make.CourseFactory()

    text = staff_client.get(URL, {"period": "7", "page": "2", "sort": "title"}).text

    assert 'href="?sort=rate&amp;period=7#courses"' in text


def test_fifty_courses_stand_on_a_page(staff_client):
    make.CourseFactory.create_batch(51)

    assert len(staff_client.get(URL, {"page": "2"}).context["page"].object_list) == 1


def test_it_counts_once_in_five_minutes_and_says_when(staff_client):
    staff_client.get(URL)
    make.CourseEnrollmentFactory(enrolled_at=NOW)
    with time_machine.travel(NOW + timedelta(seconds=290), tick=False):
        before = staff_client.get(URL).context
    with time_machine.travel(NOW + timedelta(seconds=310), tick=False):
        after = staff_client.get(URL).context

    assert (before["trends"].joined.total, before["counted_at"]) == (0, NOW)
    assert (after["trends"].joined.total, after["counted_at"]) == (1, NOW + timedelta(seconds=310))


def test_it_takes_at_most_thirty_queries_however_much_there_is(staff_client):
    course = make.CourseEnrollmentFactory().course
    make.LessonFactory.create_batch(12, course=course)
    counts = []
    for period in ("7", "30"):
        with counted_queries() as queries:
            staff_client.get(URL, {"period": period, "course": course.slug})
        counts.append(len(queries))
        if period == "7":
            world.build()

    assert (counts[0] <= 30, counts[1] <= counts[0]) == (True, True)


def lines_of(client, **query):
    return client.get(f"{URL}export/", query).getvalue().decode().splitlines()


def test_the_courses_as_a_table(staff_client):
    course = make.CourseFactory(title="=Bread", lesson_count=4)
    user = make.CourseEnrollmentFactory(course=course).user
    make.CourseProgressFactory(user=user, course=course, completed_lessons=1)

    assert lines_of(staff_client, table="courses") == [
        '\ufeffCourse,Joined,"Active, 30 days","Average progress, %",Completed,"Completed, % of joined"',
        "'=Bread,1,1,25,0,0",
    ]


def test_the_days_as_a_table(staff_client):
    make.CourseEnrollmentFactory(enrolled_at=NOW, completed_at=NOW)

    lines = lines_of(staff_client, table="days", period="7")

    assert (len(lines), lines[-1]) == (8, "2026-03-02,1,0.14,1")


def test_the_most_active_as_a_table(staff_client):
    user = make.UserFactory(name="Ana", email="ana@example.com")
    make.LessonProgressFactory(user=user, status="completed", completed_at=NOW)

    assert lines_of(staff_client, table="learners")[1:] == ["Ana,ana@example.com,1"]


def test_the_lessons_as_a_table(staff_client):
    lesson = make.LessonFactory(title="Crust", course__slug="bread")
    make.LessonProgressFactory(lesson=lesson, status="completed", completed_at=NOW)

    assert lines_of(staff_client, table="lessons", course="bread")[1:] == ["1,Crust,1"]


@pytest.mark.parametrize("query", [{}, {"table": "x"}, {"table": "lessons"}, {"table": "lessons", "course": "none"}])
def test_a_table_that_is_none_is_not_found(staff_client, query):
    assert staff_client.get(f"{URL}export/", query).status_code == 404
