import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog.folders.links import relative_address, relative_path, rewrite_links


def marked(address, is_image):
    return f"/I/{address}" if is_image else f"/L/{address}"


@pytest.mark.parametrize(
    ("text", "rewritten"),
    [
        ("[a](b.md)", "[a](/L/b.md)"),
        ('[a]( <b.md> "t" )', '[a](/L/b.md "t")'),
        ("![a](b.png)", "![a](/I/b.png)"),
        ("[![a](b.png)](c.md)", "[![a](/I/b.png)](/L/c.md)"),
        ("[`x.py`](b.md)", "[`x.py`](/L/b.md)"),
        ("[long\ntext](b.md)", "[long\ntext](/L/b.md)"),
        ("[a](b_(c).md)", "[a](/L/b_(c).md)"),
        ("`[a](b.md)` ``[a](b.md) ` ``", "`[a](b.md)` ``[a](b.md) ` ``"),
        ("```\n[a](b.md)\n```\n[a](b.md)", "```\n[a](b.md)\n```\n[a](/L/b.md)"),
        ("- x\n\n  ```\n  [a](b.md)\n  ```\n", "- x\n\n  ```\n  [a](b.md)\n  ```\n"),
        ("    [a](b.md)\n\n[a](b.md)", "    [a](b.md)\n\n[a](/L/b.md)"),
        ("```\n[a](b.md)", "```\n[a](b.md)"),
        ("[a]: b.md 'T'", "[a]: /L/b.md 'T'"),
        ("<a class='x' href='b.md'>", "<a class='x' href=\"/L/b.md\">"),
        ('<img src="b.png"> <a name="x">', '<img src="/I/b.png"> <a name="x">'),
        ("](b.md) \\[a](b.md) a](b.md)", "](b.md) \\[a](b.md) a](b.md)"),
        ("[open\n\n](b.md)", "[open\n\n](b.md)"),
    ],
)
def test_rewrite_links_rewrites_links_and_nothing_else(text, rewritten):
    assert rewrite_links(text, marked) == rewritten


@pytest.mark.parametrize(
    ("text", "rewritten"),
    [
        ("see [the *code*](code/) and ![a pic](x.png)", "see the *code* and a pic"),
        ("[![in](i.png)](o.md)", "in"),
        ("[a]: b.md", "[a]: b.md"),
        ('<a href="b.md">w</a> <img src="x.png" alt="a pic"> <img src="y.png">', "<a>w</a> a pic "),
    ],
)
def test_rewrite_links_keeps_the_words_of_dropped_links(text, rewritten):
    assert rewrite_links(text, lambda address, is_image: None) == rewritten


MARKDOWN = st.lists(
    st.sampled_from(["[a](b.md)", "![a](b)", "`", "```\n", "\n", "\n\n", "    ", "- ", "> ", "<a href='x'>",
         "[", "]", "(", ")", "\\", "\r\n", "[r]: x", "\t", "é", "\u2028", "<!--"]),
    max_size=20,
).map("".join)  # fmt: skip


@given(MARKDOWN | st.text())
def test_rewrite_links_changes_nothing_when_nothing_is_to_change(text):
    assert rewrite_links(text, lambda address, is_image: address) == text


@pytest.mark.parametrize(
    ("address", "found"),
    [
        ("b.md", ("m/lessons/b.md", "")),
        ("../", ("m", "")),
        ("../../", ("", "")),
        ("../../x/a%20b.md#part", ("x/a b.md", "part")),
        ("b.md?x=1", ("m/lessons/b.md", "")),
        ("../../../etc/passwd", None),
        ("..%2f..%2f..%2fetc", None),
        ("/etc/passwd", None),
        ("//evil.example/x", None),
        ("https://x.example/a.md", None),
        ("mailto:a@b.example", None),
        ("javascript:x", None),
        ("#part", None),
        ("", None),
        ("\\\\x", None),
        ("[::1/x", ("m/lessons/[::1/x", "")),
    ],
)
def test_relative_path_stays_inside_the_folder(address, found):
    assert relative_path(address, "m/lessons") == found


@pytest.mark.parametrize("directory", ["", "01-a", "01-a/b"])
def test_relative_address_is_the_reverse_of_relative_path(directory):
    address = relative_address("files/a b (1).png", directory)

    assert relative_path(address, directory) == ("files/a b (1).png", "")


@given(
    st.text()
    | st.lists(st.sampled_from(["a", "/", "..", ".", "[", "]", "#", "?", "%2f", "%00", ":", "\u2100"])).map("".join)
)
def test_relative_path_never_leaves_the_folder(address):
    found = relative_path(address, "m")

    assert found is None or (found[0].split("/")[0] != ".." and not found[0].startswith("/"))
