"""The video of a lesson that is only a Markdown text: its first link to one."""

import re
from collections.abc import Iterator
from html import unescape

from markdown_it.token import Token

from catalog.video_links import parse_video_url
from common.markdown import inline_text, parse, source_lines
from common.sanitising import strip_tags

RAW_ADDRESS = re.compile(
    r"""<(?:a|iframe|video|source)\b[^>]*?\s(?:href|src)\s*=\s*["']([^"'<>]+)["']""", re.IGNORECASE
)
# Words that only announce the video; the player says as much.
ANNOUNCEMENT = re.compile(r"\W*(?:video|watch|watch it|recording|lecture)?\W*", re.IGNORECASE)


def take_video(text: str) -> tuple[str, str]:
    """Return the address of the first video and the text; a paragraph that is nothing but that link is taken out."""
    before_token = ""
    for token in parse(text):
        opened_by, before_token = before_token, token.type
        address = next((found for found in _addresses(token) if parse_video_url(found)), "")
        if not address:
            continue
        if not token.map or opened_by == "heading_open" or not _stands_alone(token):
            return address, text
        lines = source_lines(text)
        before, after = "".join(lines[: token.map[0]]), "".join(lines[token.map[1] :])
        return address, (before + after.lstrip("\n")).lstrip("\n")
    return "", text


def _addresses(token: Token) -> Iterator[str]:
    if token.type == "html_block":
        yield from map(unescape, RAW_ADDRESS.findall(token.content))
    for child in token.children or []:
        if child.type == "link_open":
            yield str(child.attrs.get("href", ""))
        elif child.type == "html_inline":
            yield from map(unescape, RAW_ADDRESS.findall(child.content))


def _stands_alone(token: Token) -> bool:
    """Whether a top-level paragraph or HTML block holds one link and no words but an announcement of it."""
    if token.type == "html_block":
        one = len(RAW_ADDRESS.findall(token.content)) == 1
        return token.level == 0 and one and not strip_tags(token.content).strip()
    children = token.children or []
    starts = [index for index, child in enumerate(children) if _opens_link(child)]
    if token.level != 1 or len(starts) != 1:
        return False
    end = next((index for index, child in enumerate(children) if index > starts[0] and _closes_link(child)), None)
    if end is None:
        return False
    around = Token("inline", "", 0, children=[*children[: starts[0]], *children[end + 1 :]])
    return ANNOUNCEMENT.fullmatch(inline_text(around)) is not None


def _opens_link(child: Token) -> bool:
    return child.type == "link_open" or (
        child.type == "html_inline" and child.content.lower().startswith(("<a ", "<iframe"))
    )


def _closes_link(child: Token) -> bool:
    return child.type == "link_close" or (
        child.type == "html_inline" and child.content.lower().startswith(("</a", "</iframe"))
    )
