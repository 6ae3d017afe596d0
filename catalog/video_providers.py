"""The providers of videos: the forms their addresses take, and the address of each one's player."""

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from enum import StrEnum

from catalog.video_address import Address, read_address


class Provider(StrEnum):
    """Where a video lives; the value is what the database holds."""

    VIMEO = "vimeo"
    YOUTUBE = "youtube"
    LOOM = "loom"
    WISTIA = "wistia"
    BUNNY = "bunny"
    GOOGLE_DRIVE = "google_drive"
    CLOUDINARY = "cloudinary"
    FILE = "file"
    HLS = "hls"
    AUDIO = "audio"

    @property
    def label(self) -> str:
        return LABELS[self]


LABELS = {
    Provider.VIMEO: "Vimeo",
    Provider.YOUTUBE: "YouTube",
    Provider.LOOM: "Loom",
    Provider.WISTIA: "Wistia",
    Provider.BUNNY: "Bunny Stream",
    Provider.GOOGLE_DRIVE: "Google Drive",
    Provider.CLOUDINARY: "Cloudinary",
    Provider.FILE: "Video file",
    Provider.HLS: "HLS stream",
    Provider.AUDIO: "Audio file",
}
# Their players tell a page nothing, so lessons with them are completed by the button  [002].
UNTRACKED = {Provider.LOOM, Provider.WISTIA, Provider.GOOGLE_DRIVE}
FRAMED = {
    Provider.VIMEO, Provider.YOUTUBE, Provider.LOOM, Provider.WISTIA, Provider.BUNNY, Provider.GOOGLE_DRIVE,
}  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class VideoLink:
    """One video. `embed_url` is the source of a frame, or of a video element when `is_framed` is false."""

    provider: Provider
    video_id: str
    canonical_url: str
    embed_url: str
    hash: str = ""
    thumbnail_url: str = ""
    start_seconds: int = 0

    @property
    def is_trackable(self) -> bool:
        return self.provider not in UNTRACKED

    @property
    def is_framed(self) -> bool:
        return self.provider in FRAMED

    @property
    def is_hls(self) -> bool:
        return not self.is_framed and _extension(self.embed_url.partition("?")[0]) == "m3u8"


YOUTUBE_ID = re.compile(r"[A-Za-z0-9_-]{11}")
VIMEO_ID = re.compile(r"[1-9]\d{0,11}", re.ASCII)
VIMEO_HASH = re.compile(r"[0-9a-f]{6,40}")
LOOM_ID = re.compile(r"(?:[\w%-]{0,200}-)?([0-9a-f]{32})", re.ASCII)
WISTIA_ID = re.compile(r"([a-z0-9]{10})(?:\.jsonp|\.m3u8)?")
BUNNY_LIBRARY = re.compile(r"\d{1,10}", re.ASCII)
BUNNY_ID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
DRIVE_ID = re.compile(r"[A-Za-z0-9_-]{20,100}")
DRIVE_KEY = re.compile(r"[A-Za-z0-9_-]{1,50}")
CLOUD_NAME = re.compile(r"[A-Za-z0-9_-]{1,100}")
PUBLIC_ID = re.compile(r"[\w ./%-]{1,300}")

VIDEO_EXTENSIONS = {"mp4", "m4v", "mov", "webm", "ogv", "ogg"}
AUDIO_EXTENSIONS = {"mp3", "m4a", "oga", "opus", "wav", "aac", "flac"}
BUNNY_STREAM_HOST = re.compile(r"vz-[a-z0-9-]+\.b-cdn\.net")


def _parse_youtube(address: Address) -> VideoLink | None:
    video_id = _youtube_id(address)
    if not YOUTUBE_ID.fullmatch(video_id) or video_id == "videoseries":
        return None
    start = address.start_seconds
    return VideoLink(
        provider=Provider.YOUTUBE,
        video_id=video_id,
        canonical_url=f"https://www.youtube.com/watch?v={video_id}",
        embed_url=f"https://www.youtube-nocookie.com/embed/{video_id}?enablejsapi=1&rel=0"
        + (f"&start={start}" if start else ""),
        thumbnail_url=f"https://i.ytimg.com/vi/{video_id}/hqdefault.jpg",
        start_seconds=start,
    )


