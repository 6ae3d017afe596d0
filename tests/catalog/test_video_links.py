import pytest

from catalog.video_links import NOT_KNOWN, Provider, describe, embed_video, parse_video_url

YT = "dQw4w9WgXcQ"
LOOM = "0281766fa2d04bb788eaf19e65135184"
GUID = "6f4b3d2c-1a2b-4c3d-8e9f-0123456789ab"
DRIVE = "1AbCdEfGhIjKlMnOpQrStUvWxYz012345"
WISTIA = "j38ihh83m5"


@pytest.mark.parametrize(
    ("pasted", "start"),
    [
        (f"https://www.youtube.com/watch?v={YT}", 0),
        (f"http://youtube.com/watch?v={YT}", 0),
        (f"youtube.com/watch?v={YT}", 0),
        (f"www.youtube.com/watch?v={YT}&feature=youtu.be", 0),
        (f"  https://m.youtube.com/watch?v={YT}\n", 0),
        (f"https://music.youtube.com/watch?v={YT}&list=RDAMVM{YT}", 0),
        (f"https://www.youtube.com/watch?list=PL3MmuxUbc_hLZFNgSad56pDBKK8KO0XIv&index=3&v={YT}", 0),
        (f"https://www.youtube.com/watch?v={YT}&amp;t=90", 90),
        (f"https://www.youtube.com/watch?v={YT}&t=1m30s", 90),
        (f"https://www.youtube.com/watch?v={YT}&t=1h2m3s", 3723),
        (f"https://www.youtube.com/watch?v={YT}#t=1:30", 90),
        (f"https://www.youtube.com/watch?v={YT}&start=15&t=", 15),
        (f"https://www.youtube.com/watch?v={YT}&t=-5", 0),
        (f"https://www.youtube.com/watch?v={YT}&t=999999", 0),
        (f"https://youtu.be/{YT}", 0),
        (f"https://youtu.be/{YT}?si=vgRVPsLajExKofv0&t=90s", 90),
        (f"youtu.be/{YT}/", 0),
        (f"https://www.youtube.com/shorts/{YT}?feature=share", 0),
        (f"https://www.youtube.com/live/{YT}?si=abc", 0),
        (f"https://www.youtube.com/embed/{YT}?start=90", 90),
        (f"https://www.youtube.com/v/{YT}", 0),
        (f"https://www.youtube-nocookie.com/embed/{YT}", 0),
        (f"https://studio.youtube.com/video/{YT}/edit", 0),
        (f"https://www.youtube.com/attribution_link?a=x&u=%2Fwatch%3Fv%3D{YT}%26feature%3Dshare", 0),
        (f"HTTPS://WWW.YouTube.COM/watch?v={YT}", 0),
        (f"https://www.youtube.com:443/watch?v={YT}", 0),
        (f"<https://youtu.be/{YT}>", 0),
        (f"[Watch it](https://youtu.be/{YT})", 0),
        (
            (
                f'<iframe width="560" height="315" src="https://www.youtube.com/embed/{YT}?si=a&amp;start=90" '
                'title="x" frameborder="0" allowfullscreen></iframe>'
            ),
            90,
        ),
        (f"<iframe src='//www.youtube.com/embed/{YT}'></iframe>", 0),
    ],
)
def test_parse_video_url_understands_youtube(pasted, start):
    link = parse_video_url(pasted)

    assert (link.provider, link.video_id, link.start_seconds) == (Provider.YOUTUBE, YT, start)
    assert link.canonical_url == f"https://www.youtube.com/watch?v={YT}"
    assert link.embed_url == f"https://www.youtube-nocookie.com/embed/{YT}?enablejsapi=1&rel=0" + (
        f"&start={start}" if start else ""
    )
    assert link.thumbnail_url == f"https://i.ytimg.com/vi/{YT}/hqdefault.jpg"


