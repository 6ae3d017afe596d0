"""What the lesson editor says about a video address, and what it refuses. Nobody is asked: the address says it all."""

import re
from dataclasses import dataclass
from enum import StrEnum

from catalog.video_address import read_address
from catalog.video_links import NOT_KNOWN, describe, parse_video_url

KEPT_LENGTH = 500
NO_ADDRESS = "This is no web address. Paste the address of the video, beginning with https://."
LOOK_ALIKE = "{} only looks like an address of {}. Paste the address of the video itself."
TOO_LONG = "This address is too long to keep."
# A host that holds one of these names and goes on is somebody else's.
IMITATED = re.compile(
    r"(?:^|[.-])(youtube|youtube-nocookie|youtu|vimeo|loom|wistia|mediadelivery|google|cloudinary|dropbox)"
    r"\.(?:com|net|be)\."
)


class Verdict(StrEnum):
    """The four answers."""

    TRACKED = "tracked"
    UNTRACKED = "untracked"
    LINK = "link"
    REFUSED = "refused"


@dataclass(frozen=True)
class VideoCheck:
    """`address` is what the lesson keeps; empty if it was refused."""

    verdict: Verdict
    says: str
    address: str = ""


def check_video(pasted: str) -> VideoCheck:
    """Say what a pasted address is: a player we track, one we cannot, a link, or nothing that may be kept (T94)."""
    text = pasted.strip()
    address = read_address(text)
    imitated = IMITATED.search(address.host) if address else None
    if address is None:
        return VideoCheck(Verdict.REFUSED, NO_ADDRESS)
    if imitated:
        return VideoCheck(Verdict.REFUSED, LOOK_ALIKE.format(address.host, imitated.group(1)))
    link = parse_video_url(text)
    kept = text if link else str(address)
    if link and len(kept) > KEPT_LENGTH:
        kept = link.canonical_url
    if len(kept) > KEPT_LENGTH:
        return VideoCheck(Verdict.REFUSED, TOO_LONG)
    if link is None:
        return VideoCheck(Verdict.LINK, NOT_KNOWN, kept) if address.host else VideoCheck(Verdict.REFUSED, NO_ADDRESS)
    return VideoCheck(Verdict.TRACKED if link.is_trackable else Verdict.UNTRACKED, describe(link), kept)
