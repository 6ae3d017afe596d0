"""What an import did, or would do, line by line."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field, replace

CREATED, CHANGED, REMOVED, UNPUBLISHED = "created", "changed", "removed", "unpublished"


@dataclass(frozen=True)
class Change:
    """One row that was created, changed, removed or unpublished; `fields` names what changed, `path` the file."""

    action: str
    kind: str
    name: str
    fields: tuple[str, ...] = ()
    path: str = ""

    def __str__(self) -> str:
        what = f"{self.action} {self.kind} “{self.name}”"
        return f"{what}: {', '.join(self.fields)}" if self.fields else what


@dataclass
class Report:
    """The changes in reading order, the rows that were equal already, and what a person should look at."""

    changes: list[Change] = field(default_factory=list)
    unchanged: int = 0
    notes: list[str] = field(default_factory=list)

    def add(self, action: str, kind: str, name: str, fields: Iterable[str] = (), path: str = "") -> None:
        """Note a change; a further one of the row just noted joins it."""
        last = self.changes[-1] if self.changes else None
        if last and action == CHANGED and (last.kind, last.name) == (kind, name):
            if last.action == CHANGED:
                self.changes[-1] = replace(last, fields=(*last.fields, *fields))
            return
        self.changes.append(Change(action, kind, name, tuple(fields), path))

    def summary(self) -> str:
        counts = Counter(f"{change.action} {change.kind}" for change in self.changes)
        parts = [f"{what.split()[0]} {number} {_plural(what.split()[1], number)}" for what, number in counts.items()]
        return ", ".join([*parts, f"unchanged {self.unchanged}"])


def _plural(kind: str, number: int) -> str:
    return kind if number == 1 else f"{kind}s"
