"""The editor: what it shows, what it saves, what it says where it cannot, and who may use it."""

from datetime import UTC, datetime

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from accounts.models import StaffAction
from catalog.models import Lesson, OldLessonSlug, Transcript
from catalog.services import save_transcript
from catalog.trash import trash_course, trash_lesson
from tests import factories as make
from tests.conftest import counted_queries
from tests.dashboard.lessons.sending import errors
from tests.factories import NOW

pytestmark = pytest.mark.django_db
CAPTIONS = "WEBVTT\n\n00:01.000 --> 00:02.000\nHello.\n"
ALL = {
    "title": "Sourdough", "slug": "sourdough", "lesson_type": "replay", "description": "Why it rises.",
    "video_url": "https://vimeo.com/76979871", "duration": "12:40", "completion_threshold": "75",
    "body": "# Flour\r\n\r\nand water", "homework": "Bake.", "timestamps": "0:00 Intro\r\n2:00 Mix",
    "key_takeaways": "Patience\r\nSalt", "spoken": "We mix.", "is_preview": "on", "is_published": None,
    "available_after_days": "7", "live_starts_at": "2026-05-31T18:00", "meeting_url": "https://meet.example/1",
}  # fmt: skip


def file_of(text, name="c.vtt"):
    return SimpleUploadedFile(name, text if isinstance(text, bytes) else text.encode())


def test_everything_is_saved(editor):
    answer = editor.send(**ALL)

    lesson = Lesson.objects.select_related("transcript").get()
    kept = {name: getattr(lesson, name) for name in ALL.keys() - {"duration", "spoken"}}
    assert answer.status_code == 302
    assert kept == {
        "title": "Sourdough", "slug": "sourdough", "lesson_type": "replay", "description": "Why it rises.",
        "video_url": "https://vimeo.com/76979871", "completion_threshold": 75, "body": "# Flour\n\nand water",
        "homework": "Bake.", "key_takeaways": ["Patience", "Salt"], "is_preview": True, "is_published": False,
        "timestamps": [{"time_seconds": 0, "label": "Intro"}, {"time_seconds": 120, "label": "Mix"}],
        "available_after_days": 7, "live_starts_at": datetime(2026, 5, 31, 16, 0, tzinfo=UTC),
        "meeting_url": "https://meet.example/1",
    }  # fmt: skip
    assert (lesson.video_duration_seconds, lesson.transcript.text, lesson.video_provider) == (760, "We mix.", "vimeo")


def test_saving_what_is_shown_changes_nothing(editor, lesson):
    editor.send(**ALL)
    before = Lesson.objects.values().get()

    editor.url = f"/dashboard/lessons/{lesson.pk}/edit/"
    editor.send()

    after = Lesson.objects.values().get()
    assert {name for name in before if before[name] != after[name]} == {"updated_at"}
    assert StaffAction.objects.latest("pk").detail == ""


def test_it_says_what_it_did_and_where_the_old_address_leads(editor):
    page = editor.client.get(editor.send(slug="knead").url)

    assert [str(message) for message in page.context["messages"]] == [
        "Dough is saved. Its old address leads to the new one."
    ]
    assert OldLessonSlug.objects.get().slug == "dough"


def test_it_leads_to_the_neighbours_the_outline_and_the_students_page(editor, course, module, lesson):
    others = [
        make.LessonFactory(course=course, module=module, title=title, order=order)
        for title, order in (("A", 9), ("B", 8))
    ]
    page = editor.open().text

    assert f'href="/dashboard/lessons/{others[1].pk}/edit/" rel="next"' in page
    assert ('rel="prev"' in page, 'href="/courses/baking/outline/' in page) == (False, False)
    assert f'href="/dashboard/courses/baking/outline/#lesson-{lesson.pk}"' in page
    assert 'href="/courses/baking/dough/"' in page


def test_the_last_lesson_leads_back_only(editor, course, module):
    make.LessonFactory(course=course, title="Before all")

    page = editor.open().text

    assert ('rel="prev"' in page, 'rel="next"' in page) == (True, False)


WRONG = [
    ("title", "", "Give the lesson a title."),
    ("slug", "no spaces", "Use letters from a to z, numbers and hyphens, like first-steps."),
    ("slug", "quiz", "“quiz” is an address of the site itself. Choose another."),
    ("slug", "42", "“42” is an address of the site itself. Choose another."),
    ("lesson_type", "dance", "Select a valid choice. dance is not one of the available choices."),
    ("duration", "12.5", "“12.5” is not a time like 4:12 or 1:02:03."),
    ("completion_threshold", "101", "Completes at must be a whole number from 1 to 100."),
    ("completion_threshold", "", "Completes at must be a whole number from 1 to 100."),
    ("available_after_days", "-1", "Opens after days must be a whole number from 0 to 3650."),
    ("live_starts_at", "tomorrow", "Write day and time as in 2026-05-31 18:00."),
    ("live_starts_at", "0001-01-01T00:00", "Choose a later day."),
    ("live_starts_at", "9999-12-31T23:59", "Choose a day before the year 3000."),
    ("meeting_url", "javascript:alert(1)", "Write a web address, like https://example.com/plan."),
    (
        "video_url",
        "data:text/html,x",
        "This is no web address. Paste the address of the video, beginning with https://.",
    ),
    ("timestamps", "now Intro", "Line 1: write the time, a space and a label, like 4:12 First run."),
    ("captions", "no captions", "Line 1: a time line like 00:01.000 --> 00:04.000 is missing."),
    ("title", "a\x00b", "Null characters are not allowed."),
    ("body", "a\x00b", "Null characters are not allowed."),
]


