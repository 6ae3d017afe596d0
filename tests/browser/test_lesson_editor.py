"""Check 35 and T92: the editor of a lesson in a browser, and without scripts."""

import pytest
from playwright.sync_api import expect

from catalog.models import Lesson, Material
from catalog.services import save_course, save_lesson
from tests.catalog.test_uploads import told
from tests.factories import CourseFactory, LessonFactory, StaffFactory
from tests.threats.test_stored_markup import PAYLOADS

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
BODY = "# Flour\n\nSome **new** text\n\n- one\n- two\n\n```python\nprint(1)\n```\n"


@pytest.fixture(autouse=True)
def _own_media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"


@pytest.fixture
def lesson():
    course = save_course(CourseFactory.build(title="Baking", slug="baking"))
    return save_lesson(LessonFactory.build(course=course, title="Dough", slug="dough", body="Mix."))


@pytest.fixture
def editor(page, site, sign_in, lesson):
    """The editor of the lesson, for an owner."""
    sign_in(StaffFactory(is_superuser=True, name="Olga"))
    page.goto(f"{site}/dashboard/lessons/{lesson.pk}/edit/")
    return page


@pytest.fixture
def asked(editor):
    """The questions the browser asked, each answered with “stay”."""
    found = []

    def stay(dialog):
        found.append(dialog.type)
        dialog.dismiss()

    editor.on("dialog", stay)
    return found


def save(page):
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.locator(".message-ok")).to_contain_text("is saved")


def test_leaving_dirty_warns_and_leaving_clean_does_not(editor, asked):
    expect(editor.locator("[data-unsaved-note]")).to_be_hidden()
    editor.locator("#id_title").fill("Sourdough")
    expect(editor.get_by_text("Unsaved changes")).to_be_visible()

    editor.get_by_role("link", name="Delete…").click()
    stayed = editor.url
    save(editor)
    editor.get_by_role("link", name="Delete…").click()

    expect(editor.get_by_role("heading", name="Delete this lesson?")).to_be_visible()
    assert (asked, stayed.endswith("/edit/")) == (["beforeunload"], True)


@pytest.mark.parametrize(
    ("address", "says"),
    [
        ("https://vimeo.com/76979871", "Vimeo · progress tracked"),
        ("https://www.youtube.com/watch?v=dQw4w9WgXcQ", "YouTube · progress tracked"),
        ("https://drive.google.com/file/d/1AbCdEfGhIjKlMnOpQrStUvWxYz012345/view", "progress cannot be tracked"),
        ("https://example.com/some/page", "Not a video address we know: shown as a link"),
        ("javascript:alert(1)", "This is no web address"),
    ],
)
def test_a_pasted_address_is_told(editor, address, says):
    editor.locator("#id_video_url").focus()

    editor.keyboard.insert_text(address)

    expect(editor.locator("#video-check")).to_contain_text(says)


def test_the_preview_is_what_the_student_sees(editor, site):
    editor.locator("#id_body").fill(BODY)
    written = editor.locator("#lesson-preview .prose-lesson")
    expect(written).to_contain_text("new")
    before = written.inner_html()

    save(editor)
    editor.goto(f"{site}/courses/baking/dough/")

    shown = editor.locator("#text .prose-lesson").evaluate(
        "(text) => { text.querySelectorAll('.code-copy').forEach((button) => button.remove()); "
        "text.querySelectorAll('.code').forEach((code) => code.classList.remove('code')); return text.innerHTML; }"
    )
    assert shown == before


def test_write_and_preview_stand_in_one_place(editor):
    editor.locator("#id_body").fill("Some **new** text")
    expect(editor.locator("#lesson-preview strong")).to_have_text("new")

    editor.get_by_role("group", name="Text").get_by_role("button", name="Preview").click()

    expect(editor.get_by_label("The text as students see it").locator("strong")).to_have_text("new")
    expect(editor.locator("#id_body")).to_be_hidden()


def test_timestamps_are_rows_and_a_list_can_be_pasted(editor):
    editor.get_by_role("button", name="Add timestamp").click()
    editor.get_by_label("Time 1").fill("2:00")
    editor.get_by_label("Label 1").fill("Mix")
    editor.get_by_role("button", name="Paste a list").click()
    expect(editor.get_by_label("Timestamps")).to_have_value("2:00 Mix")
    editor.get_by_label("Timestamps").fill("0:00 Intro\n[2:00] Mix\n5:00 - Bake")
    editor.get_by_role("button", name="Show as rows").click()
    editor.get_by_role("button", name="Remove timestamp 1").click()
    save(editor)

    kept = Lesson.objects.get().timestamps
    assert [(stamp["time_seconds"], stamp["label"]) for stamp in kept] == [(120, "Mix"), (300, "Bake")]


def test_materials_and_a_picture_are_added(editor, tmp_path):
    (tmp_path / "plan.pdf").write_bytes(b"words")
    (tmp_path / "loaf.png").write_bytes(told("PNG"))
    editor.get_by_role("button", name="Add material").click()
    row = editor.get_by_role("group", name="New material").last
    row.get_by_label("File", exact=True).set_input_files(tmp_path / "plan.pdf")
    with editor.expect_file_chooser() as chooser:
        editor.get_by_role("link", name="Insert picture").click()
    chooser.value.set_files(tmp_path / "loaf.png")
    expect(editor.locator("#lesson-preview img")).to_be_visible()
    save(editor)

    assert ("![loaf](/courses/baking/dough/pictures/" in Lesson.objects.get().body, Material.objects.get().title) == (
        True,
        "plan",
    )


def test_t92_what_an_author_writes_runs_nowhere_and_asks_nobody(editor, site, asked):
    foreign = []
    editor.on("request", lambda request: foreign.append(request.url) if not request.url.startswith(site) else None)
    hostile = "\n\n".join(PAYLOADS)
    for name in ("body", "homework", "key_takeaways", "description"):
        editor.locator(f"#id_{name}").fill(hostile[:1990] if name == "description" else hostile)
    editor.get_by_role("button", name="Add timestamp").click()
    editor.get_by_label("Time 1").fill("0:01")
    editor.get_by_label("Label 1").fill('<img src=x onerror="alert(1)">')
    expect(editor.locator("#lesson-preview .timestamps")).to_contain_text("onerror")
    save(editor)

    for address in (editor.url, f"{site}/courses/baking/dough/", f"{site}/courses/baking/"):
        editor.goto(address)
        editor.wait_for_timeout(200)

    assert (asked, [url for url in foreign if not url.startswith(("data:", "about:"))]) == ([], [])


@pytest.mark.browser_context_args(java_script_enabled=False)
def test_everything_works_without_scripts(editor, site, tmp_path, lesson):
    (tmp_path / "plan.pdf").write_bytes(b"words")
    editor.get_by_label("Timestamps").fill("0:00 Intro")
    editor.locator("#id_video_url").fill("https://vimeo.com/76979871")
    editor.get_by_role("group", name="New material").first.get_by_label("File", exact=True).set_input_files(
        tmp_path / "plan.pdf"
    )
    with editor.context.expect_page() as opened:
        editor.get_by_role("button", name="Preview").click()
    expect(opened.value.get_by_text("Nothing is saved")).to_be_visible()
    assert Lesson.objects.get().timestamps == []

    save(editor)

    expect(editor.locator("#video-check")).to_contain_text("Vimeo · progress tracked")
    assert (len(Lesson.objects.get().timestamps), Material.objects.get().title) == (1, "plan")
