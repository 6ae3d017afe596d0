"""The reader of CSV: what it takes, and the sentence for each thing it does not."""

import pytest

from common.csv_reading import Row, Shape, TableRefused, read_table, read_text

SHAPE = Shape({"email": 30, "note": 10}, frozenset({"email"}), 10_000_000, 3)
HEADER = "Line 1 must name the columns: email, note."


def refused(text):
    with pytest.raises(TableRefused) as error:
        read_table(text, SHAPE)
    return error.value.problems


@pytest.mark.parametrize(
    "text",
    [
        "email,note\na@b.c,hi\n",
        "\ufeffemail,note\r\na@b.c,hi\r\n",
        "email;note\na@b.c;hi",
        "Email\tNOTE\n a@b.c \thi",
        'email,note\n"a@b.c","hi"',
        "note,email\nhi,a@b.c\n",
    ],
)
def test_separators_quotes_order_and_spaces_do_not_matter(text):
    assert read_table(text, SHAPE) == [Row(2, {"email": "a@b.c", "note": "hi"})]


def test_empty_lines_are_left_out_and_lines_keep_their_numbers():
    assert read_table("email\n\n,\na@b.c\n", SHAPE) == [Row(4, {"email": "a@b.c"})]


def test_a_short_line_has_no_such_cell():
    assert read_table("email,note\na@b.c\n", SHAPE) == [Row(2, {"email": "a@b.c"})]


@pytest.mark.parametrize("text", ["", "\n\n", "a@b.c\n", "note\nhi", "email,email\na,b", "email,course\na,b"])
def test_a_header_that_is_none_is_refused(text):
    assert refused(text)[0].endswith("must name the columns: email, note.")


def test_a_table_without_lines_is_refused():
    assert refused("email,note\n") == ["The file has no line below its header."]


@pytest.mark.parametrize(
    ("cell", "says"),
    [
        ("12345678901", "Line 2, note: longer than 10 characters."),
        ("a\0b", "Line 2, note: holds a character that is no text, such as a NUL or a line break."),
        ('"a\nb"', "Line 2, note: holds a character that is no text, such as a NUL or a line break."),
        ("\ud800", "Line 2, note: holds a character that is no text, such as a NUL or a line break."),
        ("=1+1", "Line 2, note: begins with “=”, which a spreadsheet takes for a formula."),
        (" @a", "Line 2, note: begins with “@”, which a spreadsheet takes for a formula."),
        ("<b>x</b>", "Line 2, note: holds HTML."),
        ("x,y", "Line 2 has 3 cells; the header names 2 columns."),
        ('"x', "Line 2: a quote is not closed."),
        ('"x"y', "Line 2: a quote is not closed."),
        ("x" * 200_000, "Line 2: a cell is longer than 30 characters."),
    ],
)
def test_a_bad_cell_is_named_with_its_line(cell, says):
    assert refused(f"email,note\na@b.c,{cell}") == [says]


def test_a_cell_over_several_lines_is_named_where_it_begins_and_the_next_where_it_stands():
    problems = refused('email,note\na@b.c,"x\ny"\nd@e.f,=1\n')

    assert [problem.partition(",")[0] for problem in problems] == ["Line 2", "Line 4"]


def test_no_more_than_twenty_problems_are_told():
    shape = Shape({"email": 30}, frozenset({"email"}), 1_000, 1_000)

    with pytest.raises(TableRefused) as error:
        read_table("email\n" + "=1\n" * 500, shape)

    assert (len(error.value.problems), error.value.problems[-1][:8]) == (20, "Line 21,")


def test_a_line_too_many_is_refused():
    assert refused("email\n" + "a@b.c\n" * 4) == ["The file has more than 3 lines. Send it in parts."]


@pytest.mark.parametrize(
    ("content", "says"),
    [
        ("email\n".encode("utf-16"), "The file is UTF-16. Save it as CSV UTF-8."),
        (b"email\nj\xe9@b.c\n", "Line 2 is not UTF-8. Save the file as CSV UTF-8."),
        (b"x" * 10_000_001, "The file is larger than 10 MB."),
    ],
)
def test_bytes_that_are_no_text_are_refused(content, says):
    with pytest.raises(TableRefused) as error:
        read_text(content, SHAPE)

    assert error.value.problems == [says]


def test_utf_16_without_its_mark_is_text_full_of_nuls_which_the_header_refuses():
    assert refused(read_text("email\n".encode("utf-16-be"), SHAPE)) == [HEADER]


def test_text_with_a_byte_order_mark_is_read():
    assert read_table(read_text(b"\xef\xbb\xbfemail\na@b.c", SHAPE), SHAPE) == [Row(2, {"email": "a@b.c"})]
