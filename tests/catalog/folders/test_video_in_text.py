import pytest

from catalog.folders.video_in_text import take_video

VIDEO = "https://youtu.be/rQYyFxf1FWw"


@pytest.mark.parametrize(
    "alone",
    [
        VIDEO,
        f"<{VIDEO}>",
        f"[Watch this lesson]({VIDEO})",
        f"Video: [Watch this lesson]({VIDEO})",
        f"**Video:** {VIDEO}",
        f"▶ [Watch]({VIDEO})",
        f'<a href="{VIDEO}&amp;list=x">\n  <img src="https://img.example/x.png">\n</a>'.replace("&amp;list=x", ""),
        f'<a href="{VIDEO}"><img src="https://img.example/x.png"></a>',
        f'<iframe src="{VIDEO}" width="5"></iframe>',
        f"[![a](https://img.example/x.png)]({VIDEO})",
    ],
)
def test_take_video_takes_out_a_paragraph_that_is_only_the_video(alone):
    assert take_video(f"Before\n\n{alone}\n\nAfter [two](https://youtu.be/xnGYiWFM2uk)\n") == (
        VIDEO,
        "Before\n\nAfter [two](https://youtu.be/xnGYiWFM2uk)\n",
    )


@pytest.mark.parametrize(
    "text",
    [
        f"Watch [the talk]({VIDEO}) before you start.",
        f"- {VIDEO}\n- more",
        f"> {VIDEO}",
        f"[a]({VIDEO}) [b](https://example.org)",
        f"|a|\n|-|\n|{VIDEO}|",
        f'<div><a href="{VIDEO}">Words</a></div>',
        f'Words <a href="{VIDEO}">x',
        f"## [Part one]({VIDEO})",
    ],
)
def test_take_video_leaves_a_video_among_other_things(text):
    assert take_video(text) == (VIDEO, text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "No link.",
        "[a](https://example.org)",
        f"```\n{VIDEO}\n```",
        "https://www.youtube.com/playlist?list=PL3MmuxUbc",
    ],
)
def test_take_video_finds_none(text):
    assert take_video(text) == ("", text)
