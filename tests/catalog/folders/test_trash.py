"""Folders know nothing of the trash: it is neither exported nor imported over, and an import leaves it alone."""

import pytest

from catalog.folders.drafts import BadFolder
from catalog.folders.importing import import_folder
from catalog.folders.writing import course_files
from catalog.models import Course, Lesson
from catalog.services import require_first
from tests import factories as make
from tests.catalog.folders.test_applying import FILES
from tests.factories import NOW

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("_media")]


def causes(refusal):
    return [problem.cause for problem in refusal.value.problems]


def test_a_course_in_the_trash_is_not_imported_over(write):
    import_folder(write(FILES))
    Course.objects.update(status="draft", trashed_at=NOW)

    with pytest.raises(BadFolder) as refusal:
        import_folder(write(FILES))

    assert causes(refusal) == ["slug: is of a course in the trash; restore it"]


def test_a_lesson_in_the_trash_is_not_imported_over(write):
    import_folder(write(FILES))
    Lesson.objects.filter(slug="flour").update(is_published=False, trashed_at=NOW)

    with pytest.raises(BadFolder) as refusal:
        import_folder(write(FILES))

    assert causes(refusal) == ["slug: “flour” is of a lesson in the trash; restore it"]


def test_a_lesson_in_the_trash_stays_there_when_the_folder_has_it_no_more(write):
    folder = write(FILES)
    import_folder(folder)
    Lesson.objects.filter(slug="oven").update(is_published=False, trashed_at=NOW)
    (folder / "02-heat/01-oven.md").unlink()

    import_folder(folder)

    assert Lesson.objects.filter(slug="oven", trashed_at=NOW).exists()


def test_what_is_in_the_trash_is_not_exported(write):
    import_folder(write(FILES))
    course = Course.objects.get()
    require_first(course, [make.CourseFactory(slug="gone"), make.CourseFactory(slug="kept")])
    Course.objects.filter(slug="gone").update(status="draft", trashed_at=NOW)
    Lesson.objects.filter(slug="flour").update(is_published=False, trashed_at=NOW)

    texts, _ = course_files(course)

    assert (
        [name for name in texts if "flour" in name],
        "gone" in texts["course.md"],
        "kept" in texts["course.md"],
    ) == (
        [],
        False,
        True,
    )


def test_what_comes_first_and_lies_in_the_trash_is_left_alone(write):
    import_folder(write(FILES))
    course = Course.objects.get()
    gone, kept = make.CourseFactory(slug="gone"), make.CourseFactory(slug="kept")
    require_first(course, [gone, kept])
    Course.objects.filter(slug="gone").update(status="draft", trashed_at=NOW)
    texts, _ = course_files(course)

    import_folder(write(FILES | {"course.md": texts["course.md"]}))

    assert set(course.prerequisites.all()) == {gone, kept}


def test_a_course_in_the_trash_cannot_come_first(write):
    make.CourseFactory(slug="gone", status="draft", trashed_at=NOW)
    asks = FILES["course.md"].replace("status:", "prerequisites: [gone]\nstatus:")

    with pytest.raises(BadFolder) as refusal:
        import_folder(write(FILES | {"course.md": asks}))

    assert causes(refusal) == ["prerequisites: there is no course “gone”; import it first"]
