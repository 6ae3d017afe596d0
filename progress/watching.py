"""Arithmetic of watching, without a database: ranges of whole seconds, merged, and bounded by the clock."""

from collections.abc import Sequence

Ranges = list[list[int]]
MAX_RATE = 2.25  # the fastest a player plays, with a little for rounding  [PRODUCT 4]


def merge(ranges: Sequence[Sequence[int]]) -> Ranges:
    """The union of ranges, sorted; touching ranges become one."""
    merged: Ranges = []
    for start, end in sorted((first, last) for first, last in ranges if last > first):
        if merged and start <= merged[-1][1]:
            merged[-1][1] = max(merged[-1][1], end)
        else:
            merged.append([start, end])
    return merged


def seconds_in(ranges: Sequence[Sequence[int]]) -> int:
    """Seconds covered by merged ranges: each counts once, however often it was watched."""
    return sum(end - start for start, end in ranges)


def subtract(new: Ranges, old: Ranges) -> Ranges:
    """The parts of `new` that `old` does not cover; both merged."""
    rest: Ranges = []
    for start, end in new:
        free_from = start
        for old_start, old_end in old:
            if old_end <= free_from or old_start >= end:
                continue
            if old_start > free_from:
                rest.append([free_from, old_start])
            free_from = min(end, old_end)
        if free_from < end:
            rest.append([free_from, end])
    return rest


def credit(old: Ranges, new: Sequence[Sequence[int]], *, wall_seconds: float) -> Ranges:
    """Add newly watched seconds to `old`, but no more than the wall clock allows; the excess is ignored (T12)."""
    allowance = int(max(wall_seconds, 0) * MAX_RATE)
    accepted: Ranges = []
    for start, end in subtract(merge(new), old):
        length = min(end - start, allowance)
        accepted.append([start, start + length])
        allowance -= length
    return merge([*old, *accepted])


def percentage(ranges: Ranges, duration_seconds: float | None) -> float:
    """Watched share from 0 to 100; 0 while nobody knows how long the video is."""
    if not duration_seconds:
        return 0.0
    return min(100.0, round(seconds_in(ranges) / duration_seconds * 100, 2))
