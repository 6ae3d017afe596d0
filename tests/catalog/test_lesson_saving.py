"""Saving a lesson from its editor: everything or nothing, against the version that was loaded."""

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import IntegrityError

from accounts.models import StaffAction
from catalog.captions import BadCaptions
from catalog.editing import EditConflict, version_of
from catalog.lesson_saving import LessonEdit, MaterialEdit, SlugTaken, _put_files, add_lesson, change_lesson
from catalog.models import Lesson, Material, OldLessonSlug, Transcript
from catalog.pictures import files_under
from catalog.services import recount_lessons, save_transcript
from catalog.trash import trash_lesson
from common.storages import StorageAway
from tests import factories as make
from tests.factories import NOW

pytestmark = pytest.mark.django_db
CAPTIONS = "WEBVTT\n\n00:01.000 --> 00:02.000\nHello.\n"


@pytest.fixture(autouse=True)
def _own_media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"


@pytest.fixture
def lesson():
    lesson = make.LessonFactory(title="Before", slug="before", body="Old")
    recount_lessons(lesson.course_id)
    return Lesson.objects.get()


@pytest.fixture
def change(staff, lesson, django_capture_on_commit_callbacks):
    """Save fields of the lesson as its editor would; what waits for the commit is done."""

    def save(version=None, materials=(), captions=None, spoken="", **fields):
        edit = LessonEdit(fields, materials, captions, spoken)
        with django_capture_on_commit_callbacks(execute=True):
            return change_lesson(lesson=lesson, version=version or version_of(lesson), edit=edit, actor=staff)

    return save


def file_named(name="abc/plan.pdf"):
    return ContentFile(b"words", name=name)


def stored():
    return sorted(name for shelf in ("materials/", "lessons/") for name in files_under(shelf))


def rows():
    return [(each.kind, each.title, each.url or each.file.name) for each in Material.objects.order_by("order")]


def test_add_lesson_puts_it_at_the_end_of_its_module(staff):
    module = make.ModuleFactory()
    make.LessonFactory(course=module.course, module=module, order=4)
    edit = LessonEdit({"title": "New", "slug": "new", "module": module, "body": "**Hi**", "is_published": True})

    lesson = add_lesson(course=module.course, edit=edit, actor=staff)

    lesson.refresh_from_db()
    module.course.refresh_from_db()
    assert (lesson.order, lesson.body_html, module.course.lesson_count) == (5, "<p><strong>Hi</strong></p>\n", 2)


def test_add_lesson_is_the_first_of_an_empty_course_and_in_the_log(staff):
    course = make.CourseFactory(title="Baking")

    lesson = add_lesson(course=course, edit=LessonEdit({"title": "New", "slug": "new", "module": None}), actor=staff)

    action = StaffAction.objects.get()
    said = (action.verb, action.kind, action.object_id, action.label, action.detail)
    assert (lesson.order, said) == (1, ("created", "lesson", lesson.pk, "New", "In Baking"))


def test_change_lesson_saves_what_is_given_and_leaves_the_rest(change):
    change(title="After", video_url="https://vimeo.com/76979871")

    lesson = Lesson.objects.get()
    assert (lesson.title, lesson.body, lesson.video_provider) == ("After", "Old", "vimeo")
    assert StaffAction.objects.get().detail == "title, video url"


def test_change_lesson_raises_the_version(change, lesson):
    before = version_of(lesson)

    change(title="After")

    assert version_of(Lesson.objects.get()) > before


def test_change_lesson_refuses_an_old_version(change, lesson):
    old = version_of(lesson)
    change(title="First")

    with pytest.raises(EditConflict) as refused:
        change(version=old, title="Second")

    assert (refused.value.current.title, Lesson.objects.get().title) == ("First", "First")


def test_change_lesson_refuses_one_that_went_to_the_trash(change, lesson, staff):
    trash_lesson(lesson=lesson, actor=staff, now=NOW)

    with pytest.raises(EditConflict):
        change(title="After")


def test_change_lesson_moves_it_to_the_end_of_another_module(change, lesson):
    module = make.ModuleFactory(course=lesson.course)
    make.LessonFactory(course=lesson.course, module=module, order=7)

    change(module=module)

    lesson.refresh_from_db()
    assert (lesson.module, lesson.order) == (module, 8)


def test_change_lesson_keeps_its_place_in_the_same_module(change, lesson):
    make.LessonFactory(course=lesson.course, order=99)
    before = lesson.order

    change(title="After", module=None)

    assert Lesson.objects.get(title="After").order == before


@pytest.mark.parametrize("is_in_trash", [False, True])
def test_an_address_is_taken_by_another_lesson_of_the_course(change, lesson, staff, is_in_trash):
    other = make.LessonFactory(course=lesson.course, slug="taken")
    if is_in_trash:
        trash_lesson(lesson=other, actor=staff, now=NOW)

    with pytest.raises(SlugTaken):
        change(slug="taken", title="After")

    assert (Lesson.objects.filter(title="After").count(), OldLessonSlug.objects.count()) == (0, 0)


