"""The one way from authors' Markdown to HTML: parse, highlight, sanitise, then put in the players."""

import re
import secrets
import unicodedata
from collections.abc import Callable, Iterator, MutableMapping, Sequence
from html import escape, unescape
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.token import Token
from markdown_it.utils import OptionsDict
from mdit_py_plugins.footnote import footnote_plugin
from mdit_py_plugins.gfm_autolink import gfm_autolink_plugin
from pygments import highlight
from pygments.formatters.html import HtmlFormatter
from pygments.lexers import get_lexer_by_name
from pygments.util import ClassNotFound

from common.sanitising import DROPPED_WITH_CONTENT, SCHEME, ResolveLink, safe_image_address, sanitise, strip_tags

# Gets the address of a video; returns HTML made by the server, or None if it knows no player for it.
Embed = Callable[[str], str | None]

# Highlighting longer listings costs more than it helps.
HIGHLIGHT_LIMIT = 50_000

SOURCE_LINE = re.compile(r"[^\r\n]*(?:\r\n?|\n)|[^\r\n]+\Z")
RAW_HEADING = re.compile(r"<h([1-6])\b[^>]*>(.*?)</h\1\s*>", re.IGNORECASE | re.DOTALL)
RAW_H1 = re.compile(r"<(/?)h1\b", re.IGNORECASE)
RAW_TABLE = re.compile(r"<table\b[^>]*>", re.IGNORECASE)
RAW_TABLE_END = re.compile(r"</table\s*>", re.IGNORECASE)
RAW_IMAGE_WITHOUT_WORDS = re.compile(r"<img\b(?![^>]*\salt\s*=)", re.IGNORECASE)
RAW_IFRAME = re.compile(r"""<iframe\b[^>]*?\bsrc\s*=\s*["']([^"'<>]+)["'][^>]*>""", re.IGNORECASE)
_DROPPED = "|".join(sorted(DROPPED_WITH_CONTENT | {"plaintext"}))
SWALLOWING = re.compile(rf"<(?=(?:{_DROPPED})\b)", re.IGNORECASE)
# The bound keeps the search linear when nothing closes a thousand opened tags.
SWALLOWING_PAIR = re.compile(rf"<({_DROPPED})\b[^>]*>.{{0,10000}}?</\1\s*>", re.IGNORECASE | re.DOTALL)
# A link around nothing but pictures, which may have no words to be known by.
PICTURE_LINK = re.compile(r"<a\b([^<>]*)>((?:\s|<img\b[^<>]*>)*)</a\s*>", re.IGNORECASE)
WORDS = re.compile(r"""\s(?:alt|aria-label)\s*=\s*(?:"\s*[^"\s]|'\s*[^'\s])""", re.IGNORECASE)
HREF = re.compile(r"""\shref\s*=\s*["']https?://(?:www\.)?([\w.-]+)""", re.IGNORECASE)
TITLE = re.compile(r'\stitle\s*=\s*"\s*([^"]+)"', re.IGNORECASE)
TABLE_START = '<div class="table-scroll" tabindex="0" role="region" aria-label="Table"><table>'
TABLE_END = "</table></div>"


def render_markdown(
    text: str,
    *,
    resolve_link: ResolveLink | None = None,
    resolve_image: ResolveLink | None = None,
    embed: Embed | None = None,
    prefix: str = "h",
) -> str:
    """Return safe HTML.

    `resolve_link` and `resolve_image` see each relative address and return the one to use, or None to drop it.
    `embed` turns the address of a video that stands alone in a paragraph into a player.
    `prefix` starts every id; give another one to a second text on the same page, such as ``h-homework``.
    """
    env: dict[str, Any] = {"docId": prefix}
    tokens = _PARSER.parse(text.replace("\x00", "\ufffd"), env)
    players = _Players(embed)
    _shift_headings(tokens)
    anchors = _add_heading_ids(tokens, prefix)
    _place_players(tokens, players)
    _prepare_raw_html(tokens, players)
    html = _PARSER.renderer.render(tokens, _PARSER.options, env)
    clean = sanitise(
        PICTURE_LINK.sub(_name_picture_link, _name_tables(html, prefix)),
        resolve_link=lambda address: _resolve(address, resolve_link, anchors),
        resolve_image=lambda address: _resolve(address, resolve_image, {}),
    )
    return players.fill_in(clean)


def first_heading(text: str) -> str:
    """Return the first heading as plain text, or ``""``; a raw ``<h1>`` counts too."""
    tokens = _PARSER.parse(text, {})
    for position, token in enumerate(tokens):
        if token.type == "heading_open":
            return inline_text(tokens[position + 1])
        if token.type == "html_block" and (match := RAW_HEADING.search(token.content)):
            return _collapse(strip_tags(match.group(2)))
    return ""


