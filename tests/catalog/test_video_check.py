"""What the editor says about a pasted address: four answers, and T94 refused."""

import pytest

from catalog.video_check import check_video

YOUTUBE = "https://www.youtube.com/watch?v=dQw4w9WgXcQ"
DRIVE = "https://drive.google.com/file/d/1AbCdEfGhIjKlMnOpQrStUvWxYz012345/view"
LOOM = "https://www.loom.com/share/0281766fa2d04bb788eaf19e65135184"
LINK = "Not a video address we know: shown as a link"


@pytest.mark.parametrize(
    ("pasted", "verdict", "says"),
    [
        ("https://vimeo.com/76979871", "tracked", "Vimeo · progress tracked"),
        (f"  {YOUTUBE}\n", "tracked", "YouTube · progress tracked"),
        ("https://media.example.com/a.mp4", "tracked", "Video file · progress tracked"),
        ("/media/films/a.mp4", "tracked", "Video file · progress tracked"),
        (DRIVE, "untracked", "Google Drive: progress cannot be tracked"),
        (LOOM, "untracked", "Loom: progress cannot be tracked"),
        ("https://fast.wistia.net/embed/iframe/j38ihh83m5", "untracked", "Wistia: progress cannot be tracked"),
        ("https://example.com/films/7", "link", LINK),
        ("http://example.com", "link", LINK),
        ("https://www.youtube.com/playlist?list=PL3", "link", LINK),
    ],
)
def test_check_video_says_what_an_address_is(pasted, verdict, says):
    check = check_video(pasted)

    assert (check.verdict, check.says, check.address) == (verdict, says, pasted.strip())


@pytest.mark.parametrize(
    "pasted",
    [
        "javascript:alert(1)", "data:text/html,<script>alert(1)</script>", "file:///etc/passwd", "//evil.example/x.mp4",
        "https://user@www.youtube.com/watch?v=dQw4w9WgXcQ", "https://user:word@example.com/", "a b", "some words",
        "https://example.com/a b", "https://y\u043eutube.com/watch?v=dQw4w9WgXcQ", "https://münchen.example/",
        "https://xn--mnchen-3ya.example/", "https://www.youtube.com\\@evil.example/watch?v=x", "ftp://example.com/a.mp4",
        "/courses/", "/../a.mp4", "https://", "https://[::1", "x" * 6000, "https://example.com/\u202efdp.exe",
        "https://example.com/\x00",
    ],
)  # fmt: skip
def test_check_video_refuses_what_is_no_safe_address(pasted):
    check = check_video(pasted)

    assert (check.verdict, check.address, "no web address" in check.says) == ("refused", "", True)


@pytest.mark.parametrize(
    "host", ["youtube.com.evil.tld", "www.youtube.com.evil.tld", "vimeo.com.evil.tld", "drive.google.com.evil.tld"]
)
def test_check_video_refuses_a_name_that_only_looks_like_a_providers(host):
    check = check_video(f"https://{host}/watch?v=dQw4w9WgXcQ")

    assert (check.verdict, check.address, check.says.startswith(f"{host} only looks like")) == ("refused", "", True)


def test_check_video_keeps_the_address_of_a_long_snippet():
    snippet = f'<iframe class="{"x" * 600}" src="https://www.youtube.com/embed/dQw4w9WgXcQ"></iframe>'

    assert check_video(snippet).address == YOUTUBE


def test_check_video_refuses_an_address_too_long_to_keep():
    check = check_video(f"https://example.com/{'x' * 600}")

    assert (check.verdict, check.says) == ("refused", "This address is too long to keep.")


def test_check_video_makes_a_link_of_an_address_without_scheme():
    assert check_video("example.com/film").address == "https://example.com/film"
