"""CPU and queries per page, always beside the floor: rounds in a new order, medians of paired ratios."""

import random
from collections.abc import Iterable
from dataclasses import dataclass, field
from statistics import median
from typing import Any

from benchmarks.limits import QUERIES
from benchmarks.processes import Process

UNIT = "floor: page"
ROUNDS = 7
VISITS = 20


@dataclass
class Cost:
    """What one page cost on one database: one entry per round in the lists."""

    page: str
    engine: str
    size: str
    queries: int = 0
    few: int | None = None
    many: int | None = None
    writes: list[str] = field(default_factory=list)
    bytes: int = 0
    application_ms: list[float] = field(default_factory=list)
    database_ms: list[float] = field(default_factory=list)
    floors: list[float] = field(default_factory=list)

    @property
    def cpu_ms(self) -> float:
        return median(self.application_ms) + median(self.database_ms)


@dataclass
class Run:
    """All costs of one database, and how fast the machine was meanwhile."""

    costs: list[Cost] = field(default_factory=list)
    calibration_ms: list[float] = field(default_factory=list)


def run(site: Process, floor: Process, *, engine: str, size: str, rounds: int, only: Iterable[str] = ()) -> Run:
    """Count once, then measure in rounds."""
    names = [name for name in site.ask("names") if not only or any(part in name for part in only)]
    found = Run([_counted(site, name, engine, size) for name in names])
    floors = [Cost(name, engine, size, **_counts(floor, name)) for name in floor.ask("names")]
    shuffle = random.Random(1)
    for _ in range(rounds):
        visits = [(site, cost) for cost in found.costs] + [(floor, cost) for cost in floors]
        shuffle.shuffle(visits)
        for process, cost in visits:
            _measure(process, floor, cost, found.calibration_ms)
    found.costs += floors
    return found


def _counted(site: Process, name: str, engine: str, size: str) -> Cost:
    return Cost(name, engine, size, **_counts(site, name))


def _counts(process: Process, name: str) -> dict[str, Any]:
    counts = process.ask("count", page=name)
    del counts["sql"]
    return dict(counts)


def _measure(process: Process, floor: Process, cost: Cost, calibration: list[float]) -> None:
    """One page between two visits to the floor: the machine's speed changes within seconds."""
    before = _visit(floor, UNIT, calibration)
    page = _visit(process, cost.page, calibration)
    after = _visit(floor, UNIT, calibration)
    unit = (_cpu(before) + _cpu(after)) / 2
    cost.application_ms.append(page["application_ms"])
    cost.database_ms.append(page["database_ms"])
    cost.floors.append(_cpu(page) / unit)
    cost.bytes = round(page["bytes"])


def _visit(process: Process, page: str, calibration: list[float]) -> dict[str, float]:
    while not (answer := process.ask("measure", page=page, visits=VISITS))["is_whole"]:
        pass
    calibration += [answer["calibration_before"], answer["calibration_after"]]
    return dict(answer)


def _cpu(answer: dict[str, float]) -> float:
    return answer["application_ms"] + answer["database_ms"]


def broken_promises(runs: Iterable[Run]) -> list[str]:
    """Everything a run fails on, in sentences: budgets, growth of queries, writes in a GET."""
    costs = [cost for found in runs for cost in found.costs]
    return [*_over_budget(costs), *_growing(costs), *_growing_with_size(costs)]


def _over_budget(costs: list[Cost]) -> list[str]:
    found = []
    for cost in costs:
        budget = QUERIES.get(cost.page)
        if budget is not None and max(cost.queries, cost.few or 0, cost.many or 0) > budget:
            found.append(f"{cost.page} ({cost.engine} {cost.size}): {cost.queries} queries, {budget} allowed")
        found += [f"{cost.page} ({cost.engine} {cost.size}) writes: {text[:80]}" for text in cost.writes]
    return found


def _growing(costs: list[Cost]) -> list[str]:
    return [
        f"{cost.page} ({cost.engine} {cost.size}): {cost.few} queries with few rows, {cost.many} with many"
        for cost in costs
        if cost.few != cost.many
    ]


def _growing_with_size(costs: list[Cost]) -> list[str]:
    counts: dict[tuple[str, str], set[int]] = {}
    for cost in costs:
        counts.setdefault((cost.page, cost.engine), set()).add(cost.queries)
    return [
        f"{page} ({engine}): queries differ between sizes: {sorted(found)}"
        for (page, engine), found in counts.items()
        if len(found) > 1
    ]
