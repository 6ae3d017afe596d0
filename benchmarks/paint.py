"""`python -m benchmarks.paint`: when the largest part of a page stands on a slow phone, and whether anything moved.

Chromium, 390 x 844, 1.6 Mbit/s with 150 ms to and fro, a quarter of the processor, nothing cached; gunicorn as the
Procfile starts it, production's settings, the demo courses on SQLite. No proxy: the HTML travels as it is written.
"""

import argparse
import re
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from statistics import median
from typing import Any
from urllib.request import urlopen

from playwright.sync_api import Page, sync_playwright

from benchmarks.databases import HOST, ROOT, environment_for, make_empty
from benchmarks.processes import SETTINGS

DATABASE = f"sqlite:///{ROOT / 'var' / 'paint_s.sqlite3'}"
PASSWORD = "drawn-on-a-slow-phone"  # noqa: S105 - of invented people in a database of our own
STUDENT = "sam@example.com"
LIMIT_SECONDS = 2.0
PAGES = {"landing": "/", "course": "/courses/virtual-rockstar/", "lesson": "/courses/virtual-rockstar/welcome/"}
SLOW = {"offline": False, "latency": 150, "downloadThroughput": 1_600_000 / 8, "uploadThroughput": 750_000 / 8}
PAINT = """() => new Promise((done) => {
  const seen = {largest: 0, what: "", first: 0, shift: 0};
  const watch = (type, note) =>
    new PerformanceObserver((list) => list.getEntries().forEach(note)).observe({type, buffered: true});
  watch("largest-contentful-paint", ({startTime, element, url}) => {
    seen.largest = startTime;
    seen.what = url ? new URL(url).pathname : (element?.localName ?? "");
  });
  watch("layout-shift", ({value}) => { seen.shift += value; });
  watch("paint", ({name, startTime}) => { if (name === "first-contentful-paint") seen.first = startTime; });
  setTimeout(() => done(seen), 1500);
})"""


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.paint", description=__doc__)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--chromium", default="/usr/bin/chromium")
    asked = parser.parse_args()
    prepare()
    slow = []
    print("| page | LCP s, median [min..max] | FCP s | CLS | largest |\n|---|---|---|---|---|")
    with server() as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=asked.chromium, args=["--no-sandbox", "--disable-gpu"])
        page = browser.new_context(viewport={"width": 390, "height": 844}, device_scale_factor=2).new_page()
        sign_in(page, address)
        slow_down(page)
        for name, path in PAGES.items():
            seen = [drawn(page, address + path) for _ in range(asked.runs)]
            print(line(name, seen))
            slow += [name] if median(one["largest"] for one in seen) > LIMIT_SECONDS * 1000 else []
        browser.close()
    return 1 if slow else 0


def prepare() -> None:
    """The demo and production's static files."""
    make_empty(DATABASE)
    for command in ("migrate", "createcachetable", f"seed_data --password={PASSWORD}", "collectstatic --noinput"):
        words = [sys.executable, "manage.py", *command.split()]
        subprocess.run(words, cwd=ROOT, env=environment(), check=True, stdout=subprocess.DEVNULL)


def environment() -> dict[str, str]:
    return environment_for(DATABASE, SETTINGS["site"]) | {"SECURE_SSL_REDIRECT": "False", "LOG_LEVEL": "ERROR"}


@contextmanager
def server() -> Iterator[str]:
    """The web process of the Procfile, on a free port."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = str(probe.getsockname()[1])
    [told] = re.findall(r"^web: gunicorn (.*)$", (ROOT / "Procfile").read_text(), re.MULTILINE)
    command = re.sub(r"\$\{\w+:-(\d+)\}", r"\1", told).split()  # the defaults of its variables
    command[command.index("--bind") + 1] = f"127.0.0.1:{port}"
    words = [sys.executable, "-m", "gunicorn", *command]
    with subprocess.Popen(words, cwd=ROOT, env=environment(), stderr=subprocess.DEVNULL) as process:
        try:
            address = f"http://{HOST}:{port}"
            wait_for(address)
            yield address
        finally:
            process.terminate()


def wait_for(address: str) -> None:
    for _ in range(100):
        try:
            urlopen(f"{address}/healthz").close()  # noqa: S310 - our own address
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise RuntimeError(f"{address} does not answer.")


def sign_in(page: Page, address: str) -> None:
    page.goto(f"{address}/login/")
    page.fill("input[name=login]", STUDENT)
    page.fill("input[name=password]", PASSWORD)
    page.press("input[name=password]", "Enter")
    page.wait_for_url("**/my-dashboard/")


def slow_down(page: Page) -> None:
    devtools = page.context.new_cdp_session(page)
    devtools.send("Network.enable")
    devtools.send("Network.setCacheDisabled", {"cacheDisabled": True})
    devtools.send("Network.emulateNetworkConditions", SLOW)
    devtools.send("Emulation.setCPUThrottlingRate", {"rate": 4})


def drawn(page: Page, address: str) -> dict[str, Any]:
    page.goto("about:blank")
    page.goto(address, wait_until="load")
    seen: dict[str, Any] = page.evaluate(PAINT)
    return seen


def line(name: str, seen: list[dict[str, Any]]) -> str:
    largest, first, shift = (sorted(one[what] for one in seen) for what in ("largest", "first", "shift"))
    spread = f"{median(largest) / 1000:.2f} [{largest[0] / 1000:.2f}..{largest[-1] / 1000:.2f}]"
    return f"| {name} | {spread} | {median(first) / 1000:.2f} | {shift[-1]:.3f} | {seen[-1]['what']} |"


if __name__ == "__main__":
    sys.exit(main())
