"""What the charts of the analytics say: a title that is the finding, a sentence, and what stands along the axis."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from common.percentages import percent
from dashboard.charts import Drawing, draw_columns, draw_dots
from dashboard.selectors.courses_report import LessonLine, Step
from dashboard.selectors.trends import Daily

MOST_COLUMNS = 100  # more would be too thin on a phone
DAYS_OF_WEEK = 7


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


@dataclass(frozen=True)
class Span:
    """The days of one column; the mean is that of its last day."""

    first: date
    last: date
    count: int
    mean: float

    @property
    def name(self) -> str:
        first, last = (f"{day.day} {day:%B %Y}" for day in (self.first, self.last))
        return first if first == last else f"{first} to {last}"


def joined_chart(daily: Daily) -> Chart:
    noun = "student joined a course" if daily.total == 1 else "students joined a course"
    return _daily_chart("joined", f"{_count(daily.total)} {noun} {_compared(daily)}", "joined", daily, has_mean=True)


def completed_chart(daily: Daily) -> Chart:
    noun = "course was completed" if daily.total == 1 else "courses were completed"
    return _daily_chart("completed", f"{_count(daily.total)} {noun} {_compared(daily)}", "completed", daily)


def _daily_chart(slug: str, title: str, verb: str, daily: Daily, *, has_mean: bool = False) -> Chart:
    """A column for each day, with the mean if wanted; of a long period for each week, which is even by itself."""
    spans, unit = _columns(daily)
    has_mean = has_mean and unit == "day" and len(spans) > 1  # one point is no line
    return Chart(
        slug,
        title,
        _busiest(spans, unit) + (f" The 7-day mean ends at {daily.means[-1]:.1f}." if has_mean else ""),
        draw_columns([span.count for span in spans], daily.means if has_mean else ()),
        _marks(daily.days),
        (unit.capitalize(), verb.capitalize(), *(["7-day mean"] if has_mean else [])),
        [Row(span.name, (span.count, *([f"{span.mean:.1f}"] if has_mean else []))) for span in reversed(spans)],
        names=(f"{verb} {'on the day' if unit == 'day' else 'in the week'}", *(["mean of 7 days"] if has_mean else [])),
    )


def _columns(daily: Daily) -> tuple[list[Span], str]:
    """Each day, or weeks that end with the last day: the first of them may be shorter."""
    width = 1 if len(daily.days) <= MOST_COLUMNS else DAYS_OF_WEEK
    ends = range(len(daily.days), 0, -width)
    spans = [
        Span(daily.days[start], daily.days[end - 1], sum(daily.counts[start:end]), daily.means[end - 1])
        for start, end in ((max(0, end - width), end) for end in reversed(ends))
    ]
    return spans, "day" if width == 1 else "week"


def _marks(days: Sequence[date]) -> list[str]:
    """The first day, the middle and the last, with years where one has to tell them apart."""
    year = " %Y" if days[0].year != days[-1].year else ""
    return [f"{day.day} {day:%b{year}}" for day in dict.fromkeys((days[0], days[len(days) // 2], days[-1]))]


def _compared(daily: Daily) -> str:
    count = len(daily.days)
    now, then = ("in 1 day", "on the day before") if count == 1 else (f"in {count} days", f"in the {count} days before")
    if daily.total == daily.before:
        return f"{now}, as many as {then}"
    if not daily.before:
        return f"{now}, after none {then}"
    change = abs(daily.total - daily.before) * 100 // daily.before
    word = "more" if daily.total > daily.before else "fewer"
    return f"{now}, {change or 'under 1'} % {word} than {then}"


def _busiest(spans: Sequence[Span], unit: str) -> str:
    busiest = max(spans, key=lambda span: span.count)
    if not busiest.count:
        return "Every day of the period is empty."
    return f"The busiest {unit} was {busiest.name} with {busiest.count:,}."


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
