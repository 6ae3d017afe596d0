"""A film for the players to play, made once, served with ranges as a real host would."""

import re
import subprocess

from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponse

from tests.settings import FILES

SECONDS = 40
MAKERS = {
    "sample.mp4": ["-f", "lavfi", "-i", f"testsrc=size=160x90:rate=10:duration={SECONDS}", "-pix_fmt", "yuv420p"],
    "sample.m4a": ["-vn"],
}


def film(name):
    """The file of this name, made by ffmpeg at the first call."""
    path = FILES / name
    if not path.exists():
        sound = ["-f", "lavfi", "-i", f"sine=frequency=220:duration={SECONDS}", "-c:a", "aac", "-b:a", "24k"]
        command = ["ffmpeg", "-v", "error", "-y", *MAKERS[name], *sound, "-movflags", "+faststart", "-shortest", path]
        subprocess.run(command, check=True)
    return path


@login_not_required
def media(request, name):
    """Answer a range, without which no browser can seek."""
    content = film(name).read_bytes()
    kind = "audio/mp4" if name.endswith("m4a") else "video/mp4"
    match = re.fullmatch(r"bytes=(\d+)-(\d*)", request.headers.get("Range", ""))
    if match is None:
        return HttpResponse(content, content_type=kind, headers={"Accept-Ranges": "bytes"})
    first, last = int(match[1]), int(match[2] or len(content) - 1)
    part = content[first : last + 1]
    headers = {"Accept-Ranges": "bytes", "Content-Range": f"bytes {first}-{first + len(part) - 1}/{len(content)}"}
    return HttpResponse(part, status=206, content_type=kind, headers=headers)
