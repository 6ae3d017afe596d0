"""T92: a zip somebody uploads writes nothing outside its folder, fills no disk and leaves nothing behind."""

import io
import os
import stat
import struct
import tempfile
import zipfile
from pathlib import Path

import pytest

from catalog.folders import zips
from catalog.folders.drafts import BadFolder


def zipped(*entries, method=zipfile.ZIP_DEFLATED):
    """A zip of (name or ZipInfo, content), in this order, whatever the names."""
    sink = io.BytesIO()
    with zipfile.ZipFile(sink, "w", method) as archive:
        for name, content in entries:
            archive.writestr(name, content)
    return sink


def patched(sink, old, new):
    """The same bytes with these replaced, of the same length: what no zip program writes."""
    assert len(old) == len(new)
    assert old in sink.getvalue()
    return io.BytesIO(sink.getvalue().replace(old, new))


@pytest.fixture
def disk(tmp_path, monkeypatch):
    """Where zips are unpacked; all that is left there afterwards."""
    place = tmp_path / "unpacked"
    place.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(place))
    yield place
    assert list(place.iterdir()) == []


@pytest.fixture
def causes(disk):
    """What is said of a zip that is refused."""

    def read(upload):
        with pytest.raises(BadFolder) as refused, zips.unpacked(upload, "course"):
            pass
        return [str(problem) for problem in refused.value.problems]

    return read


def files_in(upload, name="course"):
    with zips.unpacked(upload, name) as root:
        return {str(path.relative_to(root.parent)): path.read_bytes() for path in root.rglob("*") if path.is_file()}


@pytest.mark.parametrize(
    "name",
    ["../x.md", "a/../../x.md", "/etc/x.md", "//x/y.md", "C:\\x.md", "C:x.md", "..\\x.md", "a\\..\\..\\x.md", ".."],
)
def test_a_name_that_leads_outside_is_refused(causes, tmp_path, name):
    assert causes(zipped((name, "x"))) == [f"{name.replace(chr(92), '/')}: has a name that leads out of the folder"]
    assert not (tmp_path / "x.md").exists()


@pytest.mark.parametrize("name", ["a//x.md", "a/./x.md", "a/\nx.md", "a/\x1b[31m.md", "a/\u202e.md"])
def test_a_name_that_is_no_path_is_refused(causes, name):
    assert [cause.partition(": ")[2] for cause in causes(zipped((name, "x")))] == ["has a name that is no path"]


def test_a_name_with_a_nul_is_refused(causes):
    sink = patched(zipped(("aXb.md", "x")), b"aXb.md", b"a\0b.md")

    assert causes(sink) == ["a\\x00b.md: has a name that is no path"]


def test_an_empty_name_is_refused(causes):
    assert causes(zipped((zipfile.ZipInfo(""), "x"))) == [": has a name that is no path"]


def test_a_name_too_long_for_a_disk_is_refused(causes):
    assert causes(zipped(("a" * 201, "x"))) == [f"{'a' * 200}: has too long a name"]


def test_a_name_that_is_not_the_utf_8_it_says_is_refused(causes):
    sink = patched(zipped(("\u00e9.md", "x")), b"\xc3\xa9.md", b"\xff\xfe.md")

    assert causes(sink) == ["The zip: is damaged, or no zip file"]


@pytest.mark.parametrize("kind", [stat.S_IFLNK, stat.S_IFCHR, stat.S_IFIFO, stat.S_IFSOCK])
def test_a_link_or_device_is_refused(causes, kind):
    info = zipfile.ZipInfo("link.md")
    info.external_attr = (kind | 0o777) << 16

    assert causes(zipped((info, "/etc/passwd"))) == ["link.md: is a link or a device; only files are read"]


def test_a_name_that_is_there_twice_is_refused(causes):
    with pytest.warns(UserWarning, match="Duplicate name"):
        sink = zipped(("a.md", "1"), ("./a.md", "2"), ("a.md", "3"))

    assert causes(sink) == ["a.md: is in the zip twice"] * 2


def test_a_file_that_is_also_a_folder_is_refused(causes):
    assert causes(zipped(("a", "1"), ("a/b/c.md", "2"))) == ["a: is a file and a folder"]


def test_every_problem_is_told_at_once(causes):
    assert len(causes(zipped(("../x", "1"), ("/y", "2"), ("z" * 999, "3")))) == 3


def test_a_protected_zip_is_refused(causes):
    sink = zipped(("a.md", "x"))
    raw = bytearray(sink.getvalue())
    raw[raw.index(b"PK\1\2") + 8] |= 1

    assert causes(io.BytesIO(raw)) == ["a.md: is protected by a password"]


