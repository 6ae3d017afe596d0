"""Charts as numbers and words."""

from datetime import date, timedelta

import pytest

from dashboard.chart_words import completed_chart, drop_off_chart, funnel_chart, joined_chart
from dashboard.charts import HEIGHT, WIDTH, draw_columns, draw_dots, scale_top
from dashboard.selectors.courses_report import LessonLine, Step
from dashboard.selectors.trends import Daily
from tests.factories import LessonFactory

DAY = timedelta(days=1)
FIRST = date(2026, 3, 1)


def daily(*counts, before=0):
    days = [FIRST + number * DAY for number in range(len(counts))]
    return Daily(days, list(counts), [float(count) for count in counts], before)


def steps(*students):
    labels = ("Joined", "Started", "25 %", "50 %", "75 %", "100 %")
    return [Step(label, count) for label, count in zip(labels, students, strict=True)]


def lines(*students):
    lessons = [LessonFactory.build(title=f"L{number}", course__slug="bread") for number in range(len(students))]
    return [
        LessonLine(one, number, count) for number, (one, count) in enumerate(zip(lessons, students, strict=True), 1)
    ]


@pytest.mark.parametrize(
    ("value", "top"), [(1, 1), (2, 2), (3, 4), (5, 5), (6, 10), (10, 10), (11, 20), (41, 50), (99, 100), (101, 200)]
)
def test_the_scale_ends_at_a_round_number(value, top):
    assert scale_top(value) == top


def test_a_column_stands_on_the_ground_and_zero_has_no_height():
    first, second = draw_columns([5, 0]).columns

    assert (first.y, first.height, second.y, second.height) == (0, HEIGHT, HEIGHT, 0)


def test_columns_share_the_width_and_do_not_touch():
    first, second = draw_columns([1, 1]).columns

    assert (first.width, second.x - first.x) == (WIDTH / 2 * 0.75, WIDTH / 2)


def test_the_line_runs_over_the_middles_of_the_columns_on_their_scale():
    assert draw_columns([5, 0], [2.5, 5]).line == f"150.0,{HEIGHT / 2} 450.0,0.0"


def test_dots_stand_where_the_line_bends():
    drawing = draw_dots([5, 0])

    assert (drawing.line, drawing.dots) == (f"150.0,0.0 450.0,{HEIGHT:.1f}", f"M150.0 0.0h0 M450.0 {HEIGHT:.1f}h0")


def test_without_values_there_is_a_scale_and_nothing_on_it():
    assert (draw_columns([]).top, draw_columns([]).columns, draw_dots([]).dots) == (1, [], "")


@pytest.mark.parametrize(
    ("counts", "before", "title"),
    [
        ((1, 2), 3, "3 students joined a course in 2 days, as many as in the 2 days before"),
        ((1, 2), 2, "3 students joined a course in 2 days, 50 % more than in the 2 days before"),
        ((0, 1), 2, "1 student joined a course in 2 days, 50 % fewer than in the 2 days before"),
        ((0, 1_000), 1_001, "1,000 students joined a course in 2 days, under 1 % fewer than in the 2 days before"),
        ((2, 0), 0, "2 students joined a course in 2 days, after none in the 2 days before"),
        ((0, 0), 0, "No students joined a course in 2 days, as many as in the 2 days before"),
    ],
)
def test_the_title_of_a_trend_is_the_finding(counts, before, title):
    assert joined_chart(daily(*counts, before=before)).title == title


@pytest.mark.parametrize(
    ("counts", "title"),
    [
        ((1,), "1 course was completed in 1 day, after none on the day before"),
        ((3,), "3 courses were completed in 1 day, after none on the day before"),
    ],
)
def test_completions_have_a_title_too(counts, title):
    assert completed_chart(daily(*counts)).title == title


@pytest.mark.parametrize(
    ("counts", "sentence"),
    [
        ((1, 4, 4), "The busiest day was 2 March 2026 with 4. The 7-day mean ends at 4.0."),
        ((0, 0), "Every day of the period is empty. The 7-day mean ends at 0.0."),
    ],
)
def test_the_sentence_names_the_busiest_day_and_the_mean(counts, sentence):
    assert joined_chart(daily(*counts)).sentence == sentence


def test_the_numbers_behind_are_the_days_the_last_first():
    rows = joined_chart(daily(1, 0)).rows

    assert [(row.name, row.cells) for row in rows] == [("2 March 2026", (0, "0.0")), ("1 March 2026", (1, "1.0"))]


def test_below_the_days_stand_the_first_the_middle_and_the_last():
    assert completed_chart(daily(1, 2, 3)).marks == ["1 Mar", "2 Mar", "3 Mar"]


@pytest.mark.parametrize(
    ("students", "title", "sentence"),
    [
        (
            (1_000, 90, 80, 10, 10, 5),
            "In Bread most stop between “Joined” and “Started”: 910",
            "5 of 1,000 who joined completed it: 0 %.",
        ),
        (
            (9, 9, 9, 1, 1, 0),
            "In Bread most stop between “25 %” and “50 %”: 8",
            "None of 9 who joined completed it: 0 %.",
        ),
        ((2, 2, 2, 2, 2, 2), "Everybody who joined Bread completed it", "2 of 2 who joined completed it: 100 %."),
        ((0, 0, 0, 0, 0, 0), "Nobody has joined Bread yet", "The first who join appear here."),
    ],
)
def test_the_funnel_says_where_people_stop(students, title, sentence):
    chart = funnel_chart("Bread", steps(*students))

    assert (chart.title, chart.sentence) == (title, sentence)


def test_the_funnel_has_a_name_under_every_column():
    chart = funnel_chart("Bread", steps(4, 3, 2, 1, 1, 1))

    assert chart.marks == [row.name for row in chart.rows]
    assert [row.cells for row in chart.rows][:2] == [(4, "100 %"), (3, "75 %")]


@pytest.mark.parametrize(
    ("students", "title"),
    [
        ((9, 8, 3, 2), "The steepest fall is at lesson 3, “L2”: 5 fewer"),
        ((2, 2, 3), "No lesson loses students"),
        ((2,), "No lesson loses students"),
        ((0, 0), "No lesson was completed yet"),
    ],
)
def test_the_drop_off_names_the_lesson(students, title):
    assert drop_off_chart(lines(*students)).title == title


@pytest.mark.parametrize(
    ("students", "marks"),
    [((1,), ["Lesson 1"]), ((1, 1), ["Lesson 1", "Lesson 2"]), ((1,) * 5, ["Lesson 1", "Lesson 3", "Lesson 5"])],
)
def test_below_the_dots_stand_the_first_the_middle_and_the_last_lesson(students, marks):
    assert drop_off_chart(lines(*students)).marks == marks


def test_the_lessons_behind_lead_to_the_lessons():
    row = drop_off_chart(lines(7)).rows[0]

    assert (row.name, row.cells, row.address.startswith("/courses/bread/lesson-")) == ("1. L0", (7,), True)
