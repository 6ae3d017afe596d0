"""Modules and lessons of an outline: added, named, copied, published, taken away and brought back."""

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from accounts.models import StaffAction
from catalog.arranging import NoSuchPlace, OutlineChanged
from catalog.models import Course, Lesson, Module
from catalog.outline import (
    add_lesson,
    add_module,
    bring_module_back,
    change_module,
    delete_module,
    duplicate_lesson,
    free_slug,
    publish_lesson,
    rename_lesson,
)
from catalog.services import recount_lessons
from catalog.trash import trash_lesson
from tests import factories as make
from tests.catalog.outlines import course_of, order_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def course():
    return course_of(Welcome=["a", "b"], Voice=["c"])


def lesson(course, title):
    return course.lessons.select_related("course").get(title=title)


def module(course, title):
    return course.modules.select_related("course").get(title=title)


def notes():
    return [(note.verb, note.kind, note.label) for note in StaffAction.objects.order_by("pk")]


def test_a_module_is_added_at_the_end(course, staff):
    added = add_module(course=course, title="Words", description="*All* of them", actor=staff)

    assert [*order_of(course)] == ["", "Welcome", "Voice", "Words"]
    assert (added.description_html, notes()) == ("<p><em>All</em> of them</p>\n", [("created", "module", "Words")])


def test_a_module_is_renamed_and_described(course, staff):
    change_module(module=module(course, "Voice"), title="Sound", description="**Loud**", actor=staff)

    changed = Module.objects.get(title="Sound")
    assert (changed.description_html, notes()) == ("<p><strong>Loud</strong></p>\n", [("changed", "module", "Sound")])
    assert StaffAction.objects.get().detail == f"In {course}, was “Voice”"


def test_a_module_that_is_only_described_was_called_nothing_else(course, staff):
    change_module(module=module(course, "Voice"), title="Voice", description="Loud", actor=staff)

    assert StaffAction.objects.get().detail == f"In {course}"


def test_lessons_of_a_deleted_module_keep_their_place_in_reading_order(course, staff):
    before = list(course.lessons.in_reading_order().values_list("title", flat=True))

    gone = delete_module(module=module(course, "Voice"), actor=staff)

    assert order_of(course) == {"": [], "Welcome": ["a", "b", "c"]}
    assert list(course.lessons.in_reading_order().values_list("title", flat=True)) == before
    assert (gone.module_before.title, notes()) == ("Welcome", [("deleted", "module", "Voice")])


def test_lessons_of_the_first_module_stand_before_all_modules(course, staff):
    gone = delete_module(module=module(course, "Welcome"), actor=staff)

    assert (order_of(course), gone.module_before) == ({"": ["a", "b"], "Voice": ["c"]}, None)


def test_a_deleted_module_comes_back_with_its_lessons_also_those_in_the_trash(course, staff):
    hidden = trash_lesson(lesson=lesson(course, "b"), actor=staff, now=make.NOW)
    gone = vars(delete_module(module=module(course, "Welcome"), actor=staff))
    left = Lesson.objects.get(pk=hidden.pk).module

    back = bring_module_back(course=course, actor=staff, **{key: gone[key] for key in gone if key != "module_before"})

    assert (order_of(course), left) == ({"": [], "Welcome": ["a"], "Voice": ["c"]}, None)
    assert Lesson.objects.get(pk=hidden.pk).module == back


def test_a_deleted_module_does_not_come_back_into_another_order(course, staff):
    gone = vars(delete_module(module=module(course, "Welcome"), actor=staff))
    add_module(course=course, title="Words", actor=staff)

    with pytest.raises(OutlineChanged):
        bring_module_back(course=course, actor=staff, **{key: gone[key] for key in gone if key != "module_before"})

    assert [*order_of(course)] == ["", "Voice", "Words"]


def test_a_module_is_deleted_once(course, staff):
    row = module(course, "Welcome")
    delete_module(module=module(course, "Welcome"), actor=staff)

    with pytest.raises(OutlineChanged):
        delete_module(module=row, actor=staff)


def test_a_new_lesson_is_last_in_its_module_and_unpublished(course, staff):
    added = add_lesson(course=course, module_id=module(course, "Welcome").pk, title="First Words", actor=staff)

    assert order_of(course)["Welcome"] == ["a", "b", "First Words"]
    assert (added.slug, added.is_published, added.lesson_type) == ("first-words", False, "video")
    assert notes() == [("created", "lesson", "First Words")]


def test_a_lesson_is_not_added_to_a_module_of_another_course(course, staff):
    with pytest.raises(NoSuchPlace):
        add_lesson(course=course, module_id=make.ModuleFactory().pk, title="x", actor=staff)

    assert course.lessons.count() == 3


