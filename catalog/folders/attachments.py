"""Files that travel with a course: which may, how large, and under which names they are kept."""

import posixpath
import re
from io import BytesIO
from urllib.parse import quote

from django.core.files.storage import default_storage
from PIL import Image

from catalog.folders.disk import MAX_FILE_BYTES, Folder
from catalog.folders.drafts import Problem

MAX_PIXELS = 50_000_000
IMAGE_FORMATS = {".png": "PNG", ".jpg": "JPEG", ".jpeg": "JPEG", ".gif": "GIF", ".webp": "WEBP"}
# What a browser might run is not a material: no HTML, no SVG.
MATERIAL_TYPES = frozenset(
    {".pdf", ".docx", ".xlsx", ".pptx", ".odt", ".ods", ".odp", ".rtf", ".epub", ".zip", ".txt", ".md", ".csv", ".json",
     ".ipynb", ".py", ".mp3", ".m4a", ".wav", ".mp4", ".webm", *IMAGE_FORMATS}
)  # fmt: skip
SAFE_NAME = re.compile(r"[\w.,() +-]{1,100}")
FILES = "files/"


class Attachments:
    """Collects what a course's texts refer to. Pictures are public, materials are not: they are kept apart."""

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
        return self._keep(posixpath.normpath(path), "courses")

    def add_body_image(self, path: str) -> str | None:
        """Return the address of a picture in a text; None, with a note, if there is none."""
        cause = self._cannot_be_image(path)
        if cause:
            self.notes.append(f"{path}: {cause}; the picture is left out")
            return None
        return media_address(self._keep(path, "courses"))

    def add_material(self, path: str, stated_in: str, line: int | None) -> str | None:
        """Return the name under which a material is kept; None, with a problem, if it cannot be."""
        name = posixpath.normpath(path)
        cause = self._missing(name)
        if not cause and posixpath.splitext(name)[1].lower() not in MATERIAL_TYPES:
            cause = "is not a type of file that may be a material"
        if cause:
            self.problems.append(Problem(stated_in, f"{path}: {cause}", line))
            return None
        return self._keep(name, "materials")

    def _keep(self, path: str, shelf: str) -> str:
        stored = f"{shelf}/{self.course_slug}/{path.removeprefix(FILES)}"
        self.files[stored] = path
        return stored

    def _missing(self, path: str) -> str:
        if path not in self.folder.files:
            return "is not in the folder"
        if not all(SAFE_NAME.fullmatch(part) and not part.startswith(".") for part in path.split("/")):
            return "has a name with characters we do not keep"
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


def media_address(stored_name: str) -> str:
    """Return the address of a stored picture on this site."""
    return default_storage.url(stored_name)


def storage_prefix(course_slug: str) -> str:
    """Return what every address of this course's pictures starts with."""
    return default_storage.url(f"courses/{quote(course_slug)}/")
