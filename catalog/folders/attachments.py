"""Files that travel with a course: which may, how large, and under which names they are kept."""

import posixpath
from urllib.parse import quote

from catalog.folders.disk import Folder
from catalog.folders.drafts import Problem
from catalog.pictures import (
    course_pictures_address,
    course_shelf,
    is_safe_path,
    lesson_pictures_address,
    lesson_shelf,
)
from catalog.uploads import (
    MAX_PICTURE_BYTES,
    NOT_A_PICTURE,
    PICTURE_KINDS,
    BadUpload,
    check_material,
    check_size,
    clean_picture,
)

FILES = "files/"
NAME_LENGTH = 255


class Attachments:
    """Collects what a course's texts refer to. Only the course's own pictures are public: the rest is kept apart."""

    def __init__(self, folder: Folder, course_slug: str = "") -> None:
        self.folder = folder
        self.course_slug = course_slug
        self.files: dict[str, str] = {}
        self.problems: list[Problem] = []
        self.notes: list[str] = []
        self._causes: dict[str, str] = {}

    def add_image(self, path: str, stated_in: str, line: int | None) -> str | None:
        """Return the name under which a course's picture is kept; None, with a problem, if it cannot be."""
        cause = self._cannot_be_image(posixpath.normpath(path))
        if cause:
            self.problems.append(Problem(stated_in, f"{path}: {cause}", line))
            return None
        return self._keep(posixpath.normpath(path), course_shelf(self.course_slug))

    def add_body_image(self, path: str, lesson_slug: str = "") -> str | None:
        """Return the address of a picture in a text; None, with a note, if there is none.

        With `lesson_slug` the text is a lesson's, and its pictures are protected like the text.
        """
        cause = self._cannot_be_image(path)
        if cause:
            self.notes.append(f"{path}: {cause}; the picture is left out")
            return None
        if lesson_slug:
            shelf = lesson_shelf(self.course_slug, lesson_slug)
            start = lesson_pictures_address(self.course_slug, lesson_slug)
        else:
            shelf, start = course_shelf(self.course_slug), course_pictures_address(self.course_slug)
        return start + quote(self._keep(path, shelf).removeprefix(shelf))

    def add_material(self, path: str, stated_in: str, line: int | None) -> str | None:
        """Return the name under which a material is kept; None, with a problem, if it cannot be."""
        name = posixpath.normpath(path)
        cause = self._cannot_be_material(name)
        if cause:
            self.problems.append(Problem(stated_in, f"{path}: {cause}", line))
            return None
        return self._keep(name, f"materials/{self.course_slug}/")

    def _keep(self, path: str, shelf: str) -> str:
        stored = shelf + path.removeprefix(FILES)
        self.files[stored] = path
        return stored

    def _missing(self, path: str) -> str:
        if path not in self.folder.files:
            return "is not in the folder"
        if not is_safe_path(path):
            return "has a name with characters we do not keep"
        if len(f"materials/{self.course_slug}/{path}") > NAME_LENGTH:
            return "has too long a name"
        return ""

    def _cannot_be_material(self, path: str) -> str:
        if cause := self._missing(path):
            return cause
        try:
            check_material(path, self.folder.files[path])
        except BadUpload as refused:
            return str(refused)
        return ""

    def _cannot_be_image(self, path: str) -> str:
        """Why it cannot; each picture is decoded once, however many texts show it."""
        if path not in self._causes:
            self._causes[path] = self._wrong_with_image(path)
        return self._causes[path]

    def _wrong_with_image(self, path: str) -> str:
        cause = self._missing(path)
        expected = PICTURE_KINDS.get(posixpath.splitext(path)[1].lower())
        if cause or expected is None:
            return cause or NOT_A_PICTURE
        try:
            check_size(self.folder.files[path], MAX_PICTURE_BYTES)
            picture = clean_picture(self.folder.read_bytes(path))
        except BadUpload as refused:
            return str(refused)
        return "" if picture.kind == expected else "is not the picture its name says"
