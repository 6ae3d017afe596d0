"""T90: a picture is kept as pixels that we encoded ourselves, or not at all."""

import zlib
from io import BytesIO

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from PIL import Image, PngImagePlugin

from catalog import uploads
from catalog.uploads import BadUpload, MaterialFileField, PictureField, check_material, clean_picture

SECRET = b"zzqwhereitwastakenqzz"
POSITION = {1: "N", 2: (48.0, 51.0, 30.0), 3: "E", 4: (2.0, 17.0, 40.0)}
SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'


def exif(orientation=1):
    tags = Image.Exif()
    tags[0x010E], tags[0x0112] = SECRET.decode(), orientation
    tags.get_ifd(0x8825).update(POSITION)
    return tags


def encoded(kind="PNG", size=(4, 2), color="red", **options):
    sink = BytesIO()
    Image.new("RGB", size, color).save(sink, kind, **options)
    return sink.getvalue()


def told(kind, orientation=1):
    """A picture that says where it was taken, in every way its format knows."""
    if kind == "PNG":
        text = PngImagePlugin.PngInfo()
        text.add_text("Comment", SECRET.decode())
        text.add_itxt("XML:com.adobe.xmp", SECRET.decode())
        return encoded("PNG", exif=exif(orientation), pnginfo=text) + SECRET
    if kind == "GIF":
        return encoded("GIF", comment=SECRET) + SECRET
    more = {"comment": SECRET} if kind == "JPEG" else {}
    return encoded(kind, exif=exif(orientation), xmp=SECRET, icc_profile=SECRET, **more) + SECRET


def opened(content):
    return Image.open(BytesIO(content))


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "GIF", "WEBP"])
def test_all_that_a_picture_tells_besides_its_pixels_is_gone(kind):
    content = told(kind)

    picture = clean_picture(content)

    assert (picture.kind, opened(picture.content).format, opened(picture.content).size) == (kind, kind, (4, 2))
    assert (SECRET in content, SECRET in picture.content, dict(opened(picture.content).getexif())) == (True, False, {})


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP"])
def test_a_picture_taken_sideways_is_turned_upright(kind):
    picture = clean_picture(told(kind, orientation=6))

    assert (opened(picture.content).size, SECRET in picture.content) == ((2, 4), False)


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "GIF"])
def test_encoding_again_changes_nothing(kind):
    once = clean_picture(told(kind)).content

    assert clean_picture(once).content == once


def test_the_preview_inside_a_cameras_picture_is_gone():
    sink = BytesIO()
    second = Image.new("RGB", (4, 2), "blue")
    Image.new("RGB", (4, 2), "red").save(sink, "MPO", save_all=True, append_images=[second])

    picture = clean_picture(sink.getvalue())

    assert (opened(sink.getvalue()).format, picture.kind, opened(picture.content).format) == ("MPO", "JPEG", "JPEG")


@pytest.mark.parametrize("kind", ["GIF", "WEBP"])
def test_a_moving_picture_keeps_its_frames_and_its_pace(kind):
    frames = [Image.new("RGB", (4, 2), color) for color in ("red", "green", "blue")]
    sink = BytesIO()
    frames[0].save(sink, kind, save_all=True, append_images=frames[1:], duration=120, loop=0)

    moving = opened(clean_picture(sink.getvalue()).content)

    moving.load()
    assert (moving.n_frames, moving.info["duration"], moving.info["loop"]) == (3, 120, 0)


def test_what_shows_through_still_shows_through():
    sink = BytesIO()
    Image.new("P", (2, 2)).save(sink, "PNG", transparency=0)

    assert opened(clean_picture(sink.getvalue()).content).info["transparency"] == 0


def bomb(side):
    """A small file that says it is a picture of side x side pixels."""

    def chunk(name, data):
        return len(data).to_bytes(4, "big") + name + data + zlib.crc32(name + data).to_bytes(4, "big")

    head = side.to_bytes(4, "big") * 2 + bytes([1, 0, 0, 0, 0])
    rows = zlib.compress(bytes(1000))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


BMP = encoded("BMP")
REFUSED = {
    "svg": (SVG, uploads.NOT_A_PICTURE),
    "svg with a declaration": (b'<?xml version="1.0"?>' + SVG, uploads.NOT_A_PICTURE),
    "html": (b"<!doctype html><script>alert(1)</script>", uploads.NOT_A_PICTURE),
    "bmp": (BMP, uploads.NOT_A_PICTURE),
    "empty": (b"", uploads.NOT_A_PICTURE),
    "magic only": (b"GIF89a<script>alert(1)</script>", uploads.NOT_A_PICTURE),
    "cut off": (encoded(size=(300, 300))[:-300], "is damaged: it cannot be read as a picture"),
    "5,001 pixels square": (bomb(5_001), uploads.TOO_MANY_PIXELS),
    "12,000 pixels square": (bomb(12_000), uploads.TOO_MANY_PIXELS),
    "50,000 pixels square": (bomb(50_000), uploads.TOO_MANY_PIXELS),
    "too many bytes": (encoded() + bytes(5 * 1024**2), "is too large: at most 5 MB are kept"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_no_harmless_picture_is_refused_with_the_reason(name):
    content, reason = REFUSED[name]

    with pytest.raises(BadUpload) as refused:
        clean_picture(content)

    assert str(refused.value) == reason


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "GIF", "WEBP"])
def test_a_picture_too_large_is_refused_before_it_is_decoded(kind, monkeypatch):
    content = encoded(kind)
    monkeypatch.setattr(uploads, "MAX_PIXELS", 7)
    monkeypatch.setattr(Image.Image, "copy", None)
    monkeypatch.setattr("PIL.ImageFile.ImageFile.load", None)

    with pytest.raises(BadUpload, match="too many pixels"):
        clean_picture(content)


@pytest.mark.parametrize(("limit", "value", "reason"), [("MAX_PIXELS", 20, "pixels"), ("MAX_FRAMES", 2, "frames")])
def test_the_frames_of_a_moving_picture_are_counted_together(limit, value, reason, monkeypatch):
    frames = [Image.new("RGB", (4, 2), color) for color in ("red", "green", "blue")]
    sink = BytesIO()
    frames[0].save(sink, "GIF", save_all=True, append_images=frames[1:])
    monkeypatch.setattr(uploads, limit, value)

    with pytest.raises(BadUpload, match=f"too many {reason}"):
        clean_picture(sink.getvalue())


@pytest.mark.parametrize("name", ["x.html", "x.svg", "x.pdf.exe", "x", ".pdf", "x.PDF\x00.html"])
def test_a_file_that_a_browser_might_run_is_no_material(name):
    with pytest.raises(BadUpload, match="not a type of file"):
        check_material(name, 1)


def test_a_material_has_a_size_limit(settings):
    settings.MATERIAL_MAX_BYTES = 1024**2
    check_material("plan.pdf", 1024**2)

    with pytest.raises(BadUpload, match="is too large: at most 1 MB are kept"):
        check_material("plan.pdf", 1024**2 + 1)


@pytest.mark.parametrize("kind", [PictureField, MaterialFileField])
def test_a_file_too_large_is_refused_before_it_is_read(settings, kind):
    settings.MATERIAL_MAX_BYTES = uploads.MAX_PICTURE_BYTES
    unreadable = UploadedFile(None, "p.png", size=uploads.MAX_PICTURE_BYTES + 1)

    with pytest.raises(ValidationError, match="The file is too large: at most 5 MB are kept"):
        kind().clean(unreadable)


def test_a_material_that_stays_is_left_alone():
    assert MaterialFileField().clean(None, initial="materials/plan.pdf") == "materials/plan.pdf"
