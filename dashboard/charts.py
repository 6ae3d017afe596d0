"""Charts as numbers for SVG: a drawing of 600 by 160 that is stretched to its place, with all its words outside.

Words in a drawing that shrinks to a phone cannot be read, so axes, names and values are HTML around it.
"""

from collections.abc import Sequence
from dataclasses import dataclass

WIDTH, HEIGHT = 600, 160
GAP = 0.25  # of a column's place
STEPS = (1, 2, 4, 5, 10)


@dataclass(frozen=True)
class Column:
    """One bar; a zero is a line on the ground."""

    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True)
class Drawing:
    """What the template draws, and the number at the top of the scale."""

    top: int
    columns: list[Column]
    line: str = ""
    dots: str = ""
    width: int = WIDTH
    height: int = HEIGHT

    @property
    def middle(self) -> float:
        return self.height / 2


def draw_columns(values: Sequence[int], line: Sequence[float] = ()) -> Drawing:
    """Columns from a common ground, and a line over their middles on the same scale."""
    top = scale_top(max([*values, 1]))
    place = WIDTH / max(len(values), 1)
    columns = [
        Column(
            round(place * (number + GAP / 2), 2),
            _depth(value, top),
            round(place * (1 - GAP), 2),
            round(_height(value, top), 2),
        )
        for number, value in enumerate(values)
    ]
    return Drawing(top, columns, line=_line(line, top))


def draw_dots(values: Sequence[int]) -> Drawing:
    """A dot for each value, joined by a line. A dot is a stroke without length: round at any stretch."""
    top = scale_top(max([*values, 1]))
    dots = " ".join(f"M{x} {y}h0" for x, y in _points(values, top))
    return Drawing(top, [], line=_line(values, top), dots=dots)


def scale_top(value: int) -> int:
    """The number at the top of the scale: the next of 1, 2, 4, 5, 10, 20, 40 … that can be halved or is small."""
    power = 1
    while True:
        for step in STEPS:
            if step * power >= value:
                return step * power
        power *= 10


def _points(values: Sequence[float], top: int) -> list[tuple[float, float]]:
    place = WIDTH / max(len(values), 1)
    return [(round(place * (number + 0.5), 2), _depth(value, top)) for number, value in enumerate(values)]


def _line(values: Sequence[float], top: int) -> str:
    return " ".join(f"{x},{y}" for x, y in _points(values, top))


def _depth(value: float, top: int) -> float:
    """From the top of the drawing down to the value."""
    return round(HEIGHT - _height(value, top), 2)


def _height(value: float, top: int) -> float:
    return HEIGHT * value / top
