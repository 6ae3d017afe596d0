"""Workers: each project in a process of its own, with its own settings, spoken to line by line."""

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from benchmarks.databases import ROOT, environment_for

SETTINGS = {"site": "courses_project.settings", "floor": "benchmarks.floor.settings"}
LOG = ROOT / "var" / "benchmarks.log"


class Process:
    """One running worker."""

    def __init__(self, process: "subprocess.Popen[str]") -> None:
        self._process = process

    def ask(self, command: str, **arguments: Any) -> Any:
        """Send one command and wait for its answer.

        :raises RuntimeError: if the worker died; its own words are in the log
        """
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps({"do": command} | arguments) + "\n")
        self._process.stdin.flush()
        answer = self._process.stdout.readline()
        if not answer:
            raise RuntimeError(f"The worker stopped at {command} {arguments}; see {LOG}")
        return json.loads(answer)


@contextmanager
def worker(project: str, size: str, url: str) -> Iterator[Process]:
    """Run a worker; its log lines, which production writes too, go to a file as they would there."""
    command = [sys.executable, "-m", "benchmarks.worker", project, size]
    LOG.parent.mkdir(exist_ok=True)
    with (
        Path(LOG).open("a") as log,
        subprocess.Popen(
            command,
            cwd=ROOT,
            env=environment_for(url, SETTINGS[project]),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=log,
            text=True,
        ) as process,
    ):
        try:
            yield Process(process)
        finally:
            process.kill()
