"""Addresses inside Markdown source: found outside code, and replaced without touching anything else."""

import posixpath
import re
from collections.abc import Callable, Iterator
from html import escape, unescape
from urllib.parse import quote, unquote, urlsplit

from common.markdown import parse, source_lines
from common.sanitising import SCHEME

# Gets an address and whether it is an image's; returns the address to write, or None to keep only the words.
Rewrite = Callable[[str, bool], str | None]

TARGET = re.compile(
    r"""(?P<code>(?<!`)(?P<ticks>`+)(?!`)(?:[^`]|(?!(?P=ticks)(?!`))`+)*?(?<!`)(?P=ticks)(?!`))"""
    r"""|\]\([ \t]*(?P<angle><)?(?P<address>(?(angle)[^<>\n]+|[^\s()<>]+(?:\([^\s()]*\)[^\s()<>]*)*))(?(angle)>)"""
    r"""(?P<title>\s+(?:"[^"\n]*"|'[^'\n]*'))?[ \t]*\)"""
)
DEFINITION = re.compile(r"^(?P<before> {0,3}\[[^\]\n]+\]:[ \t]*)<?(?P<address>[^\s<>]+)>?", re.MULTILINE)
TAG = re.compile(r"<(?P<name>a|img)\b[^<>]*>", re.IGNORECASE)
ATTRIBUTE = re.compile(r"""\s(?:href|src)\s*=\s*(?P<quote>["'])(?P<address>[^"'<>]*)(?P=quote)""", re.IGNORECASE)
ALTERNATIVE = re.compile(r"""\salt\s*=\s*(?P<quote>["'])(?P<text>.*?)(?P=quote)""", re.IGNORECASE | re.DOTALL)
BLANK_LINES = re.compile(r"(\n[ \t]*\n)")


def rewrite_links(text: str, rewrite: Rewrite) -> str:
    """Return the text with every link and image address passed through `rewrite`; code stays as it is."""
    return "".join(part if is_code else _rewrite_prose(part, rewrite) for part, is_code in _parts(text))


def course_address(slug: str) -> str:
    """Return the address of a course's page; a lesson's begins with it."""
    return f"/courses/{slug}/"


def relative_path(address: str, directory: str) -> tuple[str, str] | None:
    """Return the path in the folder that a relative address points to, and its fragment.

    None for addresses of other sites, of this site, within the page, or outside the folder. A path of ``""`` is the
    folder's root.
    """
    if not address or address.startswith(("/", "#", "?", "\\")) or SCHEME.match(address):
        return None
    parts = urlsplit(address)
    path = posixpath.normpath(posixpath.join(directory, unquote(parts.path)))
    if path == ".." or path.startswith(("../", "/")):
        return None
    return "" if path == "." else path, parts.fragment


def relative_address(path: str, directory: str) -> str:
    """Return the address by which a file in `directory` points to `path`; the reverse of `relative_path`."""
    return quote(posixpath.relpath(path, directory or "."))


def _parts(text: str) -> Iterator[tuple[str, bool]]:
    """Yield the text in pieces: blocks of code, and the rest."""
    lines = source_lines(text)
    done = 0
    for token in parse(text):
        if token.type in ("fence", "code_block") and token.map and token.map[0] >= done:
            start, end = token.map
            yield "".join(lines[done:start]), False
            yield "".join(lines[start:end]), True
            done = end
    yield "".join(lines[done:]), False


def _rewrite_prose(text: str, rewrite: Rewrite) -> str:
    # Paragraph by paragraph: a bracket never reaches over an empty line, and the work stays linear.
    return "".join(
        part if BLANK_LINES.fullmatch(part) else _rewrite_paragraph(part, rewrite) for part in BLANK_LINES.split(text)
    )


def _rewrite_paragraph(text: str, rewrite: Rewrite) -> str:
    return _rewrite_tags(_rewrite_definitions(_rewrite_inline(text, rewrite), rewrite), rewrite)


def _rewrite_inline(text: str, rewrite: Rewrite) -> str:
    position = 0
    while match := TARGET.search(text, position):
        start = None if match["code"] else _opening_bracket(text, match.start())
        if start is None:
            position = match.end()
            continue
        is_image = start > 0 and text[start - 1] == "!"
        new = rewrite(match["address"], is_image)
        words = text[start + 1 : match.start()]
        if new is None:
            start, replacement = start - is_image, words
        elif new == match["address"]:
            replacement = text[start : match.end()]
        else:
            replacement = f"[{words}]({new}{match['title'] or ''})"
        text = text[:start] + replacement + text[match.end() :]
        position = start + len(replacement)
    return text


def _opening_bracket(text: str, closing: int) -> int | None:
    depth = 0
    for position in range(closing, -1, -1):
        if position and text[position - 1] == "\\":
            continue
        if text[position] == "]":
            depth += 1
        elif text[position] == "[":
            depth -= 1
            if depth == 0:
                return position
    return None


def _rewrite_definitions(text: str, rewrite: Rewrite) -> str:
    def replace(match: re.Match[str]) -> str:
        new = rewrite(match["address"], False)
        return match.group() if new in (None, match["address"]) else f"{match['before']}{new}"

    return DEFINITION.sub(replace, text)


def _rewrite_tags(text: str, rewrite: Rewrite) -> str:
    def replace(match: re.Match[str]) -> str:
        tag = match.group()
        found = ATTRIBUTE.search(tag)
        if found is None:
            return tag
        is_image = match["name"].lower() == "img"
        address = unescape(found["address"])
        new = rewrite(address, is_image)
        if new == address:
            return tag
        if new is None and is_image:
            words = ALTERNATIVE.search(tag)
            return words["text"] if words else ""
        written = "" if new is None else f' {"src" if is_image else "href"}="{escape(new)}"'
        return tag[: found.start()] + written + tag[found.end() :]

    return TAG.sub(replace, text)
