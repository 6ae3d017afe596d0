"""A course folder as one zip file, written and read. A zip from outside is read with suspicion (T92).

Nothing is written before everything that the zip says of itself is checked, and nothing is believed while it is
written: what an entry really holds is counted byte by byte.
"""

import posixpath
import shutil
import stat
import struct
import tempfile
import unicodedata
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO

from django.core.files.storage import default_storage

from catalog.folders.disk import MAX_FILE_BYTES
from catalog.folders.drafts import BadFolder, Problem
from catalog.folders.reading import COURSE_FILE
from catalog.folders.writing import course_files
from catalog.models import Course

MAX_ZIP_BYTES = 100 * 1024 * 1024
MAX_FILES = 2_000
MAX_TOTAL_BYTES = 500 * 1024 * 1024
# Of what unpacks to more than a megabyte: Markdown packs ten to one, a bomb a thousand to one.
MAX_RATIO = 100
SMALL = 1024 * 1024
MAX_DIRECTORY_BYTES = 2 * 1024 * 1024
MAX_NAME = 200
CHUNK = 64 * 1024
METHODS = {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}
KINDS = {0, stat.S_IFREG}

# What the library raises at a zip that is not as it should be.
DAMAGED = (zipfile.BadZipFile, zlib.error, EOFError, struct.error, RuntimeError, ValueError, OSError)

UTF8_NAMES, ENCRYPTED = 0x800, 0x1
END, END_SIZE, END_64, END_64_SIZE = b"PK\5\6", 22, b"PK\6\7", 20
MAX_COMMENT = 65_535
FIRST_DAY = (1980, 1, 1, 0, 0, 0)  # the same course always gives the same bytes


