"""A folder on disk, read with suspicion: no links followed, nothing outside it, bounded in number and size."""

import os
import re
from collections.abc import Iterator
from pathlib import Path

from catalog.folders.drafts import BadFolder, Problem

MAX_ENTRIES = 20_000
MAX_DEPTH = 8
MAX_TEXT_BYTES = 1024 * 1024
MAX_FILE_BYTES = 100 * 1024 * 1024

NUMBER = re.compile(r"\d+")


class Folder:
    """The files below `root`, found once: `files` maps their paths, with slashes, to their sizes."""

    def __init__(self, root: Path) -> None:
        self.root = root.resolve()
        self.files: dict[str, int] = {}
        self.skipped: list[str] = []
        if not self.root.is_dir():
            raise BadFolder([Problem(str(root), "is not a folder")])
        for path, size in self._walk(self.root, "", MAX_DEPTH):
            self.files[path] = size
            if len(self.files) > MAX_ENTRIES:
                raise BadFolder([Problem(str(root), f"holds more than {MAX_ENTRIES:,} files")])

    def read_text(self, path: str) -> str:
        """Return the text of a file.

        :raises BadFolder: if it is too large, not UTF-8, or holds a NUL
        """
        raw = self._read(path, MAX_TEXT_BYTES)
        try:
            text = raw.decode("utf-8-sig")
        except UnicodeDecodeError as error:
            line = raw.count(b"\n", 0, error.start) + 1
            raise BadFolder([Problem(path, "is not UTF-8 text", line)]) from None
        if "\x00" in text:
            raise BadFolder([Problem(path, "holds a NUL character", text[: text.index("\x00")].count("\n") + 1)])
        return text

    def read_bytes(self, path: str) -> bytes:
        """Return the content of a file.

        :raises BadFolder: if it is too large
        """
        return self._read(path, MAX_FILE_BYTES)

    def names_in(self, directory: str) -> list[str]:
        """Return the names of the files right in `directory` (``""`` for the root), in natural order."""
        start = f"{directory}/" if directory else ""
        inside = (path[len(start) :] for path in self.files if path.startswith(start))
        return sorted((name for name in inside if "/" not in name), key=natural_key)

    def directories_in(self, directory: str) -> list[str]:
        """Return the names of the folders right in `directory` that hold files, in natural order."""
        start = f"{directory}/" if directory else ""
        inside = (path[len(start) :] for path in self.files if path.startswith(start))
        return sorted({name.partition("/")[0] for name in inside if "/" in name}, key=natural_key)

    def _read(self, path: str, limit: int) -> bytes:
        if self.files[path] > limit:
            raise BadFolder([Problem(path, f"is larger than {limit // 1024:,} KB")])
        return (self.root / path).read_bytes()

    def _walk(self, directory: Path, start: str, depth: int) -> Iterator[tuple[str, int]]:
        with os.scandir(directory) as entries:
            for entry in sorted(entries, key=lambda entry: entry.name):
                path = start + entry.name
                if entry.name.startswith("."):
                    continue
                if entry.is_symlink() or not entry.name.isprintable():
                    self.skipped.append(ascii(path)[1:-1])
                elif entry.is_dir():
                    if depth:
                        yield from self._walk(Path(entry.path), f"{path}/", depth - 1)
                elif entry.is_file():
                    yield path, entry.stat(follow_symlinks=False).st_size


def natural_key(name: str) -> tuple[list[tuple[str, int]], str]:
    """Sort `2-a` before `10-b`; the name itself decides between equals."""
    numbers = NUMBER.findall(name)
    words = NUMBER.split(name.casefold())
    return [(word, int(number)) for word, number in zip(words, [*numbers, "0"], strict=True)], name
