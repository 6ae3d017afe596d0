"""Saving a course from its settings: all or nothing, told to who was too late, pictures and address along."""

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import IntegrityError

from accounts.models import StaffAction
from catalog import course_saving
from catalog.course_saving import CourseEdit, InTrash, SlugTaken, add_course, change_course, set_status
from catalog.editing import EditConflict, version_of
from catalog.models import Course, OldCourseSlug, Tag
from catalog.services import PrerequisiteCycle, require_first
from catalog.trash import trash_course
from common.storages import StorageAway
from tests import factories as make
from tests.factories import NOW

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("_media")]


@pytest.fixture
def _media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"


@pytest.fixture
def course():
    return make.CourseFactory(title="Bread", slug="bread")


@pytest.fixture
def change(course, staff):
    """`change(title="Rolls")` saves the course as an editor who has just loaded it."""

    def save(tags=(), first=(), version=None, **fields):
        edit = CourseEdit(fields, tags, list(first))
        loaded = version or version_of(Course.objects.get(pk=course.pk))
        return change_course(course=course, version=loaded, edit=edit, actor=staff)

    return save


def actions():
    return list(StaffAction.objects.order_by("pk").values_list("verb", "label", "detail"))


def store(*names):
    for name in names:
        default_storage.save(name, ContentFile(b"x"))


def stored(*names):
    return [name for name in names if default_storage.exists(name)]


def test_a_new_course_is_a_draft(staff):
    course = add_course(title="Bread", slug="bread", actor=staff)

    assert (course.status, Course.objects.get().search_text, actions()) == (
        "draft",
        "Bread\n\n",
        [("created", "Bread", "")],
    )


def test_a_new_course_cannot_take_an_address(staff, course):
    with pytest.raises(SlugTaken):
        add_course(title="Other", slug="bread", actor=staff)

    assert actions() == []


def test_what_the_database_refuses_for_another_reason_is_no_taken_address(change):
    with pytest.raises(IntegrityError):
        change(required_level=9, enrollment_method="purchase")


def test_a_change_is_saved_with_what_follows_from_it(change):
    saved = change(description="**Oven**", tags=["oven", "flour"], title="Rolls")

    assert saved.description_html == "<p><strong>Oven</strong></p>\n"
    assert list(saved.tags.order_by("slug").values_list("slug", flat=True)) == ["flour", "oven"]
    assert "oven" in Course.objects.get().search_text
    assert actions() == [("changed", "Rolls", "description, title")]


def test_tags_are_made_once(change):
    make.TagFactory(slug="oven")

    change(tags=["oven"])

    assert Tag.objects.count() == 1


def test_courses_to_complete_first_are_set(change, course):
    before = make.CourseFactory()

    change(first=[before])

    assert list(course.prerequisites.all()) == [before]


def test_a_circle_is_refused_and_nothing_saved(change, course):
    before = make.CourseFactory()
    require_first(before, [course])

    with pytest.raises(PrerequisiteCycle):
        change(title="Rolls", first=[before])

    assert (Course.objects.get(pk=course.pk).title, actions()) == ("Bread", [])


def test_who_saves_second_is_told_and_nothing_is_overwritten(change, course):
    version = version_of(Course.objects.get())
    change(title="Rolls")

    with pytest.raises(EditConflict) as conflict:
        change(version=version, title="Buns")

    assert (conflict.value.current.title, Course.objects.get().title) == ("Rolls", "Rolls")


def test_a_new_address_is_remembered_and_pictures_move_along(change, course, django_capture_on_commit_callbacks):
    old = ["courses/bread/p.png", "lessons/bread/flour/s.png"]
    new = ["courses/rolls/p.png", "lessons/rolls/flour/s.png"]
    store(*old)
    make.CourseFactory(slug="other")
    Course.objects.filter(pk=course.pk).update(thumbnail=old[0], description="![](/media/courses/bread/p.png)")
    lesson = make.LessonFactory(course=course, slug="flour", body="![](/courses/bread/flour/pictures/s.png)")
    plain = make.LessonFactory(course=course, body="Hello")
    make.ModuleFactory(course=course, description="Heat")
    module = make.ModuleFactory(course=course, description="[Flour](/courses/bread/flour/)")
    versions = [version_of(row) for row in (lesson, plain)]

    with django_capture_on_commit_callbacks(execute=True):
        saved = change(slug="rolls", description="![](/media/courses/bread/p.png)")

    for row in (lesson, plain, module):
        row.refresh_from_db()
    assert (saved.thumbnail.name, stored(*old, *new)) == (new[0], new)
    assert saved.description == "![](/media/courses/rolls/p.png)"
    assert lesson.body_html == '<p><img src="/courses/rolls/flour/pictures/s.png" alt="" loading="lazy"></p>\n'
    assert module.description == "[Flour](/courses/rolls/flour/)"
    assert [version_of(row) == before for row, before in zip((lesson, plain), versions, strict=True)] == [False, True]
    assert list(OldCourseSlug.objects.values_list("slug", flat=True)) == ["bread"]


