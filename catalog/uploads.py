"""Files that people upload: what may be kept, how large, and under names of our own (T90, T91).

A picture is never kept as it came. It is decoded and encoded anew, so that what is stored holds pixels and nothing
else: no position where it was taken, no second document hidden behind it.
"""

import posixpath
import secrets
from dataclasses import dataclass
from io import BytesIO
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files import File
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import UploadedFile
from django.utils.text import slugify
from PIL import Image, ImageOps, UnidentifiedImageError

MAX_PICTURE_BYTES = 5 * 1024 * 1024
MAX_PIXELS = 25_000_000  # all frames of an animation together
MAX_FRAMES = 1_000
# By content, not by name. No SVG: it is a document that may hold scripts.
PICTURE_ENDINGS = {"PNG": ".png", "JPEG": ".jpg", "GIF": ".gif", "WEBP": ".webp"}
PICTURE_KINDS = {ending: kind for kind, ending in PICTURE_ENDINGS.items()} | {".jpeg": "JPEG"}
NOT_A_PICTURE = "is not a PNG, JPEG, GIF or WebP picture"
TOO_MANY_PIXELS = "has too many pixels: at most 25 megapixels are kept"
TOO_MANY_FRAMES = "has too many frames: at most 1,000 are kept"
TOO_LARGE = "is too large: at most {} MB are kept"
# All that stays of what a file says besides its pixels.
APPEARANCE = ("transparency", "duration", "loop")
ORIENTATION = 0x0112
UPRIGHT = 1

# What a browser might run is not a material: no HTML, no SVG.
MATERIAL_TYPES = frozenset(
    {".pdf", ".docx", ".xlsx", ".pptx", ".odt", ".ods", ".odp", ".rtf", ".epub", ".zip", ".txt", ".md", ".csv", ".json",
     ".ipynb", ".py", ".mp3", ".m4a", ".wav", ".mp4", ".webm", *PICTURE_KINDS}
)  # fmt: skip


class BadUpload(Exception):
    """The file is not kept; the message says why and follows a name: “plan.png is too large”."""


@dataclass(frozen=True)
class Picture:
    """A picture as we encoded it; `kind` is a key of `PICTURE_ENDINGS`."""

    kind: str
    content: bytes


def clean_picture(content: bytes) -> Picture:
    """Return the picture encoded anew and turned upright, without anything but its pixels.

    :raises BadUpload: if it is no raster picture we show, damaged or too large; its size is known before it is decoded
    """
    check_size(len(content), MAX_PICTURE_BYTES)
    try:
        with Image.open(BytesIO(content), formats=tuple(PICTURE_ENDINGS)) as image:
            kind = "JPEG" if image.format == "MPO" else str(image.format)  # the JPEG of a camera with a preview in it
            return Picture(kind, _encode(image, kind))
    except BadUpload:
        raise
    except UnidentifiedImageError:
        raise BadUpload(NOT_A_PICTURE) from None
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise BadUpload(TOO_MANY_PIXELS) from None
    except Exception:  # noqa: BLE001 - a hostile file may break a decoder anywhere, with any error
        raise BadUpload("is damaged: it cannot be read as a picture") from None


def check_size(size: int, most: int) -> None:
    """:raises BadUpload: if a file has more bytes than are kept"""
    if size > most:
        raise BadUpload(TOO_LARGE.format(most // 1024**2))


def check_material(name: str, size: int) -> None:
    """:raises BadUpload: if a file of this name and size may not be a material"""
    check_size(size, settings.MATERIAL_MAX_BYTES)
    if posixpath.splitext(name)[1].lower() not in MATERIAL_TYPES:
        raise BadUpload("is not a type of file that may be a material")


def _encode(image: Image.Image, kind: str) -> bytes:
    options: dict[str, Any] = {"quality": 90}
    if image.format == "JPEG" and _is_upright(image):
        _check_pixels(image.width * image.height)
        image.load()
        image.info.clear()
        frames, options = [image], {"quality": "keep"}  # the same tables again: nothing is lost a second time
    else:
        frames = _frames(image, only_first=kind not in ("GIF", "WEBP"))
    if len(frames) > 1:
        options |= {"save_all": True, "append_images": frames[1:]}
    sink = BytesIO()
    frames[0].save(sink, kind, **options)
    return sink.getvalue()


def _is_upright(image: Image.Image) -> bool:
    return bool(image.getexif().get(ORIENTATION, UPRIGHT) == UPRIGHT)


def _frames(image: Image.Image, *, only_first: bool) -> list[Image.Image]:
    """Decode frame by frame, counting before each: how many there are is the file's word only."""
    pixels = image.width * image.height
    _check_pixels(pixels)
    frames = [_bare(image)]
    while not only_first:
        try:
            image.seek(len(frames))
        except EOFError:
            break
        if len(frames) == MAX_FRAMES:
            raise BadUpload(TOO_MANY_FRAMES)
        pixels += image.width * image.height
        _check_pixels(pixels)
        frames.append(_bare(image))
    return frames


def _bare(image: Image.Image) -> Image.Image:
    """Copy the frame shown now, upright, with nothing beside its pixels but what changes how they look."""
    frame = ImageOps.exif_transpose(image.copy())
    frame.info = {name: frame.info[name] for name in APPEARANCE if name in frame.info}
    return frame


def _check_pixels(pixels: int) -> None:
    if pixels > MAX_PIXELS:
        raise BadUpload(TOO_MANY_PIXELS)


class PictureField(forms.FileField):
    """An uploaded picture: encoded anew, under a name of ours, or refused at the field."""

    def clean(self, data: Any, initial: Any = None) -> Any:
        uploaded = super().clean(data, initial)
        if not isinstance(uploaded, UploadedFile):  # the picture that was there, or the wish to remove it
            return uploaded
        try:
            check_size(uploaded.size or 0, MAX_PICTURE_BYTES)  # before it is read
            picture = clean_picture(uploaded.read())
        except BadUpload as refused:
            raise ValidationError(f"The file {refused}.", code="bad_upload") from None
        return ContentFile(picture.content, name=secrets.token_hex(16) + PICTURE_ENDINGS[picture.kind])


class MaterialFileField(forms.FileField):
    """An uploaded material under a name of ours, or refused at the field.

    Each has a folder of its own that cannot be guessed; a tame form of its name is left for those who download it.
    """

    def clean(self, data: Any, initial: Any = None) -> Any:
        uploaded = super().clean(data, initial)
        if not isinstance(uploaded, UploadedFile):
            return uploaded
        name = uploaded.name or ""
        try:
            check_material(name, uploaded.size or 0)
        except BadUpload as refused:
            raise ValidationError(f"The file {refused}.", code="bad_upload") from None
        stem, ending = posixpath.splitext(name)
        return File(uploaded.file, name=f"{secrets.token_hex(16)}/{slugify(stem)[:60] or 'file'}{ending.lower()}")
