"""The one writer of CSV: T88, formulas; and that what it writes can be read again."""

import csv
import io
from datetime import UTC, datetime

import pytest

from common.csv_rows import csv_lines, csv_response


def read(lines):
    return list(csv.reader(io.StringIO("".join(lines).removeprefix("\ufeff"), newline="")))


@pytest.mark.parametrize("mark", ["=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠", " =", "\u00a0@"])
def test_text_that_begins_like_a_formula_is_text(mark):
    hostile = f"{mark}HYPERLINK(1)"

    assert read(csv_lines(["Name"], [[hostile]])) == [["Name"], [f"'{hostile}"]]


@pytest.mark.parametrize("plain", ["Zoë = Ana", "a@b.example", "", "3-4", 'say "so", twice', "two\nlines"])
def test_other_text_stays_as_it_is(plain):
    assert read(csv_lines(["Name", "More"], [[plain, "x"]]))[1] == [plain, "x"]


def test_a_number_below_zero_stays_a_number():
    assert read(csv_lines(["Points"], [[-3]]))[1] == ["-3"]


def test_moments_are_those_of_the_viewers_clock():
    assert read(csv_lines(["At"], [[datetime(2026, 3, 2, 9, tzinfo=UTC)]]))[1] == ["2026-03-02 10:00"]


def test_the_file_says_that_it_is_unicode():
    assert next(csv_lines(["Name"], [])) == "\ufeffName\r\n"


def test_the_answer_is_a_file_to_save():
    answer = csv_response("people.csv", ["Name"], [["Ana"]])

    assert (answer["Content-Disposition"], answer.getvalue().decode()) == (
        'attachment; filename="people.csv"',
        "\ufeffName\r\nAna\r\n",
    )