@pytest.mark.parametrize(("name", "value", "says"), WRONG)
def test_what_is_wrong_is_said_at_its_field_and_kept(editor, name, value, says):
    answer = editor.send(**{"body": "Typed for an hour.", name: value})

    assert (answer.status_code, errors(answer)) == (422, {name: [says]})
    assert ("Error: " in answer.text, answer.context["form"]["body"].value()[:5]) == (
        True,
        "Typed" if name != "body" else "a\x00b",
    )
    assert Lesson.objects.get().body == "Mix."


ODD = ["\x00", "9" * 400, str(2**63), "x" * 10_000, "\ud800"]
FIELDS = [
    "version", "shown_module", "title", "slug", "module", "lesson_type", "video_url", "duration",
    "completion_threshold", "timestamps", "key_takeaways", "captions", "available_after_days", "live_starts_at",
    "meeting_url", "theirs", "materials-TOTAL_FORMS", "materials-INITIAL_FORMS", "materials-0-pk", "materials-0-held",
    "materials-0-kind", "materials-0-order", "materials-0-title", "materials-0-url",
]  # fmt: skip


@pytest.mark.parametrize("name", FIELDS)
def test_odd_values_are_survived(editor, name):
    fields = editor.fields()

    answers = []
    for value in ODD:
        sent = fields | {name: value.encode("utf-8", "surrogatepass")}
        answers.append(editor.client.post(editor.url, sent).status_code)

    assert set(answers) <= {302, 400, 409, 422}


def test_an_address_that_is_taken_is_said_at_its_field(editor, course):
    make.LessonFactory(course=course, slug="taken")

    answer = editor.send(slug="taken")

    assert errors(answer) == {"slug": ["Another lesson of this course, perhaps one in the trash, has this address."]}


def test_a_module_of_another_course_is_refused(editor):
    foreign = make.ModuleFactory()

    assert list(errors(editor.send(module=foreign.pk))) == ["module"]


def test_a_lesson_that_was_moved_meanwhile_stays_where_it_is(editor, course, lesson):
    page = editor.open()
    other = make.ModuleFactory(course=course)
    Lesson.objects.update(module=other)

    editor.send(page, title="After")

    lesson.refresh_from_db()
    assert (lesson.module, lesson.title) == (other, "After")


def test_a_lesson_is_moved_to_another_module(editor, course, lesson):
    other = make.ModuleFactory(course=course)

    editor.send(module=other.pk)

    assert Lesson.objects.get().module == other


@pytest.mark.parametrize(
    ("field", "text"),
    [
        ("captions_file", CAPTIONS),
        ("captions_file", "\ufeff" + CAPTIONS),
        ("captions", CAPTIONS),
        ("captions_file", "1\n00:00:01,000 --> 00:00:02,000\nHello.\n"),
    ],
)
def test_captions_are_uploaded_or_pasted(editor, field, text):
    editor.send(**{field: file_of(text) if field == "captions_file" else text})

    transcript = Transcript.objects.get()
    assert (transcript.captions[:6], transcript.text, transcript.cues) == ("WEBVTT", "Hello.", [[1.0, 2.0, "Hello."]])


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"\xff\xfe\x00", "The captions are not text in UTF-8. Save the file as UTF-8 and choose it again."),
        (b"WEBVTT\n\n\x00", "The captions are not text in UTF-8. Save the file as UTF-8 and choose it again."),
        (b"x" * (3 * 1024 * 1024 + 1), "The file is too large: captions of at most 3 MB are kept."),
        (b"WEBVTT\n\n00:09.000 --> 00:01.000\nx\n", "Line 3: the caption ends before it starts."),
    ],
)
def test_captions_that_are_none_are_refused(editor, content, says):
    answer = editor.send(captions_file=file_of(content))

    assert (errors(answer), Transcript.objects.count()) == ({"captions_file": [says]}, 0)


def test_an_uploaded_caption_file_survives_another_mistake(editor):
    refused = editor.send(title="", captions_file=file_of(CAPTIONS))

    editor.send(refused, title="After")

    assert (Lesson.objects.get().title, Transcript.objects.get().text) == ("After", "Hello.")