def _youtube_id(address: Address) -> str:
    parts = address.parts or [""]
    if address.host == "youtu.be":
        return parts[0]
    if parts[0] == "attribution_link":
        inner = read_address(f"https://www.youtube.com{address.query.get('u', '')}")
        return inner.query.get("v", "") if inner else ""
    if parts[0] == "watch" and len(parts) == 1:
        return address.query.get("v", "")
    known = parts[0] in ("embed", "shorts", "live", "v", "vi", "e", "watch", "video")
    return parts[1] if known and len(parts) > 1 else ""


def _parse_vimeo(address: Address) -> VideoLink | None:
    parts = address.parts
    if parts[:1] == ["event"]:
        return None
    position = next((number for number, part in enumerate(parts) if _is_vimeo_id(parts, number)), None)
    if position is None:
        return None
    video_id = parts[position]
    # The last part of a review link opens the review page, not the player.
    after = parts[position + 1 : position + 2] if "review" not in parts else []
    key = address.query.get("h") or next(iter(after), "")
    key = key if VIMEO_HASH.fullmatch(key) else ""
    return VideoLink(
        provider=Provider.VIMEO,
        video_id=video_id,
        hash=key,
        canonical_url=f"https://vimeo.com/{video_id}" + (f"/{key}" if key else ""),
        embed_url=f"https://player.vimeo.com/video/{video_id}?" + (f"h={key}&" if key else "") + "dnt=1",
        start_seconds=address.start_seconds,
    )


def _is_vimeo_id(parts: list[str], number: int) -> bool:
    """Albums, showcases and groups have numbers too; the video's own stands first or after one of these words."""
    if not VIMEO_ID.fullmatch(parts[number]):
        return False
    before = parts[:number]
    return not before or before[-1] in ("video", "videos", "review") or before[0] in ("channels", "ondemand")


def _parse_loom(address: Address) -> VideoLink | None:
    parts = address.parts
    match = LOOM_ID.fullmatch(parts[1]) if len(parts) > 1 and parts[0] in ("share", "embed") else None
    if match is None:
        return None
    video_id = match.group(1)
    start = address.start_seconds
    return VideoLink(
        provider=Provider.LOOM,
        video_id=video_id,
        canonical_url=f"https://www.loom.com/share/{video_id}",
        embed_url=f"https://www.loom.com/embed/{video_id}" + (f"?t={start}" if start else ""),
        start_seconds=start,
    )


def _parse_wistia(address: Address) -> VideoLink | None:
    parts = address.parts
    if len(parts) < 2 or parts[-2] not in ("medias", "iframe"):
        return None
    match = WISTIA_ID.fullmatch(parts[-1])
    if match is None:
        return None
    video_id = match.group(1)
    return VideoLink(
        provider=Provider.WISTIA,
        video_id=video_id,
        canonical_url=f"https://fast.wistia.net/embed/iframe/{video_id}",
        embed_url=f"https://fast.wistia.net/embed/iframe/{video_id}",
        start_seconds=address.start_seconds,
    )


def _parse_bunny(address: Address) -> VideoLink | None:
    parts = address.parts
    if len(parts) != 3 or parts[0] not in ("embed", "play"):
        return None
    if not BUNNY_LIBRARY.fullmatch(parts[1]) or not BUNNY_ID.fullmatch(parts[2]):
        return None
    video_id = f"{parts[1]}/{parts[2].lower()}"
    return VideoLink(
        provider=Provider.BUNNY,
        video_id=video_id,
        canonical_url=f"https://iframe.mediadelivery.net/play/{video_id}",
        embed_url=f"https://iframe.mediadelivery.net/embed/{video_id}",
        start_seconds=address.start_seconds,
    )


