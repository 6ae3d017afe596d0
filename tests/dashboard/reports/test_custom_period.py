"""A period chosen by its first and last day."""

from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from django.core.cache import caches

from dashboard import keeping
from dashboard.chart_words import joined_chart
from dashboard.selectors.periods import Period
from dashboard.selectors.trends import Daily, trends_of
from tests import factories as make
from tests.conftest import counted_queries
from tests.dashboard.reports import world
from tests.factories import NOW

pytestmark = pytest.mark.django_db
URL = "/dashboard/analytics/"
DAY = timedelta(days=1)
TODAY = date(2026, 3, 2)


def custom(first, last, **more):
    return {"period": "custom", "first": str(first), "last": str(last), **more}


def export(client, **query):
    return client.get(f"{URL}export/", {"table": "days", **query})


@pytest.mark.parametrize(
    ("first", "last"),
    [
        ("2026-01-05", "2026-02-03"),
        ("2026-03-02", "2026-03-02"),
        ("2025-03-02", "2026-03-02"),  # 366 days
        ("2000-01-01", "2000-01-31"),
    ],
)
def test_the_days_asked_for_are_shown_both_included(staff_client, first, last):
    answer = staff_client.get(URL, custom(first, last))

    assert answer.context["period"] == Period(date.fromisoformat(first), date.fromisoformat(last))
    assert ("field-error" in answer.text, '<option value="custom" selected>' in answer.text) == (False, True)
    assert f'name="first" value="{first}"' in answer.text


@pytest.mark.parametrize(
    ("first", "last", "refused"),
    [
        ("2026-02-03", "2026-02-02", {"last": "Choose a day that is not before the first."}),
        ("2026-03-01", "2026-03-03", {"last": "Choose a day that is not in the future."}),
        ("2025-03-01", "2026-03-02", {"last": "Choose at most 366 days."}),
        ("", "2026-03-02", {"first": "Choose a day."}),
        ("2026-03-02", "", {"last": "Choose a day."}),
        ("9999-99-99", "2026-03-02", {"first": "Write the day as in 2026-05-31."}),
        ("0001-01-01", "2026-03-02", {"first": "Choose a day after the year 1999."}),
        ("a\0b", "2026-03-02", {"first": "Write the day as in 2026-05-31."}),
        ("2026-03-01", "1" * 10_000, {"last": "Write the day as in 2026-05-31."}),
    ],
)
def test_nonsense_is_told_at_its_field_and_the_usual_days_are_shown(staff_client, first, last, refused):
    answer = staff_client.get(URL, custom(first, last))

    errors = {name: " ".join(lines) for name, lines in answer.context["form"].errors.items()}
    assert (answer.status_code, answer.context["period"].days, errors) == (200, 30, refused)
    assert all(text in answer.text for text in refused.values())


@pytest.mark.parametrize(
    ("day", "words"),
    [("2026-03-03", "Choose a day that is not in the future."), ("9999-12-31", "Choose a day before the year 3000.")],
)
def test_no_day_of_the_future_is_taken(staff_client, day, words):
    errors = staff_client.get(URL, custom(day, day)).context["form"].errors

    assert errors == {"first": [words], "last": [words]}


def test_days_beside_another_choice_are_left_out(staff_client):
    answer = staff_client.get(URL, {"period": "7", "first": "nonsense", "last": "2026-02-02"})

    assert (answer.context["period"].days, answer.context["form"].errors) == (7, {})
    assert (answer.context["form"]["first"].value(), answer.context["query"]) == (None, "period=7")


def test_today_is_one_of_the_sites_time_zone(staff_client):
    with time_machine.travel(datetime(2026, 3, 2, 23, 30, tzinfo=UTC), tick=False):  # the 3rd in Paris
        form = staff_client.get(URL, custom("2026-03-03", "2026-03-03")).context["form"]

    assert form.errors == {}


def test_days_before_the_school_began_are_told(staff_client):
    make.UserFactory(date_joined=NOW - 10 * DAY)

    text = staff_client.get(URL, custom("2026-01-01", "2026-01-31")).text

    assert "Not enough data before <time" in text


