"""Import pressed twice at once imports once; an editor who saves while it imports loses nothing."""

import pytest
from django.core.files.base import ContentFile

from accounts.models import StaffAction
from catalog.folders import holding
from catalog.models import Course, Lesson
from tests.catalog.folders.conftest import _media  # noqa: F401 - a fixture
from tests.factories import NOW, StaffFactory
from tests.races.conftest import at_once
from tests.threats.test_zip import zipped

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("_media")]
COURSE = ("course.md", "---\ntitle: Bread\nslug: bread\n---\n")


@pytest.fixture
def staff():
    return StaffFactory()


def held(staff, body):
    lesson = ("01-flour.md", f"---\ntitle: Flour\nslug: flour\n---\n{body}\n")
    upload = ContentFile(zipped(COURSE, lesson).getvalue(), name="bread.zip")
    return holding.hold_upload(upload=upload, owner=staff, now=NOW)


def put(found, staff):
    return lambda: holding.import_held(held=found, sha256=found.sha256, actor=staff, now=NOW)


def pressed_twice(staff):
    """How often the log says that a file, which changes nothing, was imported."""
    put(held(staff, "Sieve."), staff)()
    same = held(staff, "Sieve.")
    at_once(put(same, staff), put(same, staff), may_fail=True)
    return StaffAction.objects.count() - 1


def test_import_pressed_twice_at_once_imports_once(staff):
    assert pressed_twice(staff) == 1


def test_twin_without_the_condition_imports_twice(staff, monkeypatch):
    monkeypatch.setattr(holding, "_is_first", lambda held, now: True)

    assert pressed_twice(staff) == 2


@pytest.fixture
def beside_an_editor(staff, overlap):
    """What a row says after an editor saved it between the last look of the import and its writing."""

    def run(model, column):
        put(held(staff, "Sieve."), staff)()
        found = held(staff, "From the zip.")
        edit = {column: "From the editor"}
        overlap("catalog.folders.holding._fingerprint", put(found, staff), lambda: model.objects.update(**edit))
        return getattr(model.objects.get(), column).strip()

    return run


@pytest.mark.parametrize(("model", "column"), [(Lesson, "body"), (Course, "title")])
def test_what_an_editor_saves_meanwhile_comes_after_the_import(beside_an_editor, model, column):
    assert beside_an_editor(model, column) == "From the editor"


@pytest.mark.parametrize(("model", "column", "said"), [(Lesson, "body", "From the zip."), (Course, "title", "Bread")])
def test_twin_without_the_locks_loses_it(beside_an_editor, without_row_locks, model, column, said):
    assert beside_an_editor(model, column) == said
