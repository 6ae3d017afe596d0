"""What the charts of the analytics say: a title that is the finding, a sentence, and what stands along the axis."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from common.percentages import percent
from dashboard.charts import Drawing, draw_columns, draw_dots
from dashboard.selectors.courses_report import LessonLine, Step
from dashboard.selectors.trends import Daily


@dataclass(frozen=True)
class Row:
    """One line of the numbers behind; its name may lead somewhere."""

    name: str
    cells: tuple[int | str, ...]
    address: str = ""


@dataclass(frozen=True)
class Chart:
    """A chart with everything around it: its words, and the numbers behind the drawing."""

    slug: str
    title: str
    sentence: str
    drawing: Drawing
    marks: list[str]
    head: tuple[str, ...]
    rows: list[Row]
    names: tuple[str, ...] = ()


def day_name(day: date) -> str:
    return f"{day.day} {day:%b}"


def joined_chart(daily: Daily) -> Chart:
    noun = "student joined a course" if daily.total == 1 else "students joined a course"
    title = f"{_count(daily.total)} {noun} in {len(daily.days)} days, {_compared(daily)}"
    return _daily_chart("joined", title, "joined", daily, has_mean=True)


def completed_chart(daily: Daily) -> Chart:
    noun = "course was completed" if daily.total == 1 else "courses were completed"
    title = f"{_count(daily.total)} {noun} in {len(daily.days)} days, {_compared(daily)}"
    return _daily_chart("completed", title, "completed", daily)


def _daily_chart(slug: str, title: str, verb: str, daily: Daily, *, has_mean: bool = False) -> Chart:
    head = ("Day", verb.capitalize(), "7-day mean") if has_mean else ("Day", verb.capitalize())
    rows = [
        Row(f"{day.day} {day:%B %Y}", (count, f"{mean:.1f}") if has_mean else (count,))
        for day, count, mean in zip(daily.days, daily.counts, daily.means, strict=True)
    ]
    middle = daily.days[len(daily.days) // 2]
    return Chart(
        slug,
        title,
        _busiest(daily) + (f" The 7-day mean is now {daily.means[-1]:.1f}." if has_mean else ""),
        draw_columns(daily.counts, daily.means if has_mean else ()),
        [day_name(day) for day in (daily.days[0], middle, daily.days[-1])],
        head,
        rows[::-1],
        names=(f"{verb} on the day", "mean of 7 days") if has_mean else (f"{verb} on the day",),
    )


def _compared(daily: Daily) -> str:
    days = f"the {len(daily.days)} days before"
    if daily.total == daily.before:
        return f"as many as in {days}"
    if not daily.before:
        return f"after none in {days}"
    change = abs(daily.total - daily.before) * 100 // daily.before
    word = "more" if daily.total > daily.before else "fewer"
    return f"{change or 'under 1'} % {word} than in {days}"


def _busiest(daily: Daily) -> str:
    if not daily.total:
        return "Every day of the period is empty."
    most = max(daily.counts)
    day = daily.days[daily.counts.index(most)]
    return f"The busiest day was {day.day} {day:%B} with {most}."


def funnel_chart(title: str, steps: Sequence[Step]) -> Chart:
    """Where people stop: the step after which most are gone."""
    joined = steps[0].students
    return Chart(
        "funnel",
        _worst_step(title, steps),
        _completion(steps),
        draw_columns([step.students for step in steps]),
        [step.label for step in steps],
        ("Came to", "Students", "Of all who joined"),
        [Row(step.label, (step.students, f"{percent(step.students, joined)} %")) for step in steps],
        names=("students who came this far",),
    )


def _completion(steps: Sequence[Step]) -> str:
    joined, completed = steps[0].students, steps[-1].students
    if not joined:
        return "The first who join appear here."
    return f"{_people(completed)} of {joined:,} who joined completed it: {percent(completed, joined)} %."


def _worst_step(title: str, steps: Sequence[Step]) -> str:
    losses = [earlier.students - later.students for earlier, later in pairwise(steps)]
    if not steps[0].students:
        return f"Nobody has joined {title} yet"
    if not any(losses):
        return f"Everybody who joined {title} completed it"
    worst = losses.index(max(losses))
    return (
        f"In {title} most stop between “{steps[worst].label}” and “{steps[worst + 1].label}”: {_count(losses[worst])}"
    )


def drop_off_chart(lines: Sequence[LessonLine]) -> Chart:
    """Where it goes down most from one lesson to the next."""
    counts = [line.students for line in lines]
    last = len(lines)
    return Chart(
        "lessons",
        _steepest_fall(lines),
        f"Students who completed lesson 1: {counts[0]:,}; lesson {last}: {counts[-1]:,}.",
        draw_dots(counts),
        [f"Lesson {number}" for number in dict.fromkeys((1, (last + 1) // 2, last))],
        ("Lesson", "Students who completed it"),
        [_lesson_row(line) for line in lines],
        names=("students who completed the lesson",),
    )


def _lesson_row(line: LessonLine) -> Row:
    return Row(f"{line.number}. {line.lesson.title}", (line.students,), line.lesson.get_absolute_url())


def _steepest_fall(lines: Sequence[LessonLine]) -> str:
    falls = [earlier.students - later.students for earlier, later in pairwise(lines)]
    if not any(line.students for line in lines):
        return "No lesson was completed yet"
    if max(falls, default=0) <= 0:
        return "No lesson loses students"
    worst = lines[falls.index(max(falls)) + 1]
    return f"The steepest fall is at lesson {worst.number}, “{worst.lesson.title}”: {max(falls):,} fewer"


def _people(number: int) -> str:
    return "None" if number == 0 else f"{number:,}"


def _count(number: int) -> str:
    return "No" if number == 0 else f"{number:,}"
