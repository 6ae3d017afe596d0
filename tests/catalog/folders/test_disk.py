import os

import pytest

from catalog.folders import disk
from catalog.folders.disk import Folder, natural_key
from catalog.folders.drafts import BadFolder


def test_folder_finds_files_in_natural_order(tmp_path):
    for name in ("10-b.md", "2-a.md", ".hidden", "sub/1.md"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("x")

    folder = Folder(tmp_path)

    assert folder.files == {"10-b.md": 1, "2-a.md": 1, "sub/1.md": 1}
    assert folder.names_in("") == ["2-a.md", "10-b.md"]
    assert folder.directories_in("") == ["sub"]


def test_natural_key_sorts_by_numbers_within_words():
    names = ["a10", "a2", "10-x", "9-x", "9-X", "b", "9"]

    assert sorted(names, key=natural_key) == ["9", "9-X", "9-x", "10-x", "a2", "a10", "b"]


def test_folder_follows_no_links(tmp_path):
    secret = tmp_path / "secret"
    secret.mkdir()
    (secret / "key.md").write_text("secret")
    course = tmp_path / "course"
    course.mkdir()
    (course / "01-key.md").symlink_to(secret / "key.md")
    (course / "02-all").symlink_to(secret)

    folder = Folder(course)

    assert folder.files == {}
    assert folder.skipped == ["01-key.md", "02-all"]


def test_folder_opens_nothing_but_files(tmp_path):
    os.mkfifo(tmp_path / "01-pipe.md")

    assert Folder(tmp_path).files == {}


def test_folder_skips_names_that_cannot_be_shown(tmp_path):
    (tmp_path / "a\nb.md").write_text("x")

    assert Folder(tmp_path).skipped == ["a\\nb.md"]


def test_folder_stops_at_a_depth(tmp_path):
    deep = tmp_path.joinpath(*"abcdefghijk")
    deep.mkdir(parents=True)
    (deep / "x.md").write_text("x")

    assert Folder(tmp_path).files == {}


def test_folder_refuses_what_is_none(tmp_path):
    with pytest.raises(BadFolder, match="is not a folder"):
        Folder(tmp_path / "missing")


def test_folder_refuses_too_many_files(tmp_path, monkeypatch):
    monkeypatch.setattr(disk, "MAX_ENTRIES", 2)
    for number in range(3):
        (tmp_path / f"{number}.md").write_text("x")

    with pytest.raises(BadFolder, match="more than 2 files"):
        Folder(tmp_path)


@pytest.mark.parametrize(
    ("raw", "cause"),
    [
        (b"fine\n\xff\xfe", "bad.md:2: is not UTF-8 text"),
        (b"fine\nfine\na\x00b", "bad.md:3: holds a NUL character"),
        (b"x" * (disk.MAX_TEXT_BYTES + 1), "bad.md: is larger than 1,024 KB"),
    ],
)
def test_read_text_refuses_with_path_and_line(tmp_path, raw, cause):
    (tmp_path / "bad.md").write_bytes(raw)

    with pytest.raises(BadFolder, match=cause):
        Folder(tmp_path).read_text("bad.md")


def test_read_text_drops_a_byte_order_mark(tmp_path):
    (tmp_path / "a.md").write_bytes(b"\xef\xbb\xbfhi")

    assert Folder(tmp_path).read_text("a.md") == "hi"