@pytest.mark.parametrize("method", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_an_unusual_packing_is_refused(causes, method):
    sink = zipped(("a.md", "x"), method=method)

    assert causes(sink) == ["a.md: is packed in a way that is not read; pack it as an ordinary zip"]


def test_a_bomb_is_refused_before_it_is_unpacked(causes):
    assert causes(zipped(("a.md", b"0" * 2_000_000))) == ["a.md: is packed suspiciously well"]


def test_a_file_too_large_is_refused(causes, monkeypatch):
    monkeypatch.setattr(zips, "MAX_FILE_BYTES", 1024**2)

    assert causes(zipped(("a.md", os.urandom(1024**2 + 1)))) == ["a.md: unpacks to more than 1 MB"]


def test_too_much_altogether_is_refused(causes, monkeypatch):
    monkeypatch.setattr(zips, "MAX_TOTAL_BYTES", 1024**2)
    entries = [(f"{number}.md", os.urandom(600_000)) for number in range(2)]

    assert causes(zipped(*entries)) == ["The zip: unpacks to more than 1 MB"]


def test_a_lie_about_the_size_is_found_while_unpacking(causes):
    sink = zipped(("a.md", os.urandom(5_000)))
    smaller = patched(sink, struct.pack("<L", 5_000), struct.pack("<L", 50))

    assert causes(smaller) == ["a.md: is damaged"]


def test_what_is_written_is_counted_whatever_was_said(causes, monkeypatch):
    monkeypatch.setattr(zips, "_checked", lambda archive: {info.filename: info for info in archive.infolist()})
    monkeypatch.setattr(zips, "MAX_TOTAL_BYTES", 100_000)
    entries = [(f"{number}.md", os.urandom(60_000)) for number in range(3)]

    assert causes(zipped(*entries)) == ["1.md: unpacks to more than it may"]


def test_too_many_files_are_refused(causes):
    assert causes(zipped(*[(f"{n}.md", "") for n in range(2_001)])) == ["The zip: holds more than 2,000 files"]


def test_a_list_of_contents_too_long_is_not_even_read(causes, monkeypatch):
    monkeypatch.setattr(zipfile, "ZipFile", None)
    end = struct.pack("<4s4H2LH", b"PK\5\6", 0, 0, 9, 9, 50_000_000, 0, 0)
    many = struct.pack("<4s4H2LH", b"PK\5\6", 0, 0, 60_000, 60_000, 5_000, 0, 7) + b"comment"

    found = [causes(io.BytesIO(raw)) for raw in (end, many)]

    assert found == [["The zip: holds more than 2,000 files"]] * 2


def test_a_zip_of_the_64_bit_kind_is_not_read(causes):
    raw = zipped(("a.md", "x")).getvalue()
    at = raw.index(b"PK\5\6")

    found = causes(io.BytesIO(raw[:at] + b"PK\6\7" + bytes(16) + raw[at:]))

    assert found == ["The zip: holds more than 2,000 files, or more than 4 GB"]


def test_a_zip_too_large_is_not_read(causes, monkeypatch):
    monkeypatch.setattr(zips, "MAX_ZIP_BYTES", 1024**2)

    assert causes(io.BytesIO(bytes(1024**2 + 1))) == ["The zip: is larger than 1 MB"]


@pytest.mark.parametrize("raw", [b"", b"x", b"PK", b"PK\5\6", b"GIF89a" + bytes(99), b"\x1f\x8b" + bytes(99)])
def test_what_is_no_zip_is_refused(causes, raw):
    assert causes(io.BytesIO(raw)) == ["The zip: is no zip file"]


@pytest.mark.parametrize("size", [0, 10, 46, 70])
def test_a_zip_cut_off_or_shifted_is_refused(causes, size):
    raw = zipped(("a.md", "x" * 50)).getvalue()
    at = raw.index(b"PK\1\2")

    assert causes(io.BytesIO(raw[:size] + raw[at + 8 :])) == ["The zip: is damaged, or no zip file"]


def test_a_damaged_file_is_named(causes):
    sink = patched(zipped(("a.md", b"flour"), method=zipfile.ZIP_STORED), b"flour", b"water")

    assert causes(sink) == ["a.md: is damaged"]


def test_a_zip_in_the_zip_stays_a_file(disk):
    inner = zipped(("../x.md", "x")).getvalue()

    assert files_in(zipped(("course.md", ""), ("files/more.zip", inner))) == {
        "course/course.md": b"",
        "course/files/more.zip": inner,
    }


def test_what_a_mac_or_an_editor_adds_is_left_out(disk):
    names = ["course.md", "__MACOSX/._course.md", ".git/config", ".DS_Store", "a/.env"]

    assert list(files_in(zipped(*[(name, "") for name in names]))) == ["course/course.md"]


@pytest.mark.parametrize(
    ("names", "found"),
    [
        (["bread/course.md", "bread/1.md"], {"bread/course.md", "bread/1.md"}),
        (["2026/course.md"], {"2026/course.md"}),
        (["repo-main/README.md", "repo-main/01-a/01.md"], {"repo-main/README.md", "repo-main/01-a/01.md"}),
        (["01-a/01.md"], {"course/01-a/01.md"}),
        (["a.md", "a-folder/b.md"], {"course/a.md", "course/a-folder/b.md"}),
        (["only.md"], {"course/only.md"}),
        (["a\\b\\c.md", "a\\d.md"], {"a/b/c.md", "a/d.md"}),
        (["a/", "a/b/", "a/b/c.md"], {"a/b/c.md"}),
    ],
)
def test_one_folder_around_everything_is_the_folder(disk, names, found):
    assert set(files_in(zipped(*[(name, "") for name in names]))) == found


def test_names_are_read_as_utf_8_also_if_nobody_says_so(disk):
    sink = zipped(("Xxx.md", ""), ("Yyy.md", ""), ("e\u0301.md", ""))
    raw = sink.getvalue().replace(b"Xxx", "é1".encode()).replace(b"Yyy", b"\x82yy")

    assert set(files_in(io.BytesIO(raw))) == {"course/é1.md", "course/éyy.md", "course/é.md"}


def test_nothing_is_left_when_the_reader_fails(disk):
    with pytest.raises(ZeroDivisionError), zips.unpacked(zipped(("course.md", "")), "course") as root:
        assert Path(root).is_dir()
        1 / 0  # noqa: B018 - whatever goes wrong in the block
