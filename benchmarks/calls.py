"""Requests as the WSGI handler gets them from the server."""

import io
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from benchmarks.databases import HOST

TOKEN = "benchmarkbenchmarkbenchmarkbench"  # noqa: S105 - both halves of the double-submit check are ours
Application = Callable[..., Any]


@dataclass(frozen=True)
class Call:
    """One request. `status` is the only answer that is right."""

    path: str
    method: str = "GET"
    body: bytes = b""
    content_type: str = "application/json"
    cookies: dict[str, str] = field(default_factory=dict)
    status: int = 200


@dataclass(frozen=True)
class Page:
    """A page as the benchmark visits it: timed calls, and what runs untimed around them.

    `few` and `many` are the same page with 3 and 30 lessons and for 1 and 20 courses: as many queries each.
    """

    name: str
    calls: list[Call]
    few: Call | None = None
    many: Call | None = None
    undo: list[Call] = field(default_factory=list)
    is_cold: bool = False

    @property
    def only_reads(self) -> bool:
        return all(call.method == "GET" for call in self.calls)


class WrongAnswer(Exception):
    """A call was not answered as the page expects, so its cost means nothing."""


def send(application: Application, call: Call) -> int:
    """Send one call and return the bytes of its answer.

    :raises WrongAnswer: if the status differs
    """
    answered: list[str] = []
    answer = application(_environ(call), lambda status, headers, exc_info=None: answered.append(status))
    try:
        size = sum(len(part) for part in answer)
    finally:
        answer.close()  # ends the request, as the server would
    if not answered[0].startswith(str(call.status)):
        raise WrongAnswer(f"{call.method} {call.path} answered {answered[0]} instead of {call.status}")
    return size


def _environ(call: Call) -> dict[str, Any]:
    path, _, query = call.path.partition("?")
    cookies = call.cookies | ({"__Host-csrf": TOKEN} if call.cookies else {})
    return {
        "REQUEST_METHOD": call.method,
        "PATH_INFO": path,
        "QUERY_STRING": query,
        "SCRIPT_NAME": "",
        "SERVER_NAME": HOST,
        "SERVER_PORT": "443",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "REMOTE_ADDR": "127.0.0.1",
        "HTTP_HOST": HOST,
        "HTTP_ACCEPT": "text/html,application/json",
        "HTTP_USER_AGENT": "Mozilla/5.0 (X11; Linux x86_64) benchmarks",
        "HTTP_COOKIE": "; ".join(f"{name}={value}" for name, value in cookies.items()),
        "HTTP_ORIGIN": f"https://{HOST}",
        "HTTP_X_CSRFTOKEN": TOKEN,
        "CONTENT_TYPE": call.content_type if call.body else "",
        "CONTENT_LENGTH": str(len(call.body)),
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": "https",
        "wsgi.input": io.BytesIO(call.body),
        "wsgi.errors": io.StringIO(),
        "wsgi.multithread": True,
        "wsgi.multiprocess": True,
        "wsgi.run_once": False,
    }
