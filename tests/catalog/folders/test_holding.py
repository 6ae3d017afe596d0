"""A zip that staff upload: checked, held for an hour, imported as it was checked, once."""

import io
from datetime import timedelta

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from accounts.models import StaffAction
from catalog.folders import holding
from catalog.folders.drafts import BadFolder
from catalog.folders.zips import write_zip
from catalog.models import Course, CourseImport, Lesson
from progress.models import LessonProgress
from tests import factories as make
from tests.catalog.folders.test_round_trip import forget, make_full_course, picture_of
from tests.factories import NOW
from tests.threats.test_zip import zipped

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("_media")]
HOUR = timedelta(hours=1)
BREAD = {
    "course.md": "---\ntitle: Bread\nslug: bread\nstatus: active\n---\nFlour and water.\n",
    "01-dough/module.md": "---\ntitle: Dough\n---\n",
    "01-dough/01-flour.md": "---\ntitle: Flour\nslug: flour\npublished: true\n---\nSieve.\n",
}


PLAIN = {"README.md": "# Bread\n\nAll [about](docs/x.md) bread.\n", "01-dough/01-flour.md": "# Flour\n\nSieve.\n"}


def upload(files=BREAD, name="bread.zip"):
    return ContentFile(zipped(*files.items()).getvalue(), name=name)


def hold(staff, files=BREAD, *, now=NOW, name="bread.zip", **said):
    return holding.hold_upload(upload=upload(files, name), owner=staff, now=now, **said)


def put(held, staff, *, now=NOW):
    return holding.import_held(held=held, sha256=held.sha256, actor=staff, now=now)


def stored():
    return default_storage.listdir("imports")[1] if default_storage.exists("imports") else []


def export(course):
    sink = io.BytesIO()
    write_zip(course, sink)
    return sink.getvalue()


def test_checking_saves_nothing_of_the_course(staff):
    held = hold(staff)

    assert [str(change) for change in holding.report_of(held).changes] == [
        "created course “Bread”",
        "created module “Dough”",
        "created lesson “Flour”",
    ]
    assert (Course.objects.count(), Lesson.objects.count(), len(stored())) == (0, 0, 1)


def test_the_report_names_the_file_of_each_change(staff):
    paths = [change.path for change in holding.report_of(hold(staff)).changes]

    assert paths == ["course.md", "01-dough/module.md", "01-dough/01-flour.md"]


def test_importing_does_what_the_report_says(staff):
    held = hold(staff)

    course, report = put(held, staff)

    assert (course.slug, report.changes) == ("bread", holding.report_of(held).changes)
    assert course.lesson_count == 1


def test_importing_is_in_the_log_of_staff(staff):
    put(hold(staff), staff)

    action = StaffAction.objects.get()
    detail = "bread.zip: created 1 course, created 1 module, created 1 lesson, unchanged 0"
    assert (action.actor, action.verb, action.label, action.detail) == (staff, "imported", "Bread", detail)