def test_it_says_which_days_and_what_they_are_compared_with(staff_client):
    text = staff_client.get(URL, custom("2026-01-05", "2026-01-06")).text
    one = staff_client.get(URL, custom("2026-01-05", "2026-01-05")).text

    assert "6 January 2026</time>, compared with the 2 days before." in text
    assert "5 January 2026</time>, compared with the day before." in one


def test_as_many_days_directly_before_are_compared(staff_client):
    for day in (2, 3, 4, 4, 6, 7):  # the 2nd and the 7th are in neither
        make.CourseEnrollmentFactory(enrolled_at=datetime(2026, 2, day, 12, tzinfo=UTC))

    answer = staff_client.get(URL, custom("2026-02-05", "2026-02-06"))

    title = "1 student joined a course in 2 days, 66 % fewer than in the 2 days before"
    assert answer.context["charts"][0].title == title


@pytest.mark.parametrize(
    ("day", "first", "last"),
    [
        (date(2025, 3, 30), datetime(2025, 3, 29, 23, tzinfo=UTC), datetime(2025, 3, 30, 21, 59, 59, tzinfo=UTC)),
        (date(2025, 10, 26), datetime(2025, 10, 25, 22, tzinfo=UTC), datetime(2025, 10, 26, 22, 59, 59, tzinfo=UTC)),
    ],
)
def test_a_day_on_which_the_clocks_change_has_its_own_length(day, first, last):
    for at in (first - timedelta(seconds=1), first, last, last + timedelta(seconds=1)):
        make.CourseEnrollmentFactory(enrolled_at=at, completed_at=at, user__date_joined=at)
        make.LessonProgressFactory(started_at=at, user__date_joined=first - DAY)

    found = trends_of(Period(day, day))

    assert (found.joined.counts, found.completed.counts, found.joined.before) == ([2], [2], 1)
    assert (found.active, found.new) == (2, 2)


@pytest.mark.parametrize(
    ("begun", "completed", "is_active"),
    [
        (25, 5, False),
        (25, 15, True),
        (15, 5, True),
        (15, None, True),
        (30, 25, False),
        (25, None, False),
        (5, 4, False),
    ],
)
def test_active_in_the_past_is_who_began_or_completed_then_whatever_came_later(begun, completed, is_active):
    user = make.UserFactory(date_joined=NOW - 60 * DAY)
    done = {"status": "completed", "completed_at": NOW - completed * DAY} if completed else {}
    lesson = make.LessonProgressFactory(user=user, started_at=NOW - begun * DAY, **done)
    make.CourseProgressFactory(user=user, course=lesson.course, last_active_at=NOW)

    found = trends_of(Period(TODAY - 20 * DAY, TODAY - 10 * DAY))

    assert (found.active, found.inactive) == (int(is_active), int(not is_active))


def test_who_came_after_the_period_is_in_none_of_its_numbers():
    make.UserFactory(date_joined=NOW - 15 * DAY)
    make.UserFactory(date_joined=NOW - 5 * DAY)

    found = trends_of(Period(TODAY - 20 * DAY, TODAY - 10 * DAY))

    assert (found.students, found.new, found.active, found.inactive) == (1, 1, 0, 1)


def test_who_was_active_before_the_account_was_made_is_counted_as_there():
    make.LessonProgressFactory(started_at=NOW - 15 * DAY, user__date_joined=NOW)

    found = trends_of(Period(TODAY - 20 * DAY, TODAY - 10 * DAY))

    assert (found.students, found.new, found.active, found.inactive) == (1, 0, 1, 0)


def test_the_days_as_a_table_are_those_of_the_period(staff_client):
    make.CourseEnrollmentFactory(enrolled_at=datetime(2026, 1, 6, 12, tzinfo=UTC))

    lines = export(staff_client, **custom("2026-01-05", "2026-01-06")).getvalue().decode().splitlines()

    assert lines[1:] == ["2026-01-05,0,0.0,0", "2026-01-06,1,0.14,0"]


def test_the_page_leads_to_the_table_of_its_period(staff_client):
    text = staff_client.get(URL, custom("2026-01-05", "2026-01-06")).text

    assert "?table=days&amp;period=custom&amp;first=2026-01-05&amp;last=2026-01-06" in text