def write_zip(course: Course, sink: IO[bytes]) -> None:
    """Write the course folder, below one folder named like the course."""
    texts, files = course_files(course)
    with zipfile.ZipFile(sink, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in sorted([*texts, *files]):
            info = zipfile.ZipInfo(f"{course.slug}/{path}", FIRST_DAY)
            info.compress_type, info.external_attr = zipfile.ZIP_DEFLATED, 0o644 << 16
            if path in texts:
                archive.writestr(info, texts[path])
                continue
            with default_storage.open(files[path]) as source, archive.open(info, "w") as entry:
                shutil.copyfileobj(source, entry)


@contextmanager
def unpacked(upload: IO[bytes], name: str) -> Iterator[Path]:
    """The folder in the zip, on disk for as long as the block lasts. `name` is that of a folder without one of its own.

    :raises BadFolder: with every reason found why the zip is not read; nothing is left on disk
    """
    with _opened(upload) as archive, tempfile.TemporaryDirectory(prefix="course-") as place:
        entries = _checked(archive)
        top = _top(set(entries))
        root = Path(place) / (top.rstrip("/") or name)
        left = MAX_TOTAL_BYTES
        for path, info in entries.items():
            target = root / path.removeprefix(top)
            target.parent.mkdir(parents=True, exist_ok=True)
            left -= _write(archive, info, target, path, min(left, MAX_FILE_BYTES))
        yield root


def _refused(cause: str, path: str = "The zip") -> BadFolder:
    return BadFolder([Problem(path, cause)])


def _opened(upload: IO[bytes]) -> zipfile.ZipFile:
    _check_directory(upload)
    try:
        return zipfile.ZipFile(upload)
    except DAMAGED:
        raise _refused("is damaged, or no zip file") from None


def _check_directory(upload: IO[bytes]) -> None:
    """Refuse a list of contents too long to be read: how long it is stands at the very end of the file."""
    size = upload.seek(0, 2)
    if size > MAX_ZIP_BYTES:
        raise _refused(f"is larger than {MAX_ZIP_BYTES // 1024**2} MB")
    upload.seek(max(0, size - END_SIZE - MAX_COMMENT - END_64_SIZE))
    tail = upload.read()
    upload.seek(0)
    at = _end_in(tail)
    if at < 0 or len(tail) - at < END_SIZE:
        raise _refused("is no zip file")
    if tail[max(0, at - END_64_SIZE) : at].startswith(END_64):
        raise _refused(f"holds more than {MAX_FILES:,} files, or more than 4 GB")
    _, _, _, _, entries, length, _, _ = struct.unpack("<4s4H2LH", tail[at : at + END_SIZE])
    if entries > MAX_FILES * 2 or length > MAX_DIRECTORY_BYTES:  # folders are entries too
        raise _refused(f"holds more than {MAX_FILES:,} files")


def _end_in(tail: bytes) -> int:
    """Where the library, too, finds the end record: as the very last thing, or before a comment."""
    last = tail[-END_SIZE:]
    is_last = len(last) == END_SIZE and last.startswith(END) and last.endswith(b"\0\0")
    return len(tail) - END_SIZE if is_last else tail.rfind(END)


def _checked(archive: zipfile.ZipFile) -> dict[str, zipfile.ZipInfo]:
    """The files to be written by their paths, in the order of the zip.

    :raises BadFolder: with every problem of every entry
    """
    entries: dict[str, zipfile.ZipInfo] = {}
    problems: list[Problem] = []
    for info in archive.infolist():
        path = _path_of(info)
        if cause := _wrong(info, path) or ("is in the zip twice" if path in entries else ""):
            problems.append(Problem(_shown(path), cause))
        elif not path.endswith("/") and not _is_of_no_interest(path):
            entries[path] = info
    problems += _clashes(entries)
    if len(entries) > MAX_FILES:
        problems.append(Problem("The zip", f"holds more than {MAX_FILES:,} files"))
    if sum(info.file_size for info in entries.values()) > MAX_TOTAL_BYTES:
        problems.append(Problem("The zip", f"unpacks to more than {MAX_TOTAL_BYTES // 1024**2} MB"))
    if problems:
        raise BadFolder(problems)
    return entries


def _path_of(info: zipfile.ZipInfo) -> str:
    """The name with slashes, in composed letters. Many programs write UTF-8 and do not say so."""
    name = info.orig_filename
    if not info.flag_bits & UTF8_NAMES:
        with suppress(UnicodeError):
            name = name.encode("cp437").decode("utf-8")
    return unicodedata.normalize("NFC", name.replace("\\", "/")).removeprefix("./")


def _wrong(info: zipfile.ZipInfo, path: str) -> str:
    """Why this entry is not read; empty if it is."""
    parts = path.rstrip("/").split("/")
    size, kind = info.file_size, stat.S_IFMT(info.external_attr >> 16)
    causes = {
        "has a name that leads out of the folder": path.startswith("/") or ":" in parts[0] or ".." in parts,
        "has a name that is no path": "" in parts or "." in parts or not path.isprintable(),
        "has too long a name": len(path) > MAX_NAME,
        "is a link or a device; only files are read": kind not in KINDS and not path.endswith("/"),
        "is protected by a password": bool(info.flag_bits & ENCRYPTED),
        "is packed in a way that is not read; pack it as an ordinary zip": info.compress_type not in METHODS,
        f"unpacks to more than {MAX_FILE_BYTES // 1024**2} MB": size > MAX_FILE_BYTES,
        "is packed suspiciously well": size > SMALL and size > MAX_RATIO * max(info.compress_size, 1),
    }
    return next((cause for cause, is_so in causes.items() if is_so), "")


def _shown(path: str) -> str:
    return ascii(path[:MAX_NAME])[1:-1] if not path.isprintable() else path[:MAX_NAME]


def _is_of_no_interest(path: str) -> bool:
    return any(part.startswith(".") or part == "__MACOSX" for part in path.split("/"))


def _clashes(entries: dict[str, zipfile.ZipInfo]) -> Iterator[Problem]:
    """Names that are a file here and a folder there."""
    folders = {parent for path in entries for parent in _parents(path)}
    yield from (Problem(path, "is a file and a folder") for path in sorted(folders & set(entries)))


def _parents(path: str) -> Iterator[str]:
    while path := posixpath.dirname(path):
        yield path


def _top(paths: set[str]) -> str:
    """The one folder everything lies in, with its slash; empty without one, or if it is a module of a repository."""
    first = {path.partition("/")[0] for path in paths}
    if len(first) != 1 or first & paths:
        return ""
    top = f"{first.pop()}/"
    return top if top + COURSE_FILE in paths or not top[0].isdigit() else ""


def _write(archive: zipfile.ZipFile, info: zipfile.ZipInfo, target: Path, path: str, most: int) -> int:
    """Write one file, counting: what an entry says of its size may be a lie. Returns how many bytes it has."""
    size = 0
    try:
        with archive.open(info) as source, target.open("xb") as sink:
            while chunk := source.read(CHUNK):
                size += len(chunk)
                if size > most:
                    raise _refused("unpacks to more than it may", path)
                sink.write(chunk)
    except DAMAGED:
        raise _refused("is damaged", path) from None
    return size
