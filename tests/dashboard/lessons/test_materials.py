"""The rows of materials in the editor: files and addresses, their order, and files that survive a mistake elsewhere."""

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile

from catalog.models import Lesson, Material
from catalog.pictures import files_under
from common.storages import StorageAway
from tests import factories as make
from tests.conftest import client_of
from tests.dashboard.lessons.sending import Editor, row_errors

pytestmark = pytest.mark.django_db


def plan(name="My_plan.PDF", content=b"words"):
    return SimpleUploadedFile(name, content)


def row(number, **fields):
    return {f"materials-{number}-{name}": value for name, value in fields.items()}


def titles():
    return list(Material.objects.order_by("order").values_list("title", flat=True))


def test_a_file_becomes_a_material_named_after_it(editor):
    editor.send(**row(0, file=plan(), kind="workbook"))

    material = Material.objects.get()
    with material.file.open() as file:
        kept = file.read()
    assert (material.title, material.kind, kept) == ("My plan", "workbook", b"words")
    assert material.file.name.endswith("/my_plan.pdf")


def test_an_address_becomes_a_material(editor):
    editor.send(**row(1, title="Site", url="example.com/plan"))

    assert Material.objects.values_list("title", "url", "kind").get() == (
        "Site",
        "https://example.com/plan",
        "resource",
    )


def test_rows_stand_in_the_order_given(editor, lesson):
    for order, title in enumerate(("A", "B", "C")):
        make.MaterialFactory(lesson=lesson, title=title, order=order)

    editor.send(**row(0, order="9"), **row(2, order="0"), **row(3, title="Last", url="https://d.example/"))

    assert titles() == ["C", "B", "A", "Last"]


def test_a_material_is_changed_and_another_removed(editor, lesson):
    make.MaterialFactory.create_batch(2, lesson=lesson)

    editor.send(**row(0, title="Changed", url="https://new.example/"), **row(1, remove="on"))

    assert list(Material.objects.values_list("title", "url")) == [("Changed", "https://new.example/")]


def test_a_row_to_be_removed_needs_nothing(editor, lesson):
    make.MaterialFactory(lesson=lesson)

    assert (editor.send(**row(0, title="", url="", remove="on")).status_code, titles()) == (302, [])


def test_the_editor_leads_to_a_file(editor, lesson):
    material = make.MaterialFactory(lesson=lesson, url="", file=ContentFile(b"x", name="x.pdf"))

    assert f'href="/courses/baking/dough/files/{material.pk}/"' in editor.open().text


WRONG = [
    ({"title": "Nothing"}, {"file": ["Choose a file, or give an address."]}),
    ({"url": "https://a.example/"}, {"title": ["Give the material a title."]}),
    (
        {"title": "Both", "url": "https://a.example/", "file": plan()},
        {"url": ["A material is a file or an address. Leave one of the two empty."]},
    ),
    ({"title": "X", "url": "javascript:alert(1)"}, {"url": ["Write a web address, like https://example.com/plan."]}),
    ({"title": "X", "url": "https://a.example/", "order": "-1"}, {"order": ["Order must be from 0 to 9999."]}),
    ({"title": "X", "file": plan("x.html")}, {"file": ["The file is not a type of file that may be a material."]}),
    ({"title": "X", "file": plan("x.svg")}, {"file": ["The file is not a type of file that may be a material."]}),
    ({"title": "x" * 201, "file": plan()}, {"title": ["Ensure this value has at most 200 characters (it has 201)."]}),
    (
        {"title": "X", "url": "https://a.example/", "kind": "cake"},
        {"kind": ["Select a valid choice. cake is not one of the available choices."]},
    ),
]


@pytest.mark.parametrize(("fields", "errors"), WRONG)
def test_what_is_wrong_is_said_at_its_row(editor, fields, errors):
    if "file" in fields:
        fields["file"].seek(0)

    answer = editor.send(title="After", **row(0, **fields))

    assert (answer.status_code, row_errors(answer)) == (422, [errors])
    assert (Lesson.objects.get().title, "Material 1: " in answer.text) == ("Dough", True)


def test_a_file_too_large_is_refused(editor, settings):
    settings.MATERIAL_MAX_BYTES = 1024**2

    answer = editor.send(**row(0, title="X", file=plan(content=bytes(1024**2 + 1))))

    assert row_errors(answer) == [{"file": ["The file is too large: at most 1 MB are kept."]}]


@pytest.mark.parametrize("fields", [{"url": "https://a.example/"}, {"file": plan()}, {}, {"remove": "on"}])
def test_a_material_of_another_lesson_is_no_row_of_this_one(editor, fields):
    foreign = make.MaterialFactory(title="Foreign")

    answer = editor.send(title="After", **row(0, pk=foreign.pk, title="Mine now", **fields))

    foreign.refresh_from_db()
    assert (answer.status_code, foreign.title) == (302 if "remove" in fields else 409, "Foreign")


def test_a_form_with_a_file_sent_twice_is_saved_once(editor):
    page = editor.open()

    answers = [editor.send(page, **row(0, file=plan())).status_code for _ in range(2)]

    assert (answers, titles()) == ([302, 302], ["My plan"])


def test_too_many_rows_are_refused(editor):
    rows = {}
    for number in range(41):
        rows |= row(number, title="X", url="https://a.example/")

    answer = editor.send(**{"materials-TOTAL_FORMS": "41"}, **rows)

    assert (answer.status_code, "Please submit at most 40 forms." in answer.text) == (422, True)


def test_a_form_without_its_rows_saves_nothing(editor):
    answer = editor.send(**{"materials-TOTAL_FORMS": None, "materials-INITIAL_FORMS": None})

    assert (answer.status_code, Lesson.objects.get().body) == (422, "Mix.")


def test_a_file_is_held_while_something_else_is_wrong(editor):
    refused = editor.send(title="", **row(0, file=plan()))
    again = editor.send(refused, title="", body="More")

    answer = editor.send(again, title="After")

    assert ("my_plan.pdf is kept" in refused.text, "my_plan.pdf is kept" in again.text) == (True, True)
    assert (answer.status_code, titles(), list(files_under("held/"))) == (302, ["my plan"], [])


def test_a_held_file_is_dropped_when_its_row_goes(editor):
    refused = editor.send(title="", **row(0, file=plan()))

    editor.send(refused, title="After", **row(0, remove="on"))

    assert (titles(), list(files_under("held/"))) == ([], [])


def test_a_file_that_is_refused_is_not_held(editor):
    editor.send(title="", **row(0, file=plan("x.html")))

    assert list(files_under("held/")) == []


def test_a_held_file_is_of_nobody_else(editor, lesson):
    refused = editor.send(title="", **row(0, file=plan()))
    other = Editor(client_of(make.StaffFactory(is_superuser=True)), editor.url)

    answer = other.send(refused, title="Stolen")

    assert (answer.status_code, titles()) == (302, [])


def test_a_held_name_made_up_opens_no_file(editor, lesson):
    default_storage.save("materials/secret.pdf", ContentFile(b"x"))

    answer = editor.send(**row(0, title="X", held="materials/secret.pdf"))

    assert row_errors(answer) == [{"file": ["Choose a file, or give an address."]}]


def test_a_storage_that_is_away_is_told_and_nothing_is_saved(editor, monkeypatch):
    def away(*arguments, **named):
        raise StorageAway("The file storage does not answer.")

    monkeypatch.setattr("catalog.lesson_saving.default_storage.save", away)

    answer = editor.send(title="After", **row(0, file=plan()))

    assert (answer.status_code, "The file storage does not answer." in answer.text) == (422, True)
    assert Lesson.objects.get().title == "Dough"