def drop_leading_title(text: str, title: str) -> str:
    """Return the text without its first heading, if that opens the text and only repeats the title  [004]."""
    tokens = _PARSER.parse(text, {})
    if not tokens or tokens[0].type != "heading_open" or tokens[0].map is None:
        return text
    if inline_text(tokens[1]).casefold() != _collapse(title).casefold():
        return text
    return "".join(source_lines(text)[tokens[0].map[1] :]).lstrip("\r\n")


def plain_text(text: str, limit: int | None = None) -> str:
    """Return Markdown or HTML as one line of text, cut after a word so that it has at most `limit` characters."""
    plain = _collapse(strip_tags(render_markdown(text)))
    plain = re.sub(r" (?=[.,;:!?)])", "", plain)
    if limit is None or len(plain) <= limit:
        return plain
    head = plain[: limit - 1]
    return (head.rsplit(" ", 1)[0] if " " in head else head).rstrip(" ,.;:") + "…"


def inline_text(token: Token) -> str:
    """Return what a reader sees of one inline token."""
    parts = [_child_text(child) for child in token.children or []]
    return _collapse("".join(parts))


def source_lines(text: str) -> list[str]:
    """Return the lines as the parser counts them, with their ends; `str.splitlines` knows more ends than Markdown."""
    return SOURCE_LINE.findall(text)


def walk(tokens: Sequence[Token]) -> Iterator[Token]:
    """Yield every token, inline children too, in reading order."""
    for token in tokens:
        yield token
        yield from token.children or []


def parse(text: str) -> list[Token]:
    """Return the tokens of a text, as the renderer sees them."""
    return _PARSER.parse(text, {})


class _Players:
    """The players of one text, kept out of the sanitiser's way.

    Each is marked by an element with an attribute that nobody can guess; the sanitiser writes a quote inside text or
    attributes as an entity, so the mark is found only where a real element stands.
    """

    def __init__(self, embed: Embed | None) -> None:
        self.embed = embed
        self.secret = secrets.token_hex(8)
        self.players: list[str] = []

    def mark(self, address: str) -> str | None:
        player = self.embed(address) if self.embed else None
        if player is None:
            return None
        self.players.append(player)
        return f'<span data-embed="{self.secret}-{len(self.players) - 1}"></span>'

    def fill_in(self, html: str) -> str:
        for number, player in enumerate(self.players):
            html = html.replace(f'<span data-embed="{self.secret}-{number}"></span>', player)
        return html


def _child_text(child: Token) -> str:
    if child.type in ("text", "code_inline", "text_special"):
        return child.content
    if child.type in ("softbreak", "hardbreak"):
        return " "
    return child.content if child.type == "image" else ""


def _collapse(text: str) -> str:
    return " ".join(text.split())


def _shift_headings(tokens: list[Token]) -> None:
    """Move all headings one level down if the author used the level of the page's own title."""
    headings = [token for token in tokens if token.type in ("heading_open", "heading_close")]
    if all(token.tag != "h1" for token in headings):
        return
    for token in headings:
        token.tag = f"h{min(6, int(token.tag[1]) + 1)}"


def _add_heading_ids(tokens: list[Token], prefix: str) -> dict[str, str]:
    """Name the headings and return the fragments that authors may use for them, with the real ones."""
    anchors: dict[str, str] = {}
    for position, token in enumerate(tokens):
        if token.type != "heading_open":
            continue
        name = base = _anchor(inline_text(tokens[position + 1]))
        number = 0
        while f"#{name}" in anchors:
            number += 1
            name = f"{base}-{number}"
        anchors[f"#{name}"] = f"#{prefix}-{name}"
        token.attrSet("id", f"{prefix}-{name}")
    return anchors


def _anchor(title: str) -> str:
    kept = re.sub(r"[^\w\s-]", "", unicodedata.normalize("NFC", title).lower())
    return re.sub(r"\s+", "-", kept.strip())[:60] or "section"


def _place_players(tokens: list[Token], players: _Players) -> None:
    """Replace each paragraph that is nothing but a video's address."""
    for position, token in enumerate(tokens):
        address = _lone_address(token)
        mark = players.mark(address) if address else None
        if mark is None:
            continue
        for around in (position - 1, position + 1):
            tokens[around] = Token("html_block", "", 0, content="")
        tokens[position] = Token("html_block", "", 0, content=mark)


def _lone_address(token: Token) -> str | None:
    children = token.children or []
    types = [child.type for child in children]
    if types == ["link_open", "text", "link_close"] and children[0].info == "auto":
        return str(children[0].attrs["href"])
    return None


def _prepare_raw_html(tokens: Sequence[Token], players: _Players) -> None:
    def player(match: re.Match[str]) -> str:
        return players.mark(unescape(match.group(1)).strip()) or ""

    for token in walk(tokens):
        if token.type not in ("html_block", "html_inline"):
            continue
        named = RAW_IMAGE_WITHOUT_WORDS.sub('<img alt="Picture"', RAW_IFRAME.sub(player, token.content))
        shifted = RAW_H1.sub(r"<\1h2", named)
        wrapped = RAW_TABLE_END.sub(TABLE_END, RAW_TABLE.sub(TABLE_START, shifted))
        # Left open, one of these tags would take the rest of the text with it.
        token.content = SWALLOWING.sub("&lt;", SWALLOWING_PAIR.sub("", wrapped))


