import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from common.markdown import drop_leading_title, first_heading, plain_text, render_markdown


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("plain *em* **strong** ~~gone~~", "<p>plain <em>em</em> <strong>strong</strong> <s>gone</s></p>\n"),
        ("a & b < c", "<p>a &amp; b &lt; c</p>\n"),
        (
            "[x](https://example.org/?a=1&b=2)",
            '<p><a href="https://example.org/?a=1&amp;b=2" rel="noopener">x</a></p>\n',
        ),
        (
            "see https://example.org.",
            '<p>see <a href="https://example.org" rel="noopener">https://example.org</a>.</p>\n',
        ),
        (
            "- [x] done\n- [ ] open",
            (
                '<ul class="contains-task-list">\n<li class="task-list-item">☑ done</li>\n'
                '<li class="task-list-item">☐ open</li>\n</ul>\n'
            ),
        ),
        (
            "> [!NOTE]\n> hi",
            (
                '<div class="markdown-alert markdown-alert-note">\n<p class="markdown-alert-title">Note</p>'
                "\n<p>hi</p>\n</div>\n"
            ),
        ),
        (
            "<details><summary>More</summary>\n\ntext\n\n</details>",
            "<details><summary>More</summary>\n<p>text</p>\n</details>",
        ),
        ("", ""),
    ],
)
def test_render_markdown_writes_ordinary_html(text, html):
    assert render_markdown(text) == html


def test_render_markdown_nests_lists():
    html = render_markdown("- a\n  - b\n    1. c\n    2. d\n- e\n")

    assert html.count("<ul>") == 2
    assert "<ol>\n<li>c</li>\n<li>d</li>\n</ol>" in html


def test_render_markdown_puts_tables_in_a_scroll_box_that_takes_focus():
    html = render_markdown("|a|b|\n|-:|-|\n|1|`<i>`|\n")

    assert html.startswith('<div class="table-scroll" tabindex="0" role="region" aria-label="Table"><table>')
    assert '<th scope="col" align="right">a</th>' in html
    assert "<td><code>&lt;i&gt;</code></td>" in html
    assert "style" not in html


def test_render_markdown_wraps_a_raw_table_too():
    html = render_markdown("<table border=1><tr><td>x</td></tr></table>")

    assert html.count('class="table-scroll"') == 1
    assert html.endswith("</table></div>")


def test_render_markdown_highlights_code_by_classes():
    html = render_markdown('```python\nx = "<script>"\n```')

    assert html.startswith('<div class="highlight"><pre tabindex="0"><code class="language-python">')
    assert '<span class="s2">"&lt;script&gt;"</span>' in html


@pytest.mark.parametrize("info", ["mermaid", "nonsense", 'x" onclick="y', "", "python3.99"])
def test_render_markdown_shows_code_of_an_unknown_language_as_it_is(info):
    html = render_markdown(f"```{info}\ngraph <b>\n```")

    assert "graph &lt;b&gt;\n</code></pre></div>" in html
    assert "onclick=" not in html


def test_render_markdown_shows_very_long_code_without_colours():
    html = render_markdown("```python\n" + "x = 1\n" * 10_000 + "```")

    assert "<span" not in html
    assert html.count("x = 1") == 10_000


@pytest.mark.parametrize(
    ("text", "tags"),
    [
        ("# A\n\n## B\n\n###### C", ["<h2 ", "<h3 ", "<h6 "]),
        ("## A\n\n### B", ["<h2 ", "<h3 "]),
        ("<h1>A</h1>", ["<h2>A</h2>"]),
    ],
)
def test_render_markdown_leaves_the_first_level_to_the_page(text, tags):
    html = render_markdown(text)

    assert "<h1" not in html
    assert all(tag in html for tag in tags)


def test_render_markdown_gives_headings_ids_of_their_own():
    html = render_markdown("## Über `x` & y\n\n## Same\n\n## Same\n\n## !?\n\n[up](#same-1)")

    assert [part.split('"')[0] for part in html.split('id="')[1:]] == ["h-über-x-y", "h-same", "h-same-1", "h-section"]
    assert '<a href="#h-same-1" rel="noopener">up</a>' in html


