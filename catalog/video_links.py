"""Video links: what people paste, understood; and the player's address, built from the id alone.

Nothing pasted ever becomes the source of a frame: a provider's address is rebuilt from its checked id.
"""

from html import escape

from catalog.video_address import read_address
from catalog.video_providers import PARSERS, Provider, VideoLink, parse_file

__all__ = ["EMBED_HOSTS", "NOT_KNOWN", "Provider", "VideoLink", "describe", "embed_video", "parse_video_url"]

# The frame-src of the content security policy: the origins of all addresses that `embed_url` can be.
EMBED_HOSTS = (
    "https://drive.google.com",
    "https://fast.wistia.net",
    "https://iframe.mediadelivery.net",
    "https://player.vimeo.com",
    "https://www.loom.com",
    "https://www.youtube-nocookie.com",
)

NOT_KNOWN = "Not a video address we know: shown as a link"


def parse_video_url(text: str) -> VideoLink | None:
    """Return the video that `text` points to, or None.

    Takes addresses with or without scheme, embed snippets and Markdown links; refuses every scheme but http and
    https, look-alike hosts, names and passwords in the address, and ids of the wrong form.
    """
    address = read_address(text)
    if address is None:
        return None
    if address.is_on_default_port:
        for pattern, parse in PARSERS:
            if pattern.fullmatch(address.host):
                return parse(address)
    return parse_file(address)


def describe(link: VideoLink | None) -> str:
    """Return what the lesson editor says about a pasted address."""
    if link is None:
        return NOT_KNOWN
    if link.is_trackable:
        return f"{link.provider.label} · progress tracked"
    return f"{link.provider.label}: progress cannot be tracked"


def embed_video(url: str) -> str | None:
    """Return a button for a video at a provider, for the Markdown renderer; None for anything else.

    static/js/embeds.js puts the player in its place when pressed, so that no host is asked before; without script
    it leads to the video.
    """
    link = parse_video_url(url)
    if link is None or not link.is_framed:
        return None
    return (
        f'<div class="video-embed"><a class="btn player-start" href="{escape(link.canonical_url)}"'
        f' rel="noopener noreferrer" data-embed="{escape(link.embed_url)}">'
        f"Play the video at {link.provider.label}</a></div>"
    )