def _parse_google_drive(address: Address) -> VideoLink | None:
    parts = address.parts
    if "file" in parts and "d" in parts:
        file_id = next(iter(parts[parts.index("d") + 1 :]), "")
    elif parts and parts[-1] in ("open", "uc", "download"):
        file_id = address.query.get("id", "")
    else:
        return None
    if not DRIVE_ID.fullmatch(file_id):
        return None
    key = address.query.get("resourcekey", "")
    tail = f"?resourcekey={key}" if DRIVE_KEY.fullmatch(key) else ""
    return VideoLink(
        provider=Provider.GOOGLE_DRIVE,
        video_id=file_id,
        hash=key if tail else "",
        canonical_url=f"https://drive.google.com/file/d/{file_id}/view{tail}",
        embed_url=f"https://drive.google.com/file/d/{file_id}/preview{tail}",
        thumbnail_url=f"https://drive.google.com/thumbnail?id={file_id}&sz=w640",
    )


def _parse_cloudinary(address: Address) -> VideoLink | None:
    if address.host == "player.cloudinary.com":
        cloud, public_id = address.query.get("cloud_name", ""), address.query.get("public_id", "")
        path = f"/{cloud}/video/upload/{public_id}"
    else:
        cloud, path = next(iter(address.parts), ""), address.path
        public_id = path.partition("/video/upload/")[2]
    if not CLOUD_NAME.fullmatch(cloud) or not PUBLIC_ID.fullmatch(public_id) or ".." in public_id:
        return None
    known = _extension(path) in VIDEO_EXTENSIONS | AUDIO_EXTENSIONS | {"m3u8"}
    stem = f"https://res.cloudinary.com{path.rpartition('.')[0] if known else path}".replace(" ", "%20")
    url = f"{stem}.{_extension(path) if known else 'mp4'}"
    return VideoLink(
        provider=Provider.CLOUDINARY,
        video_id=public_id,
        canonical_url=url,
        embed_url=url,
        thumbnail_url=f"{stem}.jpg",
    )


def _parse_dropbox(address: Address) -> VideoLink | None:
    """A share link opens a page; with `raw=1` it is the file."""
    query = "&".join([*(f"{name}={value}" for name, value in address.query.items() if name == "rlkey"), "raw=1"])
    return parse_file(replace(address, query_text=query, fragment=""))


def parse_file(address: Address) -> VideoLink | None:
    extension = _extension(address.path)
    if extension in VIDEO_EXTENSIONS:
        provider = Provider.FILE
    elif extension in AUDIO_EXTENSIONS:
        provider = Provider.AUDIO
    elif extension == "m3u8":
        provider = Provider.HLS
    else:
        return None
    url = str(address)
    poster = url.rpartition("/")[0] + "/thumbnail.jpg" if BUNNY_STREAM_HOST.fullmatch(address.host) else ""
    return VideoLink(
        provider=provider,
        video_id="",
        canonical_url=url,
        embed_url=url,
        thumbnail_url=poster,
        start_seconds=address.start_seconds,
    )


def _extension(path: str) -> str:
    name = path.rpartition("/")[2]
    return name.rpartition(".")[2].lower() if "." in name else ""


PARSERS: tuple[tuple[re.Pattern[str], Callable[[Address], VideoLink | None]], ...] = tuple(
    (re.compile(pattern), parse)
    for pattern, parse in (
        (
            r"(?:(?:www|m|music|gaming|studio)\.)?youtube\.com|(?:www\.)?youtube-nocookie\.com|(?:www\.)?youtu\.be",
            _parse_youtube,
        ),
        (r"(?:(?:www|m|player)\.)?vimeo\.com", _parse_vimeo),
        (r"(?:www\.)?loom\.com", _parse_loom),
        (r"(?:[a-z0-9-]+\.)*wistia\.(?:com|net)|wi\.st", _parse_wistia),
        (r"(?:iframe|player)\.mediadelivery\.net|video\.bunnycdn\.com", _parse_bunny),
        (r"(?:drive|docs)\.google\.com|drive\.usercontent\.google\.com", _parse_google_drive),
        (r"(?:res|player)\.cloudinary\.com", _parse_cloudinary),
        (r"(?:www\.)?dropbox\.com", _parse_dropbox),
    )
)
