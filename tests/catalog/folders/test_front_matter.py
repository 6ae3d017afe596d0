import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog.folders.front_matter import BadFrontMatter, join_document, split_document

TEXT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"))
PIECES = ["a", " ", "\n", "\t", ":", "#", "- ", "'", '"', "|", "true", "1.5", "---", "\u2028", "\x85", "é"]
TRICKY = st.lists(st.sampled_from(PIECES)).map("".join)
WORD = st.from_regex(r"[a-z_]{1,10}", fullmatch=True)
SCALARS = st.none() | st.booleans() | st.integers(-(10**15), 10**15) | TEXT | TRICKY
FIELDS = st.dictionaries(
    WORD,
    SCALARS | st.lists(SCALARS, max_size=3) | st.dictionaries(WORD, SCALARS, max_size=2),
    max_size=4,
)  # fmt: skip


@given(FIELDS, TEXT | TRICKY)
def test_split_document_reads_what_join_document_writes(fields, body):
    document = split_document(join_document(fields, body))

    assert (document.fields, document.body) == (fields, body)


def test_split_document_reads_words_as_words():
    document = split_document(
        "---\ntitle: no\nclock: 4:12\nday: 2026-05-03\noctal: 010\nyes: True\nrate: 1.5\n---\n\nBody\n"
    )

    assert document.fields == {
        "title": "no", "clock": "4:12", "day": "2026-05-03", "octal": "010", "yes": True, "rate": 1.5,
    }  # fmt: skip
    assert document.lines["octal"] == 5
    assert document.body == "Body"


@pytest.mark.parametrize(
    ("text", "body"),
    [
        ("# Title\n\nText\n", "# Title\n\nText"),
        ("", ""),
        ("---\n---\n", ""),
        ("---\ntitle: a\n---", ""),
        ("---\r\ntitle: a\r\n---\r\n\r\nText\r\nmore\r\n", "Text\nmore"),
        ("---\ntitle: a\n---\nText\r\n\n", "Text\r\n"),
        ("text\n---\nx: 1\n---\n", "text\n---\nx: 1\n---"),
    ],
)
def test_split_document_finds_the_body(text, body):
    assert split_document(text).body == body


@pytest.mark.parametrize(
    ("front", "line", "cause"),
    [
        ("a: 1\na: 2", 3, "“a” stands twice"),
        ("b:\n  a: 1\n  a: 2", 4, "“a” stands twice"),
        ("a: &x 1\nb: *x", 3, "aliases and tags are not allowed"),
        ("a: !!python/object:os.system x", 2, "aliases and tags are not allowed"),
        ("? [1]\n: 2", 2, "a key must be a word"),
        ("- 1\n- 2", 2, "front matter must be lines"),
        ("a: [", 3, "expected the node content"),
        ("a: 1\n b: 2", 3, "mapping values are not allowed"),
        ("a: \x00", 1, "front matter is not YAML"),
        ("a: " + "[" * 3000, 1, "front matter is not YAML"),
        ("a: " + "x" * 70_000, 1, "front matter of more than"),
    ],
)
def test_split_document_refuses_with_the_line(front, line, cause):
    with pytest.raises(BadFrontMatter, match=cause) as caught:
        split_document(f"---\n{front}\n---\n")

    assert caught.value.line == line


@given(TRICKY)
def test_split_document_raises_nothing_but_bad_front_matter(front):
    with contextlib.suppress(BadFrontMatter):
        split_document(f"---\n{front}\n---\nbody")
