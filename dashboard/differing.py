"""Two people saved the same form: a field of it beside what is stored now, both in words."""

from dataclasses import dataclass

NOTHING = "(empty)"


@dataclass(frozen=True)
class Difference:
    """A field that two people gave different values."""

    name: str
    label: str
    mine: str
    theirs: str
