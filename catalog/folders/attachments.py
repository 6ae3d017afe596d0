"""Files that travel with a course: which may, how large, and under which names they are kept."""

import posixpath
from io import BytesIO
from urllib.parse import quote

from PIL import Image

from catalog.folders.disk import MAX_FILE_BYTES, Folder
from catalog.folders.drafts import Problem
from catalog.pictures import (
    course_pictures_address,
    course_shelf,
    is_safe_path,
    lesson_pictures_address,
    lesson_shelf,
)

MAX_PIXELS = 50_000_000
IMAGE_FORMATS = {".png": "PNG", ".jpg": "JPEG", ".jpeg": "JPEG", ".gif": "GIF", ".webp": "WEBP"}
# What a browser might run is not a material: no HTML, no SVG.
MATERIAL_TYPES = frozenset(
    {".pdf", ".docx", ".xlsx", ".pptx", ".odt", ".ods", ".odp", ".rtf", ".epub", ".zip", ".txt", ".md", ".csv", ".json",
     ".ipynb", ".py", ".mp3", ".m4a", ".wav", ".mp4", ".webm", *IMAGE_FORMATS}
)  # fmt: skip
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
        cause = self._missing(name)
        if not cause and posixpath.splitext(name)[1].lower() not in MATERIAL_TYPES:
            cause = "is not a type of file that may be a material"
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
        return "is too large" if self.folder.files[path] > MAX_FILE_BYTES else ""

    def _cannot_be_image(self, path: str) -> str:
        cause = self._missing(path)
        expected = IMAGE_FORMATS.get(posixpath.splitext(path)[1].lower())
        if cause or expected is None:
            return cause or "is not a PNG, JPEG, GIF or WebP picture"
        try:
            with Image.open(BytesIO(self.folder.read_bytes(path)), formats=[expected]) as image:
                image.verify()
                width, height = image.size
        except (OSError, SyntaxError, ValueError, Image.DecompressionBombError, Image.DecompressionBombWarning):
            return "is not the picture its name says"
        return "has too many pixels" if width * height > MAX_PIXELS else ""