def test_render_markdown_starts_all_ids_with_the_prefix():
    html = render_markdown("## A\n\nx[^1]\n\n[^1]: y", prefix="h-homework")

    assert 'id="h-homework-a"' in html
    assert 'id="fnref-h-homework-1"' in html
    assert 'href="#fn-h-homework-1"' in html


def test_render_markdown_asks_for_relative_links_only():
    seen = []
    text = "[a](02-b.md) [b](/x/) [c](https://example.org) [d](#e) <a href='../code/'>f</a>"

    render_markdown(text, resolve_link=seen.append)

    assert seen == ["02-b.md", "../code/"]


def test_render_markdown_writes_the_resolved_link():
    assert render_markdown("[a](b.md)", resolve_link=lambda address: "/courses/c/b/") == (
        '<p><a href="/courses/c/b/" rel="noopener">a</a></p>\n'
    )


@pytest.mark.parametrize("answer", [None, "javascript:alert(1)", "//evil.example", "/\\evil.example"])
def test_render_markdown_keeps_the_words_of_a_link_that_leads_nowhere(answer):
    assert render_markdown("[a](b.md)", resolve_link=lambda address: answer) == ('<p><a rel="noopener">a</a></p>\n')


@pytest.mark.parametrize(
    ("source", "shown"),
    [
        ("https://example.org/a.png", '<img src="https://example.org/a.png" alt="An eye"'),
        ("/media/a.png", '<img src="/media/a.png" alt="An eye"'),
        ("files/a.png", '<img src="/media/a.png" alt="An eye"'),
        ("http://example.org/a.png", "<p>An eye</p>"),
        ("data:image/png;base64,AAAA", "<p>An eye</p>"),
    ],
)
def test_render_markdown_loads_images_from_https_and_from_here_only(source, shown):
    html = render_markdown(f"![An *eye*]({source})", resolve_image=lambda address: "/media/a.png")

    assert shown in html
    assert ('loading="lazy"' in html) == ("<img" in html)


def test_render_markdown_gives_raw_pictures_words():
    html = render_markdown('<a href="/x/"><img src="/a.png"></a> <img alt="" src="/b.png">')

    assert 'alt="Picture" src="/a.png"' in html
    assert 'alt="" src="/b.png"' in html


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("[![](/a.png)](https://www.example.org/x)", "example.org"),
        ('<a href="https://example.org"><img alt="" src="/a.png"> <img alt=" " src="/b.png"></a>', "example.org"),
        ("[![](/a.png)](/b/)", "Picture"),
        ('[![](/a.png "An &quot;eye&quot;")](https://example.org)', "An &quot;eye&quot;"),
        ("[![ ](/a.png)](#part)", "Picture"),
    ],
)
def test_render_markdown_names_links_around_pictures_without_words(text, label):
    assert f' aria-label="{label}"' in render_markdown(text)


@pytest.mark.parametrize(
    "text",
    [
        "[![An eye](/a.png)](/b/)",
        "[![](/a.png) words](/b/)",
        "[](/b/)",
        "![](/a.png)",
        '`<a href="/b/"><img alt="" src="/a.png"></a>`',
    ],
)
def test_render_markdown_leaves_other_links_their_names(text):
    assert "aria-label" not in render_markdown(text)


def test_render_markdown_makes_no_heading_of_an_empty_cell():
    html = render_markdown("||a|\n|-|-|\n|x|y|\n")

    assert '<tr>\n<td></td>\n<th scope="col">a</th>\n</tr>' in html


def test_render_markdown_gives_tables_different_names():
    table = "|a|\n|-|\n|b|\n\n"

    two = render_markdown(table + "<table><tr><td>x</td></tr></table>\n")
    homework = render_markdown(table, prefix="h-homework")

    assert re.findall('aria-label="(.*?)"', two) == ["Table 1", "Table 2"]
    assert re.findall('aria-label="(.*?)"', homework) == ["Homework table"]


