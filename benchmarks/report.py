"""Results for people (Markdown) and for programs (JSON lines)."""

import json
import os
import platform
from collections.abc import Iterable
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from statistics import median

from benchmarks.cost import Cost, Run
from benchmarks.limits import GOALS, QUERIES

RESULTS = Path(__file__).parent / "results"
NOISY = 2.5
UNIT = (
    "- FU: CPU of application and database, divided by that of the floor's page on the same database just before"
    " and after; median [min..max] of the rounds."
)
SETTINGS = "DEBUG off, persistent connections with health checks, log level INFO to a file, one process, no network"


def machine() -> str:
    """The processor and what counts about it."""
    info = Path("/proc/cpuinfo")
    lines = info.read_text().splitlines() if info.exists() else []
    models = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return f"{os.cpu_count()} x {models[0] if models else platform.machine()}, {platform.system()}"


def markdown(runs: list[Run], versions: dict[str, str], notes: list[str], broken: list[str]) -> str:
    """The report: machine first, then one table for each engine, sizes side by side."""
    lines = [f"# Cost of pages, {datetime.now(UTC):%Y-%m-%d %H:%M} UTC", "", *_conditions(runs, versions), ""]
    lines += [f"- {note}" for note in notes]
    for engine in dict.fromkeys(cost.engine for run in runs for cost in run.costs):
        lines += [
            "",
            f"## {engine}",
            "",
            *_table([cost for run in runs for cost in run.costs if cost.engine == engine]),
        ]
    lines += ["", "## Broken promises" if broken else "No promise is broken.", "", *[f"- {text}" for text in broken]]
    return "\n".join(lines).rstrip() + "\n"


def _conditions(runs: list[Run], versions: dict[str, str]) -> list[str]:
    loops = sorted(value for run in runs for value in run.calibration_ms)
    spread = loops[-1] / loops[0]
    warning = (
        [f"**The machine was too busy: its speed changed {spread:.1f} times over.**", ""] if spread > NOISY else []
    )
    return [
        *warning,
        f"- Machine: {machine()}",
        "- Versions: " + ", ".join(f"{name} {version}" for name, version in versions.items()),
        f"- Settings: {SETTINGS}",
        f"- Calibration loop: {loops[0]:.1f} / {median(loops):.1f} / {loops[-1]:.1f} ms (min / median / max)",
        UNIT,
    ]


def _table(costs: list[Cost]) -> Iterable[str]:
    sizes = list(dict.fromkeys(cost.size for cost in costs))
    yield "| page | " + " | ".join(f"FU, {size}" for size in sizes) + " | goal | queries | budget | CPU ms | kB |"
    yield "|---" * (len(sizes) + 6) + "|"
    for page in dict.fromkeys(cost.page for cost in costs):
        same = [cost for cost in costs if cost.page == page]
        first = same[0]
        counts = "/".join(dict.fromkeys(str(cost.queries) for cost in same))
        cells = [
            page,
            *[_ratio(cost) for cost in same],
            f"≤ {GOALS[page]}" if page in GOALS else "",
            counts,
            str(QUERIES.get(page, "")),
            f"{median(first.application_ms):.2f} + {median(first.database_ms):.2f}",
            f"{first.bytes / 1000:.1f}",
        ]
        yield "| " + " | ".join(cells) + " |"


def _ratio(cost: Cost) -> str:
    return f"{median(cost.floors):.2f} [{min(cost.floors):.2f}..{max(cost.floors):.2f}]"


def save(runs: list[Run], text: str, name: str) -> Path:
    """Write both forms; the Markdown one is worth keeping."""
    RESULTS.mkdir(exist_ok=True)
    target = RESULTS / f"{name}.md"
    target.write_text(text)
    rows = [json.dumps(asdict(cost)) for run in runs for cost in run.costs]
    target.with_suffix(".jsonl").write_text("\n".join(rows) + "\n")
    return target
