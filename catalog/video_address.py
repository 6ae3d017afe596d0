"""From what somebody pasted to the parts of one clean web address, or nothing."""

import re
from dataclasses import dataclass
from html import unescape
from urllib.parse import parse_qsl, quote, unquote, urlsplit

MAX_PASTED = 5000
MAX_ADDRESS = 2000
LONGEST_START = 24 * 3600

FRAME_SOURCE = re.compile(
    r"""<(?:iframe|video|audio|source)\b[^>]*?\ssrc\s*=\s*(["'])(.*?)\1""", re.IGNORECASE | re.DOTALL
)
# Wistia's own snippets have no iframe.
WISTIA_SNIPPET = re.compile(r"""(?:wistia_async_|<wistia-player\b[^>]*\smedia-id=["'])([a-z0-9]{10})\b""")
MARKDOWN_LINK = re.compile(r"\[[^\]]*\]\(([^()\s]+)\)")
HOST = re.compile(r"(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)*[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?")
WITHOUT_SCHEME = re.compile(r"(?:[a-z0-9-]+\.)+[a-z]{2,}/", re.IGNORECASE)
# Characters that may stay as they are in a path or a query; all others are written in percent form.
KEPT = "/%~:@!$&'()*+,;=-._?"
CLOCK = re.compile(r"(?:(\d{1,2})h)?(?:(\d{1,4})m)?(?:(\d{1,6})s?)?", re.ASCII | re.IGNORECASE)


@dataclass(frozen=True, kw_only=True)
class Address:
    """A checked http(s) address. An empty host stands for a path of this site."""

    scheme: str
    host: str
    port: int | None
    path: str
    query_text: str
    fragment: str

    @property
    def parts(self) -> list[str]:
        return [part for part in self.path.split("/") if part]

    @property
    def query(self) -> dict[str, str]:
        """The first value of each parameter."""
        return dict(reversed(parse_qsl(self.query_text)))

    @property
    def is_on_default_port(self) -> bool:
        return self.port in (None, 80 if self.scheme == "http" else 443)

    @property
    def start_seconds(self) -> int:
        """The moment the link points to, from `t`, `start` or `#t`; 0 if it names none."""
        given = {**dict(parse_qsl(self.fragment)), **self.query}
        for name in ("t", "start", "time_continue"):
            if name in given:
                return _read_start(given[name])
        return 0

    def __str__(self) -> str:
        origin = f"{self.scheme}://{self.host}" if self.host else ""
        port = "" if self.is_on_default_port or not self.host else f":{self.port}"
        query = f"?{quote(self.query_text, safe=KEPT)}" if self.query_text else ""
        return f"{origin}{port}{quote(self.path, safe=KEPT)}{query}"


def read_address(pasted: str) -> Address | None:
    """Return the address in an address, an HTML snippet or a Markdown link; None if there is none we would trust."""
    text = pasted[: MAX_PASTED + 1].strip()
    if len(text) > MAX_PASTED:
        return None
    found = _address_inside(text)
    # What is left must be free of blanks, controls, and characters that look like others or turn the text round.
    if not found or len(found) > MAX_ADDRESS or not found.isprintable() or re.search(r"[\s\\<>\"]", found):
        return None
    return _split(found)


def _address_inside(text: str) -> str:
    if snippet := WISTIA_SNIPPET.search(text):
        return f"https://fast.wistia.net/embed/iframe/{snippet.group(1)}"
    if frame := FRAME_SOURCE.search(text):
        source = unescape(frame.group(2)).strip()
        return f"https:{source}" if source.startswith("//") else source
    if link := MARKDOWN_LINK.fullmatch(text):
        text = link.group(1)
    return unescape(text.removeprefix("<").removesuffix(">"))


def _split(text: str) -> Address | None:
    if text.startswith("//"):
        return None
    if WITHOUT_SCHEME.match(text):
        text = f"https://{text}"
    try:
        parts = urlsplit(text)
        port = parts.port
    except ValueError:
        return None
    if "@" in parts.netloc or not _is_web_or_own_path(parts.scheme, parts.netloc, parts.path):
        return None
    host = (parts.hostname or "").removesuffix(".")
    # Written in punycode or not, a name in other letters can look like a provider's.
    if host and (not HOST.fullmatch(host) or "xn--" in host):
        return None
    return Address(
        scheme=parts.scheme,
        host=host,
        port=port,
        path=parts.path,
        query_text=parts.query,
        fragment=parts.fragment,
    )


def _is_web_or_own_path(scheme: str, netloc: str, path: str) -> bool:
    if scheme in ("http", "https"):
        return bool(netloc)
    return not scheme and not netloc and path.startswith("/") and ".." not in unquote(path).split("/")


def _read_start(text: str) -> int:
    if re.fullmatch(r"\d{1,3}(?::\d{2}){1,2}", text, re.ASCII):
        seconds = 0
        for part in text.split(":"):
            seconds = seconds * 60 + int(part)
    elif match := CLOCK.fullmatch(text):
        hours, minutes, rest = (int(part or 0) for part in match.groups())
        seconds = hours * 3600 + minutes * 60 + rest
    else:
        return 0
    return seconds if seconds <= LONGEST_START else 0
