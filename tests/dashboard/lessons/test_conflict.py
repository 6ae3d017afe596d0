"""Two people at one lesson: the second is told, sees both versions, and loses nothing."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from catalog.models import Lesson, Material
from catalog.services import save_transcript
from catalog.trash import trash_lesson
from tests import factories as make
from tests.conftest import client_of
from tests.dashboard.lessons.sending import Editor, row_errors
from tests.factories import NOW

pytestmark = pytest.mark.django_db


@pytest.fixture
def ola(editor):
    """Another owner at the same lesson."""
    other = make.StaffFactory(name="Ola Other", is_superuser=True)
    return Editor(client_of(other), editor.url)


def differences(response):
    found = response.context["conflict"].differences
    return [(each.name, each.label, each.mine, each.theirs) for each in found]


def test_the_second_sees_both_versions_and_nothing_is_saved(editor, ola):
    page = editor.open()
    ola.send(title="Hers", body="", is_preview="on", lesson_type="audio")

    answer = editor.send(page, title="Mine", duration="4:10")

    assert (answer.status_code, Lesson.objects.get().title) == (409, "Hers")
    assert differences(answer) == [
        ("title", "Title", "Mine", "Hers"),
        ("lesson_type", "Type", "Text", "Audio"),
        ("duration", "Length", "4:10", "(empty)"),
        ("body", "Text", "Mix.", "(empty)"),
        ("is_preview", "Free preview", "no", "yes"),
    ]
    assert ("Ola Other saved this lesson" in answer.text, "Conflict: " in answer.text) == (True, True)


def test_saving_again_keeps_mine(editor, ola):
    page = editor.open()
    ola.send(title="Hers", homework="Hers")

    editor.send(editor.send(page, title="Mine"))

    assert Lesson.objects.values_list("title", "homework").get() == ("Mine", "")


def test_theirs_is_taken_where_one_says_so(editor, ola, module):
    page = editor.open()
    ola.send(title="Hers", homework="Hers", lesson_type="audio", module="", is_preview="on", duration="1:00")

    conflict = editor.send(page, title="Mine", live_starts_at="2026-05-31T18:00")
    taken = ["homework", "lesson_type", "module", "is_preview", "duration", "live_starts_at", "version"]
    editor.send(conflict, theirs=taken)

    lesson = Lesson.objects.get()
    assert (lesson.title, lesson.homework, lesson.lesson_type, lesson.module) == ("Mine", "Hers", "audio", None)
    assert (lesson.is_preview, lesson.video_duration_seconds, lesson.live_starts_at) == (True, 60, None)


def test_both_saving_the_same_is_no_conflict(editor, ola):
    page = editor.open()
    first = editor.send(page, title="Same")

    second = editor.send(page, title="Same")

    assert (first.status_code, second.status_code, second.url) == (302, 302, editor.url)


def test_a_third_save_in_between_is_a_conflict_again(editor, ola):
    conflict = editor.send(editor.open(), title="Mine") and None
    page = editor.open()
    ola.send(title="Hers")
    conflict = editor.send(page, title="Mine")
    ola.send(title="Hers again")

    answer = editor.send(conflict)

    assert (answer.status_code, differences(answer)[0][3]) == (409, "Hers again")


def test_a_lesson_that_went_to_the_trash_is_told(editor, lesson, owner):
    page = editor.open()
    trash_lesson(lesson=lesson, actor=owner, now=NOW)

    answer = editor.send(page)

    assert (answer.status_code, "The lesson is in the trash now." in answer.text) == (409, True)


def test_a_conflict_without_anybody_in_the_log_is_told_too(editor, lesson):
    page = editor.open()
    lesson.title = "By import"
    lesson.save()

    assert "Somebody saved this lesson after you had opened it." in editor.send(page).text


def test_a_move_meanwhile_is_no_difference(editor, ola, course):
    page = editor.open()
    other = make.ModuleFactory(course=course)
    ola.send(title="Hers", module=other.pk)

    answer = editor.send(page, title="Mine")
    editor.send(answer)

    assert ([each[0] for each in differences(answer)], Lesson.objects.get().module) == (["title"], other)


def test_captions_of_theirs_are_a_difference(editor, ola):
    page = editor.open()
    ola.send(spoken="Hers")

    answer = editor.send(page, captions="WEBVTT\n\n00:01.000 --> 00:02.000\nMine.\n")

    assert (answer.context["conflict"].has_new_rows, "Materials or captions differ too" in answer.text) == (True, True)


def test_materials_of_both_are_there_after_a_conflict(editor, ola, lesson):
    gone, kept = (make.MaterialFactory(lesson=lesson, title=title) for title in ("Gone", "Kept"))
    page = editor.open()
    ola.send(**{"materials-0-remove": "on", "materials-2-title": "Hers", "materials-2-url": "https://h.example/"})
    mine = {"materials-1-title": "Kept, mine", "materials-2-file": SimpleUploadedFile("mine.pdf", b"x")}

    conflict = editor.send(page, **mine)
    editor.send(conflict)

    assert (conflict.status_code, row_errors(conflict), Material.objects.filter(pk=gone.pk).exists()) == (
        409,
        [],
        False,
    )
    titles = list(Material.objects.order_by("order").values_list("title", flat=True))
    assert sorted(titles) == ["Hers", "Kept, mine", "mine"]
    assert Material.objects.get(title="Kept, mine").pk == kept.pk


def test_a_row_ticked_to_go_stays_ticked(editor, ola, lesson):
    make.MaterialFactory(lesson=lesson, title="Mine to remove")
    page = editor.open()
    ola.send(title="Hers")

    conflict = editor.send(page, **{"materials-0-remove": "on"})
    editor.send(conflict)

    assert (conflict.status_code, Material.objects.count()) == (409, 0)


def test_a_transcript_that_only_follows_from_captions_is_no_difference(editor, ola, lesson):
    save_transcript(lesson, captions="WEBVTT\n\n00:01.000 --> 00:02.000\nHello.\n")
    page = editor.open()
    ola.send(title="Hers")

    assert [each[0] for each in differences(editor.send(page))] == ["title"]