def test_render_markdown_turns_a_lone_video_address_into_a_player():
    html = render_markdown("Before\n\nhttps://v.example/1?a=1&b=2\n\nAfter", embed=lambda address: f"<b>{address}</b>")

    assert html == "<p>Before</p>\n<b>https://v.example/1?a=1&b=2</b><p>After</p>\n"


@pytest.mark.parametrize(
    "text",
    ["see https://v.example/1", "[x](https://v.example/1)", "`https://v.example/1`", "https://v.example/1\nmore"],
)
def test_render_markdown_leaves_other_addresses_alone(text):
    assert "PLAYER" not in render_markdown(text, embed=lambda address: "PLAYER")


def test_render_markdown_asks_embed_about_frames():
    text = '<iframe width="9" src="https://v.example/1?a=1&amp;b=2" onload="x"></iframe>\n\n<iframe src="https://evil.example"></iframe>'

    html = render_markdown(text, embed=lambda address: "PLAYER " + address if "v.example" in address else None)

    assert html.strip() == "PLAYER https://v.example/1?a=1&b=2"


def test_render_markdown_keeps_players_out_of_attributes():
    html = render_markdown(
        '<div title="\n\nhttps://v.example/1\n\n<script>alert(1)</script>">x</div>', embed=lambda a: '<i c="d">'
    )

    assert '<i c="d">' not in html or "title" not in html
    assert "<script" not in html


def test_render_markdown_shows_an_unclosed_tag_that_would_swallow_the_rest():
    assert render_markdown("Write a <script> tag.\n\nThe *rest*.") == (
        "<p>Write a &lt;script&gt; tag.</p>\n<p>The <em>rest</em>.</p>\n"
    )


def test_render_markdown_replaces_nul():
    assert render_markdown("a\x00b") == "<p>a\ufffdb</p>\n"


@pytest.mark.parametrize(
    ("text", "heading"),
    [
        ("# One\n## Two", "One"),
        ("text\n\nOne `two` *three*\n===", "One two three"),
        ('<div align="center">\n\n<img src="x">\n\n<h1>A &amp; <b>B</b></h1>\n\n</div>', "A & B"),
        ("```\n# no\n```", ""),
        ("", ""),
    ],
)
def test_first_heading(text, heading):
    assert first_heading(text) == heading


@pytest.mark.parametrize(
    ("text", "rest"),
    [
        ("# The title\n\nText\n", "Text\n"),
        ("\n##  the  TITLE #\nText", "Text"),
        ("The *title*\n=========\n\nText", "Text"),
        ("# Another\n\nText", "# Another\n\nText"),
        ("Text\n\n# The title\n", "Text\n\n# The title\n"),
        ("# The title", ""),
        ("", ""),
    ],
)
def test_drop_leading_title_drops_only_the_same_title_at_the_top(text, rest):
    assert drop_leading_title(text, "The title") == rest


@pytest.mark.parametrize(
    ("text", "limit", "plain"),
    [
        ("# Hi\n\nOne *two*, [three](x).\n\n- four", None, "Hi One two, three. four"),
        ("<p>One</p><p>two &amp; three</p><script>x</script>", None, "One two & three"),
        ("```python\nf(x)\n```", None, "f(x)"),
        ("one two three", 13, "one two three"),
        ("one two three four", 13, "one two…"),
        ("abcdefghij", 5, "abcd…"),
    ],
)
def test_plain_text(text, limit, plain):
    assert plain_text(text, limit) == plain


@given(st.text(alphabet=st.sampled_from("ab#*_`~[](){}<>!|-+=\"'\\/:&\n\t 1.^"), max_size=200))
@settings(max_examples=200, deadline=None)
def test_render_markdown_takes_any_text(text):
    html = render_markdown(text, embed=lambda address: None)

    assert "<script" not in html
    assert isinstance(drop_leading_title(text, "a") + first_heading(text) + plain_text(text, 20), str)