def test_the_file_goes_once_it_is_imported(staff, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        put(hold(staff), staff)

    assert stored() == []


def test_a_second_import_is_refused(staff):
    held = hold(staff)
    put(held, staff)

    with pytest.raises(holding.ImportRefused, match="imported already"):
        put(held, staff)
    held.refresh_from_db()
    with pytest.raises(holding.ImportRefused, match="imported already"):
        put(held, staff)


def test_what_was_imported_is_not_checked_again(staff):
    held = hold(staff)
    put(held, staff)
    held.refresh_from_db()

    with pytest.raises(holding.ImportRefused, match="imported already"):
        holding.check_again(held=held, now=NOW)


def test_another_file_than_the_one_checked_is_refused(staff):
    held = hold(staff)

    with pytest.raises(holding.ImportRefused, match="not the file"):
        holding.import_held(held=held, sha256="0" * 64, actor=staff, now=NOW)

    assert Course.objects.count() == 0


def test_a_file_exchanged_in_the_storage_is_refused(staff):
    held = hold(staff)
    default_storage.delete(held.stored_name)
    default_storage.save(held.stored_name, upload({"course.md": BREAD["course.md"]}))

    with pytest.raises(holding.ImportRefused, match="not the file"):
        put(held, staff)


def test_after_an_hour_it_is_held_no_more(staff):
    held = hold(staff)

    for do in (
        lambda: put(held, staff, now=NOW + HOUR * 1.01),
        lambda: holding.check_again(held=held, now=NOW + HOUR * 2),
    ):
        with pytest.raises(holding.ImportRefused, match="more than an hour ago"):
            do()


def test_what_is_over_is_deleted_with_its_file(staff):
    hold(staff)
    kept = hold(staff, now=NOW + HOUR / 2)

    assert holding.forget_imports(now=NOW + HOUR * 1.01) == 1
    assert list(CourseImport.objects.all()) == [kept]
    assert stored() == [kept.stored_name.removeprefix("imports/")]


def test_the_next_upload_deletes_what_is_over(staff):
    hold(staff)
    hold(staff, now=NOW + HOUR * 1.01)

    assert (CourseImport.objects.count(), len(stored())) == (1, 1)


@pytest.mark.parametrize(
    "change",
    [
        lambda course: Course.objects.update(short_description="New"),
        lambda course: Lesson.objects.update(body="New"),
        lambda course: course.modules.update(title="New"),
        lambda course: make.LessonFactory(course=course),
        lambda course: make.MaterialFactory(lesson=course.lessons.get()),
        lambda course: make.TranscriptFactory(lesson=course.lessons.get()),
    ],
)
def test_a_course_changed_since_the_check_is_told(staff, change):
    course, _ = put(hold(staff), staff)
    held = hold(staff, BREAD | {"01-dough/01-flour.md": BREAD["01-dough/01-flour.md"] + "Rest.\n"})
    change(course)

    with pytest.raises(holding.ChangedMeanwhile):
        put(held, staff)

    assert StaffAction.objects.count() == 1


def test_a_course_made_since_the_check_is_told(staff):
    first, second = hold(staff), hold(staff)
    put(first, staff)

    with pytest.raises(holding.ChangedMeanwhile):
        put(second, staff)


def test_checked_again_it_is_imported(staff):
    put(hold(staff), staff)
    held = hold(staff)
    Lesson.objects.update(body="New")

    holding.check_again(held=held, now=NOW + HOUR / 2)
    _, report = put(held, staff, now=NOW + HOUR)

    assert [(change.name, change.fields) for change in report.changes] == [("Flour", ("body",))]


def test_importing_again_keeps_progress(staff, student):
    course, _ = put(hold(staff), staff)
    make.LessonProgressFactory(user=student, lesson=course.lessons.get())

    put(hold(staff, BREAD | {"01-dough/01-flour.md": "---\ntitle: Fine flour\nslug: flour\n---\n"}), staff)

    assert LessonProgress.objects.get().lesson.title == "Fine flour"


def test_problems_are_told_by_file_and_line_and_nothing_is_kept(staff):
    bad = BREAD | {
        "course.md": "---\ntitle: Bread\nslug: bread\ncolour: red\n---\n",
        "01-dough/01-flour.md": "---\ntype: x\n---\n",
    }

    with pytest.raises(BadFolder) as refused:
        hold(staff, bad)

    assert [(problem.path, problem.line) for problem in refused.value.problems] == [("course.md", 4)]
    assert (CourseImport.objects.count(), stored()) == (0, [])


def test_a_plain_repository_is_named_by_its_folder_or_by_the_file(staff):
    around = {f"baking-main/{name}": text for name, text in PLAIN.items()}

    slugs = [hold(staff, PLAIN, name="Übung 1.zip").course_slug, hold(staff, around).course_slug]

    assert slugs == ["ubung-1", "baking-main"]


def test_what_is_said_of_a_plain_repository_counts(staff):

    course, _ = put(hold(staff, PLAIN, slug="brot", base_url="https://example.com/brot", is_draft=True), staff)

    assert (course.slug, course.status, "https://example.com/brot/docs/x.md" in course.description) == (
        "brot",
        "draft",
        True,
    )


def test_what_was_exported_imports_to_an_equal_course(staff):
    make_full_course()
    course = Course.objects.get()
    before, first = picture_of(course), export(course)
    forget(course)

    held = holding.hold_upload(upload=ContentFile(first, name="x.zip"), owner=staff, now=NOW)
    again, _ = put(held, staff)

    assert picture_of(Course.objects.get()) == before
    assert export(again) == first


def test_an_upload_may_have_no_name(staff):
    held = hold(staff, name=None)

    assert str(held) == ""
