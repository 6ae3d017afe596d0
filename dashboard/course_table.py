"""The table of all courses in the analytics: its columns, and its order."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest

from dashboard.selectors.courses_report import CourseLine

COLUMNS = ("Course", "Joined", "Active, 30 days", "Average progress, %", "Completed", "Completed, % of joined")
USUAL = "joined"
NAMES = {
    "title": "Course",
    "joined": "Joined",
    "active": "Active, 30 days",
    "average": "Average progress",
    "completed": "Completed",
    "rate": "Completion",
}


@dataclass(frozen=True)
class Heading:
    """A column's name, the address that sorts by it, and whether the table is."""

    name: str
    address: str
    is_sorted: bool
    is_number: bool


def sort_asked(request: HttpRequest) -> str:
    """The column that `?sort=` names; the usual one for anything else."""
    sort = request.GET.get("sort", "")
    return sort if sort in NAMES else USUAL


def sorted_lines(lines: Iterable[CourseLine], sort: str) -> list[CourseLine]:
    """By title, as they come; numbers from the greatest, ties by title."""
    if sort == "title":
        return list(lines)
    return sorted(lines, key=lambda line: -getattr(line, sort))


def headings(sort: str, query: str) -> list[Heading]:
    """The head of the table, keeping the rest of the address."""
    rest = f"&{query}" if query else ""
    return [Heading(name, f"?sort={key}{rest}#courses", key == sort, key != "title") for key, name in NAMES.items()]


def cells_of(line: CourseLine) -> list[Any]:
    """A line as the table to keep has it."""
    return [line.title, line.joined, line.active, line.average, line.completed, line.rate]
