"""The one reader of CSV that comes from outside: bounded, strict, and it names the line of what it does not take (T87).

What may not stand in a file we write (`csv_rows`) may not stand in one we read: no formula, no markup, no control
characters. Nothing is guessed and nothing is left out: a file is read whole, or refused.
"""

import csv
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from io import StringIO

from common.csv_rows import BYTE_ORDER_MARK, FORMULA_MARKS

MOST_TOLD = 20
SEPARATORS = ",;\t"
MARKUP = re.compile(r"<[a-zA-Z/!?]")
CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")
UTF_16 = (b"\xff\xfe", b"\xfe\xff")


class TableRefused(Exception):
    """The file is not taken; `problems` say why, a sentence each with its line, the first twenty."""

    def __init__(self, problems: Iterable[str]) -> None:
        self.problems = list(problems)
        super().__init__(" ".join(self.problems))


@dataclass(frozen=True)
class Shape:
    """What a table may hold: its columns with the most characters of a cell, and how many bytes and lines."""

    columns: Mapping[str, int]
    required: frozenset[str]
    most_bytes: int
    most_rows: int


@dataclass(frozen=True)
class Row:
    """One line under the names of its columns; a column the table does not have is empty."""

    line: int
    cells: dict[str, str]


def read_text(content: bytes, shape: Shape) -> str:
    """Return the text of a file.

    :raises TableRefused: if it is too large, or not UTF-8
    """
    if len(content) > shape.most_bytes:
        raise TableRefused([too_large(shape)])
    if content.startswith(UTF_16):
        raise TableRefused(["The file is UTF-16. Save it as CSV UTF-8."])
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise TableRefused([f"Line {line} is not UTF-8. Save the file as CSV UTF-8."]) from None


def too_large(shape: Shape) -> str:
    return f"The file is larger than {shape.most_bytes // 1_000_000} MB."


def read_table(text: str, shape: Shape) -> list[Row]:
    """Return the lines of a table whose first line names its columns; empty lines are left out.

    :raises TableRefused: for everything else
    """
    lines = _lines(text.removeprefix(BYTE_ORDER_MARK), shape)
    header = _header(next(lines, (1, [])), shape)
    rows: list[Row] = []
    problems: list[str] = []
    for number, cells in lines:
        if len(rows) == shape.most_rows:
            raise TableRefused([f"The file has more than {shape.most_rows:,} lines. Send it in parts."])
        problems += _problems_of(number, cells, header, shape)
        if len(problems) >= MOST_TOLD:
            raise TableRefused(problems[:MOST_TOLD])
        rows.append(Row(number, dict(zip(header, (cell.strip() for cell in cells), strict=False))))
    if problems:
        raise TableRefused(problems)
    if not rows:
        raise TableRefused(["The file has no line below its header."])
    return rows


def _lines(text: str, shape: Shape) -> Iterator[tuple[int, list[str]]]:
    """The number of each line that is not empty, and its cells.

    :raises TableRefused: at a quote that does not close, or stands where none may
    """
    start = text[: text.find("\n") + 1] or text
    separator = max(SEPARATORS, key=start.count)
    reader = csv.reader(StringIO(text, newline=""), delimiter=separator, strict=True)
    before = 0
    try:
        for cells in reader:
            if any(cells):
                yield before + 1, cells
            before = reader.line_num
    except csv.Error as error:
        longest = max(shape.columns.values())
        says = f"a cell is longer than {longest} characters" if "limit" in str(error) else "a quote is not closed"
        raise TableRefused([f"Line {before + 1}: {says}."]) from None


def _header(first: tuple[int, list[str]], shape: Shape) -> list[str]:
    """The names of the columns.

    :raises TableRefused: if one is missing, unknown or there twice
    """
    names = [cell.strip().lower() for cell in first[1]]
    unknown = [name for name in names if name not in shape.columns]
    missing = sorted(shape.required.difference(names))
    if unknown or missing or len(set(names)) != len(names):
        wanted = ", ".join(shape.columns)
        raise TableRefused([f"Line {first[0]} must name the columns: {wanted}."])
    return names


def _problems_of(number: int, cells: list[str], header: list[str], shape: Shape) -> Iterator[str]:
    if len(cells) > len(header):
        yield f"Line {number} has {len(cells)} cells; the header names {len(header)} columns."
        return
    for name, cell in zip(header, cells, strict=False):
        if says := _problem_of(cell, shape.columns[name]):
            yield f"Line {number}, {name}: {says}."


def _problem_of(cell: str, most: int) -> str:
    """What is wrong with a cell, in words; empty if nothing is."""
    text = cell.strip(" \u00a0")
    if len(text) > most:
        return f"longer than {most} characters"
    if CONTROL.search(text):
        return "holds a character that is no text, such as a NUL or a line break"
    if text.startswith(FORMULA_MARKS):
        return f"begins with “{text[0]}”, which a spreadsheet takes for a formula"
    return "holds HTML" if MARKUP.search(text) else ""
