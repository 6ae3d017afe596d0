"""`python -m benchmarks`: fill, measure, report; exit 1 when a promise is broken."""

import argparse
import subprocess
import sys
from contextlib import ExitStack

from benchmarks import cost, report
from benchmarks.databases import ROOT, engine_of, environment_for, make_empty, url_for
from benchmarks.processes import SETTINGS, worker
from benchmarks.sizes import SIZES


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument(
        "--database",
        action="append",
        metavar="URL",
        help="base name; _s, _m, _l, _floor are added. Repeat for several engines. Default: SQLite in var/",
    )
    parser.add_argument("--sizes", default="S,M", help="of S, M, L (default S,M)")
    parser.add_argument("--rounds", type=int, default=cost.ROUNDS)
    parser.add_argument("--only", action="append", default=[], metavar="WORD", help="pages whose name has the word")
    parser.add_argument("--keep", action="store_true", help="measure the databases and static files of the last run")
    parser.add_argument("--name", default="latest", help="name of the report in benchmarks/results")
    return parser.parse_args()


def main() -> int:
    asked = arguments()
    urls = asked.database or [f"sqlite:///{ROOT / 'var' / 'bench.sqlite3'}"]
    sizes = [size for size in asked.sizes.upper().split(",") if size in SIZES]
    if not asked.keep:
        collect_static(urls[0])
    runs: list[cost.Run] = []
    versions: dict[str, str] = {}
    notes: list[str] = []
    for url in urls:
        if not asked.keep:
            notes += fill(url, sizes)
        for size in sizes:
            found, used = measure(url, size, rounds=asked.rounds, only=asked.only)
            runs.append(found)
            versions |= used
    broken = cost.broken_promises(runs)
    text = report.markdown(runs, versions, notes, broken)
    print(text)
    print(f"Saved as {report.save(runs, text, asked.name)}")
    return 1 if broken else 0


def collect_static(url: str) -> None:
    """Production's hashed names of static files, which pages look up."""
    command = [sys.executable, "manage.py", "collectstatic", "--noinput", "--verbosity=0"]
    subprocess.run(command, cwd=ROOT, env=environment_for(url, SETTINGS["site"]), check=True)


def fill(url: str, sizes: list[str]) -> list[str]:
    """Make the databases of one engine anew; returns how long each took."""
    notes = []
    for project, size, suffix in [("floor", "S", "floor"), *[("site", size, size) for size in sizes]]:
        target = url_for(url, suffix)
        make_empty(target)
        with worker(project, size, target) as process:
            seconds = process.ask("generate")
        if project == "site":
            notes.append(f"Generated size {size} on {engine_of(url)} in {seconds:.0f} s")
            print(notes[-1], file=sys.stderr)
    return notes


def measure(url: str, size: str, *, rounds: int, only: list[str]) -> tuple[cost.Run, dict[str, str]]:
    with ExitStack() as stack:
        site = stack.enter_context(worker("site", size, url_for(url, size)))
        floor = stack.enter_context(worker("floor", size, url_for(url, "floor")))
        found = cost.run(site, floor, engine=engine_of(url), size=size, rounds=rounds, only=only)
        versions: dict[str, str] = site.ask("versions")
    return found, versions


if __name__ == "__main__":
    sys.exit(main())
