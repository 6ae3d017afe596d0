"""The preview: what the student's page shows of the same texts, of what is in the form, and nothing saved."""

import pytest
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile

from catalog.models import Lesson
from catalog.services import save_transcript
from tests import factories as make
from tests.dashboard.lessons.sending import Editor
from tests.threats.state import unchanged
from tests.threats.test_stored_markup import PAYLOADS, dangers

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}
CAPTIONS = "WEBVTT\n\n00:01.000 --> 00:02.000\nHello.\n"
CODE = "```python\nprint(1)\n```"
TEXTS = {
    "title": "Sourdough", "body": f"# Flour\n\nA | B\n-|-\n1 | 2\n\nhttps://vimeo.com/1\n\n{CODE}\n\n[^1]\n\n[^1]: x",
    "homework": "## Bake\n\n- [ ] it", "timestamps": "0:00 Intro\n2:00 Mix", "key_takeaways": "Patience\nSalt",
    "spoken": "We mix.\n\nWe wait.", "video_url": "https://media.example.com/a.mp4", "lesson_type": "video",
}  # fmt: skip


@pytest.fixture
def preview(owner_client, editor, lesson):
    """`preview(body="…")` is the fragment for the form with these changes."""

    def show(**changes):
        data = {name: value for name, value in (editor.fields() | changes).items() if value is not None}
        return owner_client.post(f"/dashboard/lessons/preview/?lesson={lesson.pk}", data, headers=HTMX)

    return show


def content_of(page):
    """The parts of a lesson in a page: texts, timestamps, materials, homework, takeaways and transcript."""
    text = page.content.decode()
    start = text.index('<div class="lesson-parts"')
    end = text.find('<div class="lesson-end"', start)
    return "".join(text[start : end if end > 0 else text.rindex("</div>")].split())


def test_it_is_what_the_students_page_will_show(owner_client, editor, lesson, preview):
    make.MaterialFactory(lesson=lesson, title="Workbook")
    make.MaterialFactory(lesson=lesson, title="Plan", url="", file=ContentFile(b"x", name="plan.pdf"))
    shown = preview(**TEXTS)

    editor.send(**TEXTS)

    students = owner_client.get("/courses/baking/dough/")
    assert content_of(shown) == content_of(students)
    assert len(content_of(students)) > 1500


def test_the_editor_opens_with_what_is_stored(owner_client, editor, lesson):
    editor.send(**TEXTS)

    pages = [editor.open(), owner_client.get("/courses/baking/dough/")]

    texts = [page.text.partition('<div class="prose-lesson"')[2].partition("</section>")[0] for page in pages]
    assert ('<h2 id="h-flour">' in texts[0], texts[0] == texts[1]) == (True, True)


def test_nothing_is_saved(preview):
    with unchanged():
        preview(**TEXTS)


def test_what_is_wrong_stays_as_it_is_stored(preview, lesson):
    lesson.homework = "Stored."
    lesson.save()

    shown = preview(title="", timestamps="nonsense", video_url="javascript:alert(1)", duration="x", body="New.").text

    assert ("Dough" in shown, "New." in shown, "javascript" in shown, "nonsense" in shown) == (True, True, False, False)


def test_a_new_lesson_has_a_preview_too(owner_client, new):
    rows = {"materials-0-title": "Site", "materials-0-url": "https://a.example/", "materials-1-title": "Not yet"}
    data = new.fields() | {
        "title": "New",
        "body": "**Hi**",
        "captions": CAPTIONS,
        "video_url": "https://a.example/b.mp4",
    }

    shown = owner_client.post("/dashboard/lessons/preview/?course=baking", data | rows, headers=HTMX)

    assert [word in shown.text for word in ("<strong>Hi</strong>", "a.example", "Hello.", "Not yet")] == [
        True,
        True,
        True,
        False,
    ]
    assert Lesson.objects.count() == 0


def test_captions_are_shown_as_they_will_be(preview, lesson):
    save_transcript(lesson, captions=CAPTIONS)
    pasted = CAPTIONS.replace("Hello", "Welcome")

    shown = [preview().text, preview(captions=pasted).text, preview(remove_captions="on").text]

    assert [("Hello." in page, "Welcome." in page) for page in shown] == [(True, False), (False, True), (False, False)]


def test_materials_are_shown_as_they_will_be(preview, lesson):
    for title in ("First", "Second"):
        make.MaterialFactory(lesson=lesson, title=title)
    file = {"materials-2-file": SimpleUploadedFile("new.pdf", b"x")}

    page = preview(**{"materials-0-remove": "on", "materials-1-title": "Renamed"}, **file).text

    assert [word in page for word in ("First", "Second", "Renamed", "new.pdf")] == [False, False, True, False]


def test_without_script_it_is_a_page_of_its_own(owner_client, editor, lesson):
    answer = owner_client.post(f"/dashboard/lessons/preview/?lesson={lesson.pk}", editor.fields() | {"body": "**Hi**"})

    assert ("A preview. Nothing is saved" in answer.text, "<strong>Hi</strong>" in answer.text) == (True, True)


@pytest.mark.parametrize(
    "query", ["", "?lesson=0", "?lesson=x", "?lesson=9223372036854775808", "?course=none", "?lesson="]
)
def test_a_preview_of_nothing_is_not_found(owner_client, query):
    assert owner_client.post(f"/dashboard/lessons/preview/{query}").status_code == 404


def test_who_may_not_edit_gets_no_preview(staff_client, lesson):
    assert staff_client.post(f"/dashboard/lessons/preview/?lesson={lesson.pk}").status_code == 403


@pytest.mark.parametrize("payload", PAYLOADS)
def test_t92_a_payload_runs_neither_in_the_preview_nor_in_the_editor_nor_for_a_student(
    owner_client, client, editor, payload
):
    hostile = {
        "title": payload[:190], "description": payload, "body": payload, "homework": payload, "key_takeaways": payload,
        "timestamps": f"0:01 {payload}", "spoken": payload, "is_preview": "on", "materials-0-title": payload[:190],
        "materials-0-url": "https://a.example/",
    }  # fmt: skip
    saved = editor.send(**hostile)

    pages = [editor.open(), client.get("/courses/baking/dough/"), owner_client.get("/dashboard/lessons/")]

    assert saved.status_code == 302
    assert [dangers(page.content.decode()) for page in pages] == [[], [], []]


def test_the_sender_of_forms_reads_what_a_browser_sends(editor):
    fields = Editor(editor.client, editor.url).fields()

    assert (fields["title"], fields["body"], fields["is_published"], "is_preview" in fields) == (
        "Dough",
        "Mix.",
        "on",
        False,
    )
