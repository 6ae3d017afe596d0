import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from common.durations import BadClock, format_clock, format_duration, parse_clock


@pytest.mark.parametrize(
    ("seconds", "shown"),
    [
        (0, "0:00"),
        (9, "0:09"),
        (252, "4:12"),
        (252.9, "4:12"),
        (3599, "59:59"),
        (3600, "1:00:00"),
        (3723, "1:02:03"),
        (36_000, "10:00:00"),
        (-5, "0:00"),
    ],
)
def test_format_clock_shows_hours_from_one_hour_on(seconds, shown):
    assert format_clock(seconds) == shown


@pytest.mark.parametrize(
    ("minutes", "shown"),
    [
        (0, ""),
        (0.2, "1 min"),
        (14, "14 min"),
        (59.4, "59 min"),
        (59.5, "1 h"),
        (60, "1 h"),
        (65, "1 h 05"),
        (200, "3 h 20"),
    ],
)
def test_format_duration_of_minutes(minutes, shown):
    assert format_duration(minutes=minutes) == shown


def test_format_duration_of_seconds():
    assert format_duration(seconds=840) == "14 min"


@pytest.mark.parametrize(
    ("text", "seconds"),
    [("0:00", 0), ("4:12", 252), (" 04:12 ", 252), ("75:00", 4500), ("1:02:03", 3723)],
)
def test_parse_clock_reads_clock_times(text, seconds):
    assert parse_clock(text) == seconds


@pytest.mark.parametrize("text", ["", "12", "4:1", "4:60", "1:60:00", "-1:00", "1:2:3:4", "٤:١٢", "4:12\x00", "1e3:00"])
def test_parse_clock_refuses_anything_else(text):
    with pytest.raises(BadClock):
        parse_clock(text)


@given(st.integers(min_value=0, max_value=999 * 3600))
def test_parse_clock_reads_what_format_clock_writes(seconds):
    assert parse_clock(format_clock(seconds)) == seconds


@given(st.text())
def test_parse_clock_raises_nothing_but_bad_clock(text):
    with contextlib.suppress(BadClock):
        parse_clock(text)