def _name_tables(html: str, prefix: str) -> str:
    """Give the tables of a page different names; the second text of a page has a prefix of its own."""
    label = escape(f"{prefix[2:].replace('-', ' ')} table".lstrip().capitalize())
    parts = html.split(TABLE_START)
    starts = [
        TABLE_START.replace('"Table"', f'"{label} {number}"' if len(parts) > 2 else f'"{label}"')
        for number in range(1, len(parts))
    ]
    return parts[0] + "".join(start + part for start, part in zip(starts, parts[1:], strict=True))


def _name_picture_link(match: re.Match[str]) -> str:
    """Say where a link leads when its pictures do not."""
    attributes, pictures = match.groups()
    if not pictures.strip() or WORDS.search(attributes + pictures):
        return match.group()
    known = TITLE.search(pictures) or HREF.search(attributes)
    label = escape(unescape(known.group(1))) if known else "Picture"
    return f'<a{attributes} aria-label="{label}">{pictures}</a>'


def _resolve(address: str, resolve: ResolveLink | None, anchors: dict[str, str]) -> str | None:
    if address.startswith("#"):
        return anchors.get(address.lower(), address)
    if resolve is None or address.startswith("/") or SCHEME.match(address):
        return address
    return resolve(address)


def _render_fence(
    _renderer: RendererHTML, tokens: Sequence[Token], index: int, _options: OptionsDict, _env: MutableMapping[str, Any]
) -> str:
    token = tokens[index]
    language = (unescape(token.info).split() or [""])[0]
    name = f' class="language-{escape(language)}"' if language else ""
    code = _highlighted(token.content, language)
    return f'<div class="highlight"><pre tabindex="0"><code{name}>{code}</code></pre></div>\n'


def _highlighted(code: str, language: str) -> str:
    if not language or len(code) > HIGHLIGHT_LIMIT:
        return escape(code)
    try:
        lexer = get_lexer_by_name(language, stripnl=False)
    except ClassNotFound:
        return escape(code)
    return str(highlight(code, lexer, _FORMATTER))


def _render_list_item(
    _renderer: RendererHTML, tokens: Sequence[Token], index: int, _options: OptionsDict, _env: MutableMapping[str, Any]
) -> str:
    """Show a task as a sign: a disabled checkbox is a form control without a name."""
    done = tokens[index].meta.get("checked")
    if done is None:
        return "<li>"
    return f'<li class="task-list-item">{"☑" if done else "☐"} '


def _render_cell(
    _renderer: RendererHTML, tokens: Sequence[Token], index: int, _options: OptionsDict, _env: MutableMapping[str, Any]
) -> str:
    """Write the alignment as an attribute: the parser writes an inline style, which our CSP forbids."""
    token = tokens[index]
    if token.type == "th_open" and not tokens[index + 1].content.strip():
        token.tag = tokens[index + 2].tag = "td"  # a heading without words is none
    side = str(token.attrs.get("style", "")).removeprefix("text-align:")
    scope = ' scope="col"' if token.tag == "th" else ""
    return f'<{token.tag}{scope} align="{side}">' if side else f"<{token.tag}{scope}>"


def _render_image(
    renderer: RendererHTML, tokens: Sequence[Token], index: int, options: OptionsDict, env: MutableMapping[str, Any]
) -> str:
    """Show the words of an image that may not be loaded, instead of a broken image."""
    token = tokens[index]
    source = str(token.attrs.get("src", ""))
    if SCHEME.match(source) and safe_image_address(source) is None:
        return escape(inline_text(token))
    return renderer.image(tokens, index, options, env)


def _make_parser() -> MarkdownIt:
    parser = MarkdownIt("commonmark", {"html": True, "alerts": True, "tasklists": True})
    parser.enable(["table", "strikethrough"]).use(footnote_plugin, inline=False).use(gfm_autolink_plugin)
    parser.add_render_rule("fence", _render_fence)
    parser.add_render_rule("code_block", _render_fence)
    parser.add_render_rule("list_item_open", _render_list_item)
    parser.add_render_rule("th_open", _render_cell)
    parser.add_render_rule("td_open", _render_cell)
    parser.add_render_rule("image", _render_image)
    parser.add_render_rule("table_open", lambda *_arguments: TABLE_START + "\n")
    parser.add_render_rule("table_close", lambda *_arguments: TABLE_END + "\n")
    return parser


_FORMATTER: HtmlFormatter[str] = HtmlFormatter(nowrap=True)
_PARSER = _make_parser()