def test_an_address_that_is_taken_leaves_the_others_pictures_alone(change, lesson):
    make.LessonFactory(course=lesson.course, slug="taken")
    names = [f"lessons/{lesson.course.slug}/{slug}/a.png" for slug in ("before", "taken")]
    for name in names:
        default_storage.save(name, ContentFile(name.encode()))

    with pytest.raises(SlugTaken):
        change(slug="taken")

    assert stored() == names


def test_an_address_taken_a_moment_ago_is_told_and_leaves_no_files(change, lesson, monkeypatch):
    def just_before(*arguments):
        make.LessonFactory(course=lesson.course, slug="taken")
        return _put_files(*arguments)

    monkeypatch.setattr("catalog.lesson_saving._put_files", just_before)

    with pytest.raises(SlugTaken):
        change(slug="taken", materials=[MaterialEdit("workbook", "Plan", file=file_named())])

    assert (stored(), OldLessonSlug.objects.count()) == ([], 0)


def test_a_file_that_cannot_be_deleted_stops_nothing(change, lesson, monkeypatch):
    default_storage.save(f"lessons/{lesson.course.slug}/before/a.png", ContentFile(b"x"))

    def away(name):
        raise StorageAway

    monkeypatch.setattr("catalog.lesson_saving.default_storage.delete", away)

    change(slug="after")

    assert Lesson.objects.get().slug == "after"


def test_another_refusal_of_the_database_is_no_taken_address(change):
    with pytest.raises(IntegrityError):
        change(completion_threshold=0)


def test_a_new_address_takes_pictures_along_and_is_remembered(change, lesson):
    course = lesson.course.slug
    default_storage.save(f"lessons/{course}/before/a.png", ContentFile(b"x"))

    change(slug="after", body=f"![](/courses/{course}/before/pictures/a.png)")

    changed = Lesson.objects.get()
    assert changed.body == f"![](/courses/{course}/after/pictures/a.png)"
    assert f"/courses/{course}/after/pictures/a.png" in changed.body_html
    assert (stored(), OldLessonSlug.objects.get().slug) == ([f"lessons/{course}/after/a.png"], "before")


def test_materials_are_made_changed_removed_and_put_in_order(change, lesson):
    gone = make.MaterialFactory(lesson=lesson, url="", file=file_named())
    kept = make.MaterialFactory(lesson=lesson, title="Kept")
    new = [
        MaterialEdit("workbook", "Plan", file=file_named("abc/new.pdf")),
        MaterialEdit("download", "Site", url="https://a.example/"),
    ]

    change(materials=[*new, MaterialEdit("resource", "Kept, changed", pk=kept.pk, url="https://b.example/")])

    assert rows() == [
        ("workbook", "Plan", "materials/abc/new.pdf"),
        ("download", "Site", "https://a.example/"),
        ("resource", "Kept, changed", "https://b.example/"),
    ]
    assert (stored(), Material.objects.filter(pk=gone.pk).exists()) == (["materials/abc/new.pdf"], False)


def test_a_file_that_a_copy_of_the_lesson_shows_stays(change, lesson):
    first = make.MaterialFactory(lesson=lesson, url="", file=file_named())
    make.MaterialFactory(url="", file=first.file.name)

    change(materials=[])

    assert stored() == [first.file.name]


def test_a_material_keeps_its_file(change, lesson):
    material = make.MaterialFactory(lesson=lesson, url="", file=file_named())

    change(materials=[MaterialEdit("workbook", "Renamed", pk=material.pk)])

    assert rows() == [("workbook", "Renamed", material.file.name)]


def test_a_material_of_another_lesson_is_a_conflict(change):
    foreign = make.MaterialFactory()

    with pytest.raises(EditConflict):
        change(materials=[MaterialEdit("resource", "Mine now", pk=foreign.pk, url="https://a.example/")])

    foreign.refresh_from_db()
    assert (foreign.title == "Mine now", foreign.lesson_id == Lesson.objects.first().pk) == (False, False)


def test_captions_are_kept_changed_and_removed(change, lesson):
    seen = []
    for captions, spoken in ((CAPTIONS, ""), (None, "Typed by hand"), (None, ""), ("", ""), ("", "")):
        change(version=version_of(Lesson.objects.get()), captions=captions, spoken=spoken)
        seen.append(Transcript.objects.values_list("captions", "text").first())

    assert seen == [(CAPTIONS, "Hello."), (CAPTIONS, "Typed by hand"), (CAPTIONS, "Hello."), None, None]


def test_a_transcript_needs_no_captions(change):
    change(spoken="Just words")

    assert Transcript.objects.values_list("captions", "text").get() == ("", "Just words")


def test_nothing_is_saved_and_no_file_left_when_the_last_part_fails(change, lesson):
    save_transcript(lesson, text="Said")
    course = lesson.course.slug
    default_storage.save(f"lessons/{course}/before/a.png", ContentFile(b"x"))
    materials = [MaterialEdit("workbook", "Plan", file=file_named())]

    with pytest.raises(BadCaptions):
        change(title="After", slug="after", materials=materials, captions="no captions")

    assert (Lesson.objects.get().title, Material.objects.count()) == ("Before", 0)
    assert (stored(), StaffAction.objects.count()) == ([f"lessons/{course}/before/a.png"], 0)
