"""T92, T94: what an author writes is shown, never run; what is pasted as a video becomes a known frame or a link."""

from html.parser import HTMLParser

import pytest

from catalog.services import save_course, save_lesson
from tests import factories as make

pytestmark = pytest.mark.django_db
PAYLOADS = [
    "<script>alert(1)</script>", '<img src=x onerror="alert(1)">', "<svg onload=alert(1)>", "[x](javascript:alert(1))",
    "[x](JaVaScRiPt&colon;alert(1))", "[x](data:text/html,<script>alert(1)</script>)", "![x](javascript:alert(1))",
    '<iframe srcdoc="<script>alert(1)</script>"></iframe>', '<iframe src="https://evil.example/"></iframe>',
    "<style>body{display:none}</style>", '<form action="https://evil.example"><input name=password></form>',
    '<base href="https://evil.example/">', '<a href="vbscript:x">x</a>',
    '<details open ontoggle="alert(1)">x</details>',
    '<math><mtext><table><mglyph><style><img src onerror="alert(1)">', "<object data=x></object><embed src=x>",
    '"><script>alert(1)</script><meta http-equiv=refresh content="0;url=https://evil.example">',
    "</script><script>alert(1)</script>", "{{ settings.SECRET_KEY }}{% debug %}",
]  # fmt: skip
BAD_TAGS = {"form", "base", "object", "embed", "math", "style"}
OWN_FORMS = ("/", "")


class Inspector(HTMLParser):
    """Collects what a browser would run or load from elsewhere."""

    def __init__(self):
        super().__init__(convert_charrefs=True)
        self.found, self.inside = [], None

    def handle_starttag(self, tag, attributes):
        values = dict(attributes)
        self.inside = tag
        for name, value in attributes:
            target = "".join((value or "").split()).lower()
            if name.startswith("on") or target.startswith(("javascript:", "vbscript:", "data:text")):
                self.found.append((tag, name, value))
            if name in {"srcdoc", "style"} or (name in {"src", "action", "data"} and "evil.example" in target):
                self.found.append((tag, name, value))
        if tag in BAD_TAGS - {"form"} or (tag == "meta" and values.get("http-equiv")):
            self.found.append((tag, "", ""))
        if (
            tag == "script"
            and "src" not in values
            and values.get("type") not in {"application/ld+json", "application/json"}
        ):
            self.found.append((tag, "inline", ""))
        if tag == "form" and not (values.get("action") or "/").startswith("/"):
            self.found.append((tag, "action", values.get("action")))


def dangers(html):
    inspector = Inspector()
    inspector.feed(html)
    return inspector.found


def test_the_inspector_finds_each_danger_in_the_raw_payloads():
    # The Markdown links and the template are harmless as HTML; every other payload must be noticed.
    harmless = [payload for payload in PAYLOADS if not dangers(payload)]

    assert all(payload.startswith(("[x]", "![x]", "{{")) for payload in harmless)


@pytest.mark.parametrize("payload", PAYLOADS)
def test_t92_what_an_author_writes_runs_nowhere(client, staff_client, payload):
    words = {"title": payload[:190], "description": payload, "short_description": payload}
    course = save_course(
        make.CourseFactory.build(slug="c", instructor_name=payload[:110], instructor_bio=payload, **words)
    )
    module = make.ModuleFactory(course=course, title=payload[:190], description=payload)
    lesson = make.LessonFactory.build(
        course=course, module=module, slug="l", title=payload[:190], description=payload, body=payload,
        homework=payload, is_preview=True, key_takeaways=[payload], timestamps=[{"time_seconds": 1, "label": payload}],
    )  # fmt: skip
    save_lesson(lesson)
    make.MaterialFactory(lesson=lesson, title=payload[:190])

    pages = ["/", "/courses/", "/courses/c/", "/courses/c/l/", "/search/?q=alert", "/my-dashboard/"]
    found = {page: dangers(each.get(page).content.decode()) for page in pages for each in (client, staff_client)}

    assert {page: danger for page, danger in found.items() if danger} == {}


VIDEOS = [
    "javascript:alert(1)", "data:text/html,<script>alert(1)</script>", "file:///etc/passwd", "//evil.example/x.mp4",
    "https://youtube.com.evil.example/watch?v=dQw4w9WgXcQ", "https://user@www.youtube.com/watch?v=dQw4w9WgXcQ",
    "https://evil.example/embed/dQw4w9WgXcQ", "https://www.youtube.com/watch?v=<script>", "https://y\u043eutube.com/watch?v=dQw4w9WgXcQ",
    'https://www.youtube.com/embed/x"onload="alert(1)', "https://player.vimeo.com@evil.example/video/1", "   ",
    "https://www.youtube.com\\@evil.example/watch?v=dQw4w9WgXcQ", "http://169.254.169.254/latest/meta-data",
]  # fmt: skip


@pytest.mark.parametrize("address", VIDEOS)
def test_t94_no_pasted_address_becomes_the_source_of_a_frame(client, address):
    lesson = make.LessonFactory.build(course=make.CourseFactory(slug="c"), slug="l", is_preview=True, video_url=address)
    save_lesson(lesson)

    page = client.get("/courses/c/l/").content.decode()

    assert dangers(page) == []
    assert (lesson.video_id, "<iframe" in page) == ("", False)