@pytest.mark.parametrize(
    ("pasted", "key"),
    [
        ("https://vimeo.com/76979871", ""),
        ("vimeo.com/76979871", ""),
        ("https://www.vimeo.com/76979871?share=copy#t=0", ""),
        ("https://vimeo.com/76979871/8272103f6e", "8272103f6e"),
        ("https://vimeo.com/76979871/8272103f6e?share=copy", "8272103f6e"),
        ("https://vimeo.com/76979871?h=8272103f6e", "8272103f6e"),
        ("https://vimeo.com/channels/staffpicks/76979871", ""),
        ("https://vimeo.com/groups/shortfilms/videos/76979871", ""),
        ("https://vimeo.com/album/2222222/video/76979871", ""),
        ("https://vimeo.com/showcase/2222222/video/76979871", ""),
        ("https://vimeo.com/showcase/2222222?video=1/video/76979871", None),
        ("https://vimeo.com/ondemand/film/76979871", ""),
        ("https://vimeo.com/manage/videos/76979871", ""),
        ("https://vimeo.com/manage/videos/76979871/8272103f6e", "8272103f6e"),
        ("https://vimeo.com/user123/review/76979871/8272103f6e", ""),
        ("https://vimeo.com/reviews/11111111-2222-3333-4444-555555555555/videos/76979871", ""),
        ("https://player.vimeo.com/video/76979871", ""),
        ("https://player.vimeo.com/video/76979871?h=8272103f6e&title=0&badge=0", "8272103f6e"),
        (
            (
                '<div style="padding:56.25% 0 0 0"><iframe src="https://player.vimeo.com/video/76979871'
                '?h=8272103f6e&amp;badge=0" '
                'allow="autoplay"></iframe></div><script src="https://player.vimeo.com/api/player.js"></script>'
            ),
            "8272103f6e",
        ),
    ],
)
def test_parse_video_url_understands_vimeo(pasted, key):
    link = parse_video_url(pasted)

    if key is None:
        assert link is None
        return
    assert (link.provider, link.video_id, link.hash) == (Provider.VIMEO, "76979871", key)
    assert link.canonical_url == "https://vimeo.com/76979871" + (f"/{key}" if key else "")
    assert link.embed_url == "https://player.vimeo.com/video/76979871?" + (f"h={key}&" if key else "") + "dnt=1"


def test_parse_video_url_reads_the_start_of_a_vimeo_link():
    assert parse_video_url("https://vimeo.com/76979871#t=1m5s").start_seconds == 65


@pytest.mark.parametrize(
    ("pasted", "start"),
    [
        (f"https://www.loom.com/share/{LOOM}", 0),
        (f"loom.com/share/{LOOM}?sid=1&t=30", 30),
        (f"https://www.loom.com/share/My-talk-{LOOM}", 0),
        (f"https://www.loom.com/embed/{LOOM}", 0),
        (f'<div><iframe src="https://www.loom.com/embed/{LOOM}?t=30" webkitallowfullscreen></iframe></div>', 30),
    ],
)
def test_parse_video_url_understands_loom(pasted, start):
    link = parse_video_url(pasted)

    assert (link.provider, link.video_id, link.is_trackable) == (Provider.LOOM, LOOM, False)
    assert link.embed_url == f"https://www.loom.com/embed/{LOOM}" + (f"?t={start}" if start else "")


@pytest.mark.parametrize(
    "pasted",
    [
        f"https://acme.wistia.com/medias/{WISTIA}",
        f"https://home.wistia.com/medias/{WISTIA}?wtime=1m",
        f"https://fast.wistia.net/embed/iframe/{WISTIA}?videoFoam=true",
        f"https://fast.wistia.com/embed/medias/{WISTIA}.jsonp",
        f"https://wi.st/medias/{WISTIA}",
        (
            f'<script src="https://fast.wistia.com/embed/medias/{WISTIA}.jsonp" async></script>'
            f'<div class="wistia_embed wistia_async_{WISTIA} videoFoam=true"></div>'
        ),
        f'<wistia-player media-id="{WISTIA}" aspect="1.77"></wistia-player>',
        f'<iframe src="//fast.wistia.net/embed/iframe/{WISTIA}"></iframe>',
    ],
)
def test_parse_video_url_understands_wistia(pasted):
    link = parse_video_url(pasted)

    assert (link.provider, link.video_id, link.is_trackable) == (Provider.WISTIA, WISTIA, False)
    assert link.embed_url == f"https://fast.wistia.net/embed/iframe/{WISTIA}"


