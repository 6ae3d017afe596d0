import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog.captions import MAX_CHARACTERS, BadCaptions, Cue, parse_captions, transcript_of, write_webvtt

WEBVTT = """WEBVTT - A talk
Kind: captions
Language: en

STYLE
::cue { color: red }

NOTE
a remark

intro
00:01.000 --> 00:04.500 align:start position:0%
<v Ada>Hello, <b>and</b> welcome.</v>
Tom &amp; Ada

01:00:00.250 --> 01:00:02.000
a < b <00:01.000><c.loud>loud</c>
"""

SUBRIP = (
    "\ufeff1\r\n00:00:01,000 --> 00:00:02,500\r\n<i>One</i> {\\an8}two\r\n\r\n"
    "2\r\n00:00:03,000 --> 00:00:04,000\r\nThree\r\n"
)


def test_parse_captions_reads_webvtt():
    assert parse_captions(WEBVTT) == [
        Cue(1.0, 4.5, "Hello, and welcome. Tom & Ada"),
        Cue(3600.25, 3602.0, "a < b loud"),
    ]


def test_parse_captions_reads_subrip():
    assert parse_captions(SUBRIP) == [Cue(1.0, 2.5, "One two"), Cue(3.0, 4.0, "Three")]


def test_parse_captions_sorts_by_time_and_skips_empty_cues():
    text = "WEBVTT\n\n00:05.000 --> 00:06.000\nb\n\n00:03.000 --> 00:04.000\n<b></b>\n\n00:01.000 --> 00:02.000\na\n"

    assert [cue.text for cue in parse_captions(text)] == ["a", "b"]


def test_parse_captions_takes_a_cue_right_under_the_header():
    assert parse_captions("WEBVTT\n00:01.000 --> 00:02.000\na") == [Cue(1.0, 2.0, "a")]


@pytest.mark.parametrize(
    ("text", "errors"),
    [
        ("", ((1, "no captions found"),)),
        ("WEBVTT\n", ((1, "no captions found"),)),
        ("WEBVTT\n\nhello", ((3, "a time line like 00:01.000 --> 00:04.000 is missing"),)),
        ("WEBVTT\n\n0:99.000 --> 1:00.000\na", ((3, "the time line is not like 00:01.000 --> 00:04.000"),)),
        ("1\n00:05.000 --> 00:04.000\na", ((2, "the caption ends before it starts"),)),
        ("x\n\ny --> z\na\n\n\nw", (
            (1, "a time line like 00:01.000 --> 00:04.000 is missing"),
            (3, "the time line is not like 00:01.000 --> 00:04.000"),
            (7, "a time line like 00:01.000 --> 00:04.000 is missing"),
        )),
    ],
)  # fmt: skip
def test_parse_captions_names_the_lines_that_are_wrong(text, errors):
    with pytest.raises(BadCaptions) as caught:
        parse_captions(text)

    assert caught.value.errors == errors


def test_parse_captions_refuses_too_much():
    with pytest.raises(BadCaptions, match="longer than"):
        parse_captions(" " * (MAX_CHARACTERS + 1))
    with pytest.raises(BadCaptions, match="more than 20,000 captions"):
        parse_captions("0:01.000 --> 0:02.000\na\n\n" * 20_001)


def test_parse_captions_drops_what_no_database_holds():
    assert parse_captions("0:01.000 --> 0:02.000\na\x00b \u202ec") == [Cue(1.0, 2.0, "a b c")]


def test_parse_captions_keeps_markup_as_text_only():
    cues = parse_captions("0:01.000 --> 0:02.000\n&lt;script&gt;alert(1)&lt;/script&gt;<img src=x onerror=alert(1)>")

    assert [cue.text for cue in cues] == ["<script>alert(1)</script>"]


@given(
    st.text()
    | st.lists(
        st.sampled_from(["WEBVTT", "\n", "\n\n", "00:01.000 --> 00:02.000", "<", "&", "9" * 9, ":", "-->", " "])
    ).map("".join)
)
def test_parse_captions_raises_nothing_but_bad_captions(text):
    with contextlib.suppress(BadCaptions):
        parse_captions(text)


CUES = st.lists(
    st.builds(
        lambda start, length, text: Cue(start / 1000, (start + length) / 1000, text),
        st.integers(0, 10_000_000),
        st.integers(0, 10_000),
        st.text("ab<>&-.é", min_size=1, max_size=20).filter(lambda text: "--" not in text),
    ),
    min_size=1,
    max_size=5,
).map(lambda cues: sorted(cues, key=lambda cue: cue.start))


@given(CUES)
def test_write_webvtt_writes_what_parse_captions_reads(cues):
    assert parse_captions(write_webvtt(cues)) == cues


def test_transcript_of_makes_paragraphs_at_pauses_and_after_long_ones():
    cues = [
        Cue(0, 1, "One"),
        Cue(1, 2, "One"),
        Cue(2, 3, "two."),
        Cue(6, 7, "x" * 400 + "."),
        Cue(7, 8, "Four"),
        Cue(8, 9, "five."),
    ]

    assert transcript_of(cues) == f"One two.\n\n{'x' * 400}.\n\nFour five."


def test_transcript_of_nothing_is_empty():
    assert transcript_of([]) == ""
