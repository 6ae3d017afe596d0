"""The arithmetic of watching against a plain model: a set of seconds."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from progress.watching import MAX_RATE, credit, merge, percentage, seconds_in, subtract

SECOND = st.integers(0, 60)
LOOSE = st.lists(st.tuples(SECOND, SECOND), max_size=8)
MERGED = LOOSE.map(merge)


def seconds(ranges):
    return {second for start, end in ranges for second in range(start, end)}


@given(LOOSE)
def test_merge_is_the_union(ranges):
    assert seconds(merge(ranges)) == seconds(ranges)


@given(LOOSE)
def test_merged_ranges_are_sorted_apart_and_not_empty(ranges):
    flat = [second for pair in merge(ranges) for second in pair]

    assert flat == sorted(set(flat))


@given(LOOSE)
def test_merging_again_changes_nothing(ranges):
    assert merge(merge(ranges)) == merge(ranges)


@given(MERGED)
def test_seconds_in_counts_each_second_once(ranges):
    assert seconds_in(ranges) == len(seconds(ranges))


@given(MERGED, MERGED)
def test_subtract_leaves_what_is_new(new, old):
    rest = subtract(new, old)

    assert (seconds(rest), seconds_in(rest)) == (seconds(new) - seconds(old), len(seconds(new) - seconds(old)))


@given(MERGED, LOOSE, st.floats(-10, 60))
def test_credit_adds_only_what_was_claimed_and_never_more_than_the_clock_allows(old, new, wall):
    total = seconds(credit(old, new, wall_seconds=wall))

    assert seconds(old) <= total <= seconds(old) | seconds(new)
    assert len(total - seconds(old)) == min(len(seconds(new) - seconds(old)), int(max(wall, 0) * MAX_RATE))


@given(MERGED, LOOSE)
def test_credit_of_the_same_report_twice_adds_nothing(old, new):
    once = credit(old, new, wall_seconds=1000)

    assert credit(once, new, wall_seconds=1000) == once


@given(MERGED, LOOSE, LOOSE)
def test_credit_with_time_enough_does_not_depend_on_the_order(old, first, second):
    one_way = credit(credit(old, first, wall_seconds=1000), second, wall_seconds=1000)

    assert one_way == credit(credit(old, second, wall_seconds=1000), first, wall_seconds=1000)


@given(st.lists(st.floats(0, 3), max_size=60))
def test_many_small_reports_gain_no_more_than_one_large_one(walls):
    ranges = []
    for wall in walls:
        ranges = credit(ranges, [(0, 1000)], wall_seconds=wall)

    assert seconds_in(ranges) <= sum(walls) * MAX_RATE


@given(MERGED, st.integers(1, 60))
def test_a_percentage_lies_between_0_and_100(ranges, duration):
    assert 0 <= percentage(ranges, duration) <= 100


@pytest.mark.parametrize(
    ("ranges", "duration", "share"),
    [([[0, 50]], 100, 50.0), ([[0, 1]], 3, 33.33), ([[0, 100]], 50, 100.0), ([[0, 5]], None, 0.0), ([[0, 5]], 0, 0.0)],
)
def test_percentage_is_the_share_of_the_length(ranges, duration, share):
    assert percentage(ranges, duration) == share
