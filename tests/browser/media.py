"""Films for the players to play, made at the first call, served with ranges as a real host would."""

import re
import subprocess

from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponse

from tests.settings import FILES


def film(seconds):
    """A test picture with a tone, of this length."""
    path = FILES / f"film-{seconds}.mp4"
    if not path.exists():
        picture = ["-f", "lavfi", "-i", f"testsrc=size=160x90:rate=10:duration={seconds}"]
        sound = ["-f", "lavfi", "-i", f"sine=frequency=220:duration={seconds}", "-c:a", "aac"]
        output = ["-pix_fmt", "yuv420p", "-movflags", "+faststart", str(path)]
        subprocess.run(["ffmpeg", "-v", "error", *picture, *sound, *output], check=True)
    return path


def stream_file(name):
    """The film of eight seconds, cut into an HLS stream."""
    folder = FILES / "stream"
    if not folder.exists():
        folder.mkdir()
        cut = ["-c", "copy", "-hls_time", "2", "-hls_list_size", "0", str(folder / "list.m3u8")]
        subprocess.run(["ffmpeg", "-v", "error", "-i", str(film(8)), *cut], check=True)
    return folder / name


@login_not_required
def stream(request, name):
    kind = "application/vnd.apple.mpegurl" if name.endswith("m3u8") else "video/mp2t"
    return HttpResponse(stream_file(name).read_bytes(), content_type=kind)


@login_not_required
def media(request, seconds):
    """Answer a range, without which no browser can seek."""
    content = film(seconds).read_bytes()
    match = re.fullmatch(r"bytes=(\d+)-(\d*)", request.headers.get("Range", ""))
    if match is None:
        return HttpResponse(content, content_type="video/mp4", headers={"Accept-Ranges": "bytes"})
    first, last = int(match[1]), int(match[2] or len(content) - 1)
    part = content[first : last + 1]
    headers = {"Accept-Ranges": "bytes", "Content-Range": f"bytes {first}-{first + len(part) - 1}/{len(content)}"}
    return HttpResponse(part, status=206, content_type="video/mp4", headers=headers)