@pytest.mark.parametrize(
    ("title", "slug"),
    [
        ("Quiz", "lesson-quiz"),
        ("2026", "lesson-2026"),
        ("こんにちは", "lesson"),
        ("a", "a-2"),
        ("x" * 200, "x" * 100),
        ("Hidden", "hidden-3"),
    ],
)
def test_an_address_is_free_not_reserved_and_no_number(course, title, slug):
    make.LessonFactory(course=course, slug="hidden", is_published=False, trashed_at=make.NOW)
    make.LessonFactory(course=course, slug="hidden-2")

    assert free_slug(course, title) == slug


def test_a_renamed_lesson_keeps_its_address_and_is_found_by_its_new_title(course, staff):
    row = lesson(course, "a")
    stale = rename_lesson(lesson=row, title="Beginning", actor=staff)

    assert (stale.slug, Course.objects.get().search_text.split("\n")[-3:]) == ("a", ["Beginning", "c", "b"])
    assert stale.updated_at > row.updated_at


def test_publishing_counts_and_is_noted_once(course, staff):
    recount_lessons(course.pk)
    hide = {"lesson": lesson(course, "a"), "is_published": False, "actor": staff}

    changed = [publish_lesson(**hide), publish_lesson(**hide)]
    hidden = Course.objects.get().lesson_count
    publish_lesson(**hide | {"is_published": True})

    assert (changed, hidden, Course.objects.get().lesson_count) == ([True, False], 2, 3)
    assert notes() == [("unpublished", "lesson", "a"), ("published", "lesson", "a")]


def test_nothing_is_done_to_what_is_in_the_trash(course, staff):
    row = trash_lesson(lesson=lesson(course, "a"), actor=staff, now=make.NOW)

    for call, more in (
        (rename_lesson, {"title": "x"}), (publish_lesson, {"is_published": True}), (duplicate_lesson, {}),
    ):  # fmt: skip
        with pytest.raises(OutlineChanged):
            call(lesson=row, actor=staff, **more)

    assert Lesson.objects.get(pk=row.pk).is_published is False


@pytest.fixture
def rich(course):
    """A lesson with everything an author can give it."""
    row = lesson(course, "a")
    address = f"/courses/{course.slug}/a/pictures/plan.png"
    fields = {"body": f"![Plan]({address})", "video_url": "https://vimeo.com/76979871", "is_preview": True}
    fields |= {"timestamps": [{"time_seconds": 5, "label": "Start"}], "available_after_days": 3}
    Lesson.objects.filter(pk=row.pk).update(**fields)
    make.MaterialFactory(lesson=row, title="Workbook")
    make.MaterialFactory(lesson=row, title="Plan", url="", file="materials/plan.pdf", order=1)
    make.TranscriptFactory(lesson=row, captions="WEBVTT", text="Hello", cues=[[0, 1, "Hello"]])
    make.LessonProgressFactory(lesson=row)
    default_storage.save(f"lessons/{course.slug}/a/plan.png", ContentFile(b"pixels"))
    return row


def test_a_copy_stands_behind_unpublished_with_all_an_author_gave(course, rich, staff):
    copy = duplicate_lesson(lesson=rich, actor=staff)

    assert order_of(course)["Welcome"] == ["a", "a (copy)", "b"]
    assert (copy.slug, copy.is_published, copy.video_id, copy.timestamps) == (
        "a-copy", False, "76979871", [{"time_seconds": 5, "label": "Start"}],
    )  # fmt: skip
    assert list(copy.materials.order_by("order").values_list("title", "file", "url")) == [
        ("Workbook", "", "https://example.com/workbook.pdf"), ("Plan", "materials/plan.pdf", ""),
    ]  # fmt: skip
    assert (copy.transcript.text, copy.transcript.captions) == ("Hello", "WEBVTT")
    assert (copy.progress.count(), rich.materials.count(), rich.progress.count()) == (0, 2, 1)


def test_a_copy_has_pictures_of_its_own(course, rich, staff, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        copy = duplicate_lesson(lesson=rich, actor=staff)

    with default_storage.open(f"lessons/{course.slug}/a-copy/plan.png") as picture:
        assert picture.read() == b"pixels"
    assert f"/courses/{course.slug}/a-copy/pictures/plan.png" in copy.body_html


def test_a_copy_of_a_long_title_fits(course, staff):
    Lesson.objects.filter(title="a").update(title="x" * 200)

    copy = duplicate_lesson(lesson=lesson(course, "x" * 200), actor=staff)

    assert copy.title == "x" * 193 + " (copy)"