def test_captions_are_removed(editor, lesson):
    save_transcript(lesson, captions=CAPTIONS)

    page = editor.open()
    editor.send(page, remove_captions="on")

    assert ("1 caption, " in page.text, page.context["form"]["spoken"].value()) == (True, "")
    assert Transcript.objects.count() == 0


def test_the_staffs_own_clock_is_used(editor, owner):
    owner.time_zone = "America/New_York"
    owner.save()
    Lesson.objects.update(live_starts_at=datetime(2026, 5, 31, 16, 0, tzinfo=UTC))

    page = editor.open()

    assert ("On the clock of New York" in page.text, 'value="2026-05-31T12:00"' in page.text) == (True, True)


def test_a_new_lesson_asks_for_its_course(owner_client, course):
    page = owner_client.get("/dashboard/lessons/add/").text

    assert ('value="baking"' in page, "Next" in page) == (True, True)


def test_before_the_first_course_it_leads_to_making_one(owner_client):
    page = owner_client.get("/dashboard/lessons/add/").text

    assert ('class="btn btn-primary" href="/dashboard/courses/add/"' in page, "Next" in page) == (True, False)


def test_a_new_lesson_is_made(new, module):
    new.url += f"&module={module.pk}"
    answer = new.send(title="A New Start")

    lesson = Lesson.objects.get()
    assert answer.url == f"/dashboard/lessons/{lesson.pk}/edit/"
    assert (lesson.slug, lesson.module, lesson.is_published, lesson.completion_threshold) == (
        "a-new-start",
        module,
        False,
        90,
    )


@pytest.mark.parametrize("title", ["", "日本語", "Dough"])
def test_a_new_lesson_needs_a_title_and_a_free_address(new, lesson, title):
    answer = new.send(title=title)

    assert (answer.status_code, list(errors(answer))) == (422, ["title" if not title else "slug"])
    assert Lesson.objects.count() == 1


@pytest.mark.parametrize("query", ["?course=none", "?course=%00", "?module=1"])
def test_a_new_lesson_needs_a_course_that_is_there(owner_client, query):
    assert owner_client.post(f"/dashboard/lessons/add/{query}").status_code == 404


@pytest.mark.parametrize("part", ["edit", "pictures", "delete"])
def test_what_is_in_the_trash_is_not_found(owner_client, owner, lesson, part):
    address = f"/dashboard/lessons/{lesson.pk}/{part}/"
    trash_lesson(lesson=lesson, actor=owner, now=NOW)
    of_trashed = make.LessonFactory()
    trash_course(course=of_trashed.course, actor=owner, now=NOW)

    answers = [owner_client.get(url).status_code for url in (address, f"/dashboard/lessons/{of_trashed.pk}/{part}/")]

    assert answers == [404, 404]


@pytest.mark.parametrize("part", ["edit/", "pictures/", "delete/"])
def test_staff_who_only_look_change_nothing(staff_client, lesson, part):
    address = f"/dashboard/lessons/{lesson.pk}/{part}"

    assert [staff_client.get(address).status_code, staff_client.post(address).status_code] == [403, 403]


def test_deleting_asks_first_and_can_be_undone(owner_client, lesson):
    make.LessonProgressFactory(lesson=lesson, course=lesson.course)
    address = f"/dashboard/lessons/{lesson.pk}/delete/"

    asked = owner_client.get(address).text
    owner_client.post(address)
    in_trash = Lesson.objects.get().trashed_at
    page = owner_client.get("/dashboard/lessons/")
    token = page.text.partition('name="token" value="')[2].partition('"')[0]
    answer = owner_client.post("/dashboard/undo/", {"token": token})

    assert ("1 student has progress in it." in asked, "Dough is in the trash for 30 days." in page.text) == (True, True)
    assert (in_trash is None, Lesson.objects.get().trashed_at, answer.url) == (False, None, "/dashboard/lessons/")


@pytest.mark.parametrize("count", [1, 30])
def test_the_editor_costs_7_queries(editor, course, module, lesson, count):
    make.LessonFactory.create_batch(count, course=course, module=module)
    make.MaterialFactory.create_batch(count, lesson=lesson)
    editor.open()

    with counted_queries() as queries:
        editor.open()

    assert len(queries) == 7, queries


def test_a_length_nobody_wrote_is_filled_from_what_players_said(editor, lesson):
    Lesson.objects.update(video_url="https://vimeo.com/1")
    for seconds in (760, 9999, 760, 0):
        make.LessonProgressFactory(lesson=lesson, course=lesson.course, duration_seconds=seconds)

    shown = editor.open().context["form"]["duration"].value()
    editor.send()

    assert (shown, Lesson.objects.get().video_duration_seconds) == ("12:40", 760)


def test_a_length_no_player_said_stays_empty(editor, lesson):
    Lesson.objects.update(video_url="https://vimeo.com/1")

    assert editor.open().context["form"]["duration"].value() is None
