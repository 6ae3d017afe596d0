"""The allow-list that all HTML made from authors' text passes through."""

import re
from collections.abc import Callable
from html import unescape

import nh3

# Gets an address as written; returns the address to use, or None for "no link".
ResolveLink = Callable[[str], str | None]

LINK_SCHEMES = {"http", "https", "mailto", "tel"}
SCHEME = re.compile(r"[a-zA-Z][a-zA-Z0-9+.-]*:")
# Browsers read a backslash as a slash and skip control characters, so addresses with either are never what they seem.
DECEIVING = re.compile(r"[\x00-\x20\x7f\\]")

TAGS = {
    "a", "abbr", "b", "blockquote", "br", "cite", "code", "dd", "del", "details", "dfn", "div", "dl", "dt", "em",
    "figcaption", "figure", "h2", "h3", "h4", "h5", "h6", "hr", "i", "img", "ins", "kbd", "li", "mark", "ol", "p",
    "pre", "q", "s", "samp", "section", "small", "span", "strong", "sub", "summary", "sup", "table", "tbody", "td",
    "tfoot", "th", "thead", "tr", "u", "ul", "var",
}  # fmt: skip
# Of these the content goes too: it is code, or text nobody was meant to read.
DROPPED_WITH_CONTENT = {
    "applet", "audio", "canvas", "embed", "iframe", "math", "noembed", "noframes", "noscript", "object", "script",
    "select", "style", "svg", "template", "textarea", "title", "video", "xmp",
}  # fmt: skip

ALIGNED = {"align": {"left", "center", "right"}}
ALIGNED_TAGS = ("div", "h2", "h3", "h4", "p", "td", "th", "tr")
ATTRIBUTES = {
    "*": {"id", "class", "lang", "dir"},
    "a": {"href", "aria-label"},
    "abbr": {"title"},
    "details": {"open"},
    "div": {"tabindex", "role", "aria-label"},
    "img": {"src", "alt", "title", "width", "height"},
    "ol": {"start"},
    "span": {"data-embed"},
    "td": {"colspan", "rowspan"},
    "th": {"colspan", "rowspan", "scope"},
}

# Only classes that our own renderer writes. An author who could use the site's classes could cover the page.
CLASSES = {
    "contains-task-list", "footnote-backref", "footnote-item", "footnote-ref", "footnotes", "footnotes-list",
    "footnotes-sep", "highlight", "markdown-alert", "markdown-alert-caution", "markdown-alert-important",
    "markdown-alert-note", "markdown-alert-tip", "markdown-alert-title", "markdown-alert-warning", "table-scroll",
    "task-list-item",
}  # fmt: skip
PYGMENTS_CLASS = re.compile(r"[a-z][a-z0-9]{0,2}")
LANGUAGE_CLASS = re.compile(r"language-[a-zA-Z0-9_+#.-]{1,30}")

# Words on both sides of such a tag are words of their own.
BLOCK_TAG = re.compile(
    r"<(?=/?(?:blockquote|br|d[dlt]|details|div|fig|h[1-6r]|img|li|ol|p|pre|section|summary|t[dhr]|table|ul)\b)",
    re.IGNORECASE,
)

VALUE_PATTERNS = {
    "data-embed": re.compile(r"[0-9a-f]{16}-\d+"),
    "colspan": re.compile(r"[1-9]\d?"),
    "dir": re.compile(r"ltr|rtl|auto"),
    "height": re.compile(r"\d{1,4}"),
    "id": re.compile(r"(?:h|fn|fnref)-[\w.:-]{1,100}"),
    "lang": re.compile(r"[a-zA-Z-]{2,20}"),
    "role": re.compile(r"region"),
    "rowspan": re.compile(r"[1-9]\d?"),
    "scope": re.compile(r"col|row|colgroup|rowgroup"),
    "start": re.compile(r"\d{1,6}"),
    "tabindex": re.compile(r"0"),
    "width": re.compile(r"\d{1,4}%?"),
}


def sanitise(html: str, *, resolve_link: ResolveLink, resolve_image: ResolveLink) -> str:
    """Return the harmless part of `html`.

    The two functions see every address, also those in raw HTML; what they return is checked again.
    """

    def keep(tag: str, name: str, value: str) -> str | None:
        if name == "href":
            return safe_address(resolve_link(value))
        if name == "src":
            return safe_image_address(resolve_image(value))
        if name == "class":
            return _allowed_classes(tag, value)
        pattern = VALUE_PATTERNS.get(name)
        return value if pattern is None or pattern.fullmatch(value) else None

    return nh3.clean(
        html,
        tags=TAGS,
        clean_content_tags=DROPPED_WITH_CONTENT,
        attributes=ATTRIBUTES,
        attribute_filter=keep,
        link_rel="noopener",
        tag_attribute_values=dict.fromkeys(ALIGNED_TAGS, ALIGNED),
        set_tag_attribute_values={
            # One each: nh3 writes several in no fixed order, and equal text must give equal HTML.
            "img": {"loading": "lazy"},
            "pre": {"tabindex": "0"},
        },
        url_schemes=LINK_SCHEMES,
    )


def strip_tags(html: str) -> str:
    """Return the text of `html`, without tags and without what scripts and styles hold."""
    text = nh3.clean(BLOCK_TAG.sub(" <", html), tags=set(), attributes={}, clean_content_tags=DROPPED_WITH_CONTENT)
    return unescape(text)


def safe_address(address: str | None) -> str | None:
    """Return the address if a link may carry it: http, https, mailto, tel, a path or a fragment of this site."""
    if not address or DECEIVING.search(address) or address.startswith("//"):
        return None
    scheme = SCHEME.match(address)
    if scheme and scheme.group()[:-1].lower() not in LINK_SCHEMES:
        return None
    return address


def safe_image_address(address: str | None) -> str | None:
    """Return the address if it is https or a path of this site: nothing else may be loaded by a page."""
    safe = safe_address(address)
    return safe if safe and (safe.startswith("/") or safe[:8].lower() == "https://") else None


def _allowed_classes(tag: str, value: str) -> str | None:
    names = [name for name in value.split() if _is_allowed_class(tag, name)]
    return " ".join(names) or None


def _is_allowed_class(tag: str, name: str) -> bool:
    if tag == "span":
        return PYGMENTS_CLASS.fullmatch(name) is not None
    if tag == "code":
        return LANGUAGE_CLASS.fullmatch(name) is not None
    return name in CLASSES
