"""Import pressed twice at once imports once; an editor who saves while it imports loses nothing."""

import pytest
from django.core.files.base import ContentFile
from django.db import connection

from accounts.models import StaffAction
from catalog.folders import holding
from catalog.models import Lesson
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


def beside_an_editor(staff, linger):
    """What the lesson says after an editor saved it between the check of the import and its writing."""
    put(held(staff, "Sieve."), staff)()
    found = held(staff, "From the zip.")
    linger("catalog.folders.holding.apply_course", 0.8)

    def edit():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_sleep(0.4)")
        Lesson.objects.update(body="From the editor.")

    at_once(put(found, staff), edit)
    return Lesson.objects.get().body


def test_what_an_editor_saves_meanwhile_comes_after_the_import(staff, linger):
    assert beside_an_editor(staff, linger) == "From the editor."


def test_twin_without_the_locks_loses_it(staff, linger, without_row_locks):
    assert beside_an_editor(staff, linger).strip() == "From the zip."