def test_a_taken_address_is_refused_and_no_file_is_left(change, course):
    store("courses/bread/p.png")
    make.CourseFactory(slug="rolls")

    with pytest.raises(SlugTaken):
        change(slug="rolls")

    assert stored("courses/bread/p.png", "courses/rolls/p.png") == ["courses/bread/p.png"]


def test_a_new_picture_takes_the_place_of_the_old(change, course, django_capture_on_commit_callbacks):
    store("courses/old.png")
    Course.objects.update(thumbnail="courses/old.png")

    with django_capture_on_commit_callbacks(execute=True):
        saved = change(thumbnail=ContentFile(b"new", name="new.png"))

    assert stored("courses/old.png", saved.thumbnail.name) == ["courses/new.png"]


def test_a_removed_picture_goes(change, django_capture_on_commit_callbacks):
    store("courses/old.png", "courses/bread/kept.png")
    Course.objects.update(thumbnail="courses/old.png", cover="courses/bread/kept.png")

    with django_capture_on_commit_callbacks(execute=True):
        saved = change(thumbnail=False, cover=False)

    assert (saved.thumbnail.name, saved.cover.name) == ("", "")
    assert stored("courses/old.png", "courses/bread/kept.png") == ["courses/bread/kept.png"]  # a text may show it


def test_an_address_taken_a_moment_ago_is_refused_by_the_database(change, monkeypatch):
    make.CourseFactory(slug="rolls")
    refuse, looks = course_saving._refuse_taken, iter([None])
    monkeypatch.setattr(course_saving, "_refuse_taken", lambda *asked: next(looks, refuse) and refuse(*asked))

    with pytest.raises(SlugTaken):
        change(slug="rolls")


def test_a_copy_beside_a_file_that_lay_there_is_what_the_texts_show(change, course):
    store("courses/bread/p.png", "courses/rolls/p.png", "lessons/bread/flour/s.png", "lessons/rolls/flour/s.png")
    lesson = make.LessonFactory(course=course, slug="flour", body="![](/courses/bread/flour/pictures/s.png)")

    saved = change(slug="rolls", description="![](/media/courses/bread/p.png)")

    lesson.refresh_from_db()
    names = [default_storage.listdir(shelf)[1] for shelf in ("courses/rolls", "lessons/rolls/flour")]
    copies = [next(name for name in found if name not in {"p.png", "s.png"}) for found in names]
    assert saved.description == f"![](/media/courses/rolls/{copies[0]})"
    assert lesson.body == f"![](/courses/rolls/flour/pictures/{copies[1]})"


def test_a_picture_that_cannot_be_deleted_stays(change, monkeypatch):
    def away(name):
        raise StorageAway

    store("courses/old.png")
    Course.objects.update(thumbnail="courses/old.png")
    monkeypatch.setattr(default_storage, "delete", away)

    assert change(thumbnail=False).thumbnail.name == ""


def test_a_new_picture_goes_when_the_save_fails(change, monkeypatch):
    def refuse(*_):
        raise PrerequisiteCycle

    monkeypatch.setattr(course_saving, "require_first", refuse)

    with pytest.raises(PrerequisiteCycle):
        change(thumbnail=ContentFile(b"new", name="new.png"))

    assert stored("courses/new.png") == []


@pytest.mark.parametrize(
    ("before", "after", "verb"), [("draft", "active", "published"), ("active", "draft", "unpublished")]
)
def test_a_status_is_given_and_noted(staff, before, after, verb):
    course = make.CourseFactory(title="Bread", status=before)

    assert set_status(course=course, status=after, actor=staff) == before
    assert (Course.objects.get().status, actions()) == (after, [(verb, "Bread", f"{before} → {after}")])


def test_the_same_status_again_is_nothing(staff, course):
    version = version_of(Course.objects.get())

    set_status(course=course, status="active", actor=staff)

    assert (version_of(Course.objects.get()), actions()) == (version, [])


def test_a_status_changes_under_an_open_editor(change, staff, course):
    version = version_of(Course.objects.get())
    set_status(course=course, status="draft", actor=staff)

    with pytest.raises(EditConflict):
        change(version=version, title="Buns")


def test_the_trash_is_not_published(staff, course):
    trash_course(course=course, actor=staff, now=NOW)

    with pytest.raises(InTrash):
        set_status(course=course, status="active", actor=staff)
