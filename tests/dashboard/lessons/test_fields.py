"""The fields of the editor: what they keep of what people write, and what they say where they cannot."""

import pytest
from django.core.exceptions import ValidationError

from dashboard.forms.lesson_fields import (
    ClockField,
    LinesField,
    TextField,
    TimestampsField,
    VideoField,
    WebAddressField,
)


def refusal(field, value):
    with pytest.raises(ValidationError) as refused:
        field.clean(value)
    return refused.value.messages


@pytest.mark.parametrize(("text", "seconds"), [("12:40", 760), ("1:02:03", 3723), ("", None), (" 0:05 ", 5)])
def test_a_length_is_kept_in_seconds(text, seconds):
    assert ClockField(required=False).clean(text) == seconds


def test_a_length_is_written_as_a_clock():
    assert [ClockField().prepare_value(value) for value in (760, None, "4:99")] == ["12:40", None, "4:99"]


@pytest.mark.parametrize("text", ["760", "1:75", "x", "-1:00", "1:2:3:4"])
def test_a_length_that_is_none_is_refused(text):
    assert len(refusal(ClockField(), text)) == 1


def test_timestamps_are_read_as_people_paste_them():
    lines = "7:45 First run\r\n\r\n[0:00] Intro\n(2:00) - Setting up\n1:02:03 – The end"

    assert TimestampsField(required=False).clean(lines) == [
        {"time_seconds": 0, "label": "Intro"},
        {"time_seconds": 120, "label": "Setting up"},
        {"time_seconds": 465, "label": "First run"},
        {"time_seconds": 3723, "label": "The end"},
    ]


def test_timestamps_are_written_in_lines():
    stamps = [{"time_seconds": 0, "label": "Intro"}, {"time_seconds": 465, "label": "First run"}]
    field = TimestampsField(required=False)

    assert (field.prepare_value(stamps), field.clean(field.prepare_value(stamps))) == (
        "0:00 Intro\n7:45 First run",
        stamps,
    )


def test_timestamps_that_are_none_are_told_by_line():
    assert refusal(TimestampsField(), f"0:00 Intro\n0:75 Late\nIntro\n0:01 {'x' * 301}") == [
        "Line 2: “0:75” has too many minutes or seconds.",
        "Line 3: write the time, a space and a label, like 4:12 First run.",
        "Line 4: the label is longer than 300 characters.",
    ]


def test_too_many_timestamps_are_refused():
    assert refusal(TimestampsField(), "0:01 x\n" * 501) == ["At most 500 timestamps are kept; these are 501."]


def test_lines_are_a_list():
    field = LinesField(required=False)

    assert (field.clean(" One \r\n\r\nTwo"), field.prepare_value(["One", "Two"])) == (["One", "Two"], "One\nTwo")


@pytest.mark.parametrize(
    ("text", "says"),
    [("x\n" * 101, "At most 100 lines are kept; these are 101."), ("x" * 301, "A line is longer than 300 characters.")],
)
def test_too_many_or_too_long_lines_are_refused(text, says):
    assert refusal(LinesField(), text) == [says]


def test_a_text_has_one_kind_of_line_end():
    assert TextField().clean("a\r\nb\rc\n\n") == "a\nb\nc\n\n"


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("https://example.com/plan#part", "https://example.com/plan#part"),
        ("example.com/plan", "https://example.com/plan"),
        ("", ""),
    ],
)
def test_a_link_is_kept(text, kept):
    assert WebAddressField(required=False).clean(text) == kept


@pytest.mark.parametrize(
    "text",
    [
        "javascript:alert(1)", "data:text/html,x", "file:///etc/passwd", "//evil.example/", "https://user@example.com/",
        "a b", "/own/path", "ftp://example.com/", "https://ex\u0430mple.com/", "https://example.com/\u202e",
    ],
)  # fmt: skip
def test_t94_a_link_that_is_not_safe_is_refused(text):
    assert refusal(WebAddressField(), text) == ["Write a web address, like https://example.com/plan."]


@pytest.mark.parametrize("text", ["example.com/" + "a" * 8, "HTTPS://example.com/" + "é" * 5])
def test_a_link_that_grows_too_long_when_written_out_is_refused(text):
    said = refusal(WebAddressField(max_length=25), text)

    assert [words.partition(" (")[0] for words in said] == ["Ensure this value has at most 25 characters"]


def test_a_video_may_be_missing():
    assert VideoField().clean("  ") == ""


def test_t94_a_video_that_is_not_safe_is_refused():
    assert refusal(VideoField(), "javascript:alert(1)")[0].startswith("This is no web address")