@pytest.mark.parametrize(
    "pasted",
    [
        f"https://iframe.mediadelivery.net/embed/12345/{GUID}?autoplay=true",
        f"https://iframe.mediadelivery.net/play/12345/{GUID.upper()}",
        f"https://player.mediadelivery.net/embed/12345/{GUID}",
        f"https://video.bunnycdn.com/play/12345/{GUID}",
    ],
)
def test_parse_video_url_understands_bunny(pasted):
    link = parse_video_url(pasted)

    assert (link.provider, link.video_id, link.is_trackable) == (Provider.BUNNY, f"12345/{GUID}", True)
    assert link.embed_url == f"https://iframe.mediadelivery.net/embed/12345/{GUID}"


def test_parse_video_url_understands_the_stream_of_bunny():
    link = parse_video_url(f"https://vz-1a2b-3c4.b-cdn.net/{GUID}/playlist.m3u8")

    assert (link.provider, link.is_hls) == (Provider.HLS, True)
    assert link.thumbnail_url == f"https://vz-1a2b-3c4.b-cdn.net/{GUID}/thumbnail.jpg"


@pytest.mark.parametrize(
    ("pasted", "key"),
    [
        (f"https://drive.google.com/file/d/{DRIVE}/view?usp=sharing", ""),
        (f"https://drive.google.com/file/d/{DRIVE}/preview", ""),
        (f"https://drive.google.com/file/d/{DRIVE}", ""),
        (f"https://drive.google.com/file/u/0/d/{DRIVE}/view", ""),
        (f"https://drive.google.com/a/school.example/file/d/{DRIVE}/edit", ""),
        (f"https://drive.google.com/open?id={DRIVE}&authuser=0", ""),
        (f"https://drive.google.com/uc?export=download&id={DRIVE}", ""),
        (f"https://drive.usercontent.google.com/download?id={DRIVE}", ""),
        (f"https://drive.google.com/file/d/{DRIVE}/view?resourcekey=0-aBc_1", "0-aBc_1"),
    ],
)
def test_parse_video_url_understands_google_drive(pasted, key):
    link = parse_video_url(pasted)

    assert (link.provider, link.video_id, link.hash) == (Provider.GOOGLE_DRIVE, DRIVE, key)
    assert not link.is_trackable
    assert link.embed_url == f"https://drive.google.com/file/d/{DRIVE}/preview" + (f"?resourcekey={key}" if key else "")


@pytest.mark.parametrize(
    ("pasted", "url"),
    [
        (
            "https://res.cloudinary.com/demo/video/upload/v1/dog.mp4",
            "https://res.cloudinary.com/demo/video/upload/v1/dog.mp4",
        ),
        (
            "res.cloudinary.com/demo/video/upload/q_auto/f/dog",
            "https://res.cloudinary.com/demo/video/upload/q_auto/f/dog.mp4",
        ),
        (
            "https://res.cloudinary.com/demo/video/upload/sp_hd/dog.m3u8",
            "https://res.cloudinary.com/demo/video/upload/sp_hd/dog.m3u8",
        ),
        (
            "https://player.cloudinary.com/embed/?cloud_name=demo&public_id=folder%2Fdog&profile=x",
            "https://res.cloudinary.com/demo/video/upload/folder/dog.mp4",
        ),
    ],
)
def test_parse_video_url_understands_cloudinary(pasted, url):
    link = parse_video_url(pasted)

    assert (link.provider, link.embed_url, link.is_trackable) == (Provider.CLOUDINARY, url, True)
    assert link.thumbnail_url == url.rpartition(".")[0] + ".jpg"
    assert link.is_hls == url.endswith("m3u8")