def test_sorting_the_courses_keeps_the_days(staff_client):
    make.CourseFactory()

    text = staff_client.get(URL, custom("2026-01-05", "2026-01-06")).text

    assert 'href="?sort=rate&amp;period=custom&amp;first=2026-01-05&amp;last=2026-01-06#courses"' in text


@pytest.mark.parametrize("query", [custom("2026-01-06", "2026-01-05"), custom("", ""), {"period": "8"}])
def test_there_is_no_table_of_days_that_were_refused(staff_client, query):
    assert export(staff_client, **query).status_code == 404


def test_a_period_is_counted_once_in_five_minutes(staff_client):
    asked = custom("2026-02-01", "2026-02-10")
    staff_client.get(URL, asked)
    make.CourseEnrollmentFactory(enrolled_at=NOW - 25 * DAY)
    totals = []
    for seconds in (290, 310):
        with time_machine.travel(NOW + timedelta(seconds=seconds), tick=False):
            totals.append(staff_client.get(URL, asked).context["trends"].joined.total)

    assert totals == [0, 1]


def test_whoever_asks_for_every_period_fills_no_memory():
    kept = caches["pages"]
    kept.clear()
    for number in range(3 * keeping.PLACES):
        keeping.kept_of(Period(TODAY - number * DAY, TODAY), NOW)

    places = [keeping._key(f"period:{place}") for place in range(keeping.PLACES)]
    assert len(kept._cache) == len(kept.get_many(places)) <= keeping.PLACES


def test_two_periods_in_one_place_are_not_taken_for_each_other(monkeypatch):
    monkeypatch.setattr(keeping, "PLACES", 1)
    first, second = Period(TODAY, TODAY), Period(TODAY - DAY, TODAY)

    found = [keeping.kept_of(period, NOW).found.period for period in (first, second, first)]

    assert found == [first, second, first]


@pytest.mark.parametrize("days", [1, 30, 366])
@pytest.mark.parametrize("is_full", [False, True])
def test_a_period_of_any_length_takes_the_same_queries_however_much_there_is(staff_client, days, is_full):
    course = make.LessonFactory().course
    make.CourseEnrollmentFactory(course=course)
    make.LessonProgressFactory(status="completed", completed_at=NOW)
    if is_full:
        world.build()

    with counted_queries() as queries:
        staff_client.get(URL, custom(TODAY - days * DAY, TODAY - DAY, course=course.slug))

    assert len(queries) == 22


def daily(count, first=date(2025, 3, 2)):
    days = [first + number * DAY for number in range(count)]
    return Daily(days, [1] * (count - 1) + [3], [1.0] * count, before=0)


def test_a_year_is_drawn_as_weeks_that_end_with_its_last_day():
    chart = joined_chart(daily(366))

    assert (len(chart.drawing.columns), chart.drawing.line, chart.head) == (53, "", ("Week", "Joined"))
    assert [(row.name, row.cells) for row in (chart.rows[0], chart.rows[-1])] == [
        ("24 February 2026 to 2 March 2026", (9,)),
        ("2 March 2025 to 3 March 2025", (2,)),
    ]
    assert sum(row.cells[0] for row in chart.rows) == 368


def test_weeks_have_words_of_their_own():
    chart = joined_chart(daily(366))

    assert chart.sentence == "The busiest week was 24 February 2026 to 2 March 2026 with 9."
    assert (chart.names, chart.marks) == (("joined in the week",), ["2 Mar 2025", "1 Sep 2025", "2 Mar 2026"])


@pytest.mark.parametrize(("count", "columns"), [(100, 100), (101, 15)])
def test_days_are_drawn_while_they_can_be_told_apart(count, columns):
    assert len(joined_chart(daily(count)).drawing.columns) == columns


def test_a_single_day_has_no_line():
    chart = joined_chart(daily(1))

    assert (chart.drawing.line, chart.names) == ("", ("joined on the day",))


@pytest.mark.parametrize(("count", "marks"), [(1, ["2 Mar"]), (2, ["2 Mar", "3 Mar"])])
def test_no_day_stands_twice_below_a_short_period(count, marks):
    assert joined_chart(daily(count)).marks == marks