@pytest.mark.parametrize(
    ("pasted", "provider", "url"),
    [
        ("https://cdn.example/a/b.mp4", Provider.FILE, "https://cdn.example/a/b.mp4"),
        ("https://cdn.example/b.MP4?token=a%2Fb&x=1", Provider.FILE, "https://cdn.example/b.MP4?token=a%2Fb&x=1"),
        ("http://localhost:8000/media/b.webm", Provider.FILE, "http://localhost:8000/media/b.webm"),
        ("https://cdn.example/b.ogg", Provider.FILE, "https://cdn.example/b.ogg"),
        ("https://cdn.example/leçon.mp4", Provider.FILE, "https://cdn.example/le%C3%A7on.mp4"),
        ("/media/lessons/b.mp4", Provider.FILE, "/media/lessons/b.mp4"),
        ("https://cdn.example/live/index.m3u8?k=1", Provider.HLS, "https://cdn.example/live/index.m3u8?k=1"),
        ("https://cdn.example/talk.mp3", Provider.AUDIO, "https://cdn.example/talk.mp3"),
        ("https://cdn.example/talk.m4a", Provider.AUDIO, "https://cdn.example/talk.m4a"),
        (
            "https://www.dropbox.com/scl/fi/x/b.mp4?rlkey=k&dl=0",
            Provider.FILE,
            "https://www.dropbox.com/scl/fi/x/b.mp4?rlkey=k&raw=1",
        ),
        (
            '<video controls><source src="https://cdn.example/b.mp4" type="video/mp4"></video>',
            Provider.FILE,
            "https://cdn.example/b.mp4",
        ),
    ],
)
def test_parse_video_url_understands_files(pasted, provider, url):
    link = parse_video_url(pasted)

    assert (link.provider, link.embed_url, link.is_trackable, link.is_framed) == (provider, url, True, False)


@pytest.mark.parametrize(
    "pasted",
    [
        f"https://youtu.be/{YT}?t=5",
        "vimeo.com/1/abcdef",
        f"https://www.loom.com/share/{LOOM}",
        f"https://drive.google.com/open?id={DRIVE}",
    ],
)
def test_parse_video_url_reads_its_own_canonical_address(pasted):
    link = parse_video_url(pasted)

    again = parse_video_url(link.canonical_url)

    assert (again.provider, again.video_id, again.hash) == (link.provider, link.video_id, link.hash)


@pytest.mark.parametrize(
    ("pasted", "message"),
    [
        ("vimeo.com/76979871", "Vimeo · progress tracked"),
        (f"https://drive.google.com/open?id={DRIVE}", "Google Drive: progress cannot be tracked"),
        ("https://cdn.example/b.mp4", "Video file · progress tracked"),
        ("https://example.org", NOT_KNOWN),
    ],
)
def test_describe(pasted, message):
    assert describe(parse_video_url(pasted)) == message


def test_embed_video_builds_the_button_from_the_id():
    html = embed_video(f"https://www.youtube.com/watch?v={YT}&list=PL1&t=5")

    assert html == (
        f'<div class="video-embed"><a class="btn player-start" href="https://www.youtube.com/watch?v={YT}"'
        f' rel="noopener noreferrer" data-embed="https://www.youtube-nocookie.com/embed/{YT}'
        '?enablejsapi=1&amp;rel=0&amp;start=5">Play the video at YouTube</a></div>'
    )


def test_embed_video_leaves_files_to_the_text():
    assert embed_video("https://cdn.example/b.mp4") is None


@pytest.mark.parametrize("provider", list(Provider))
def test_every_provider_has_a_name(provider):
    assert provider.label
