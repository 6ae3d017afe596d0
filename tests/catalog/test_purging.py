"""The trash is emptied after 30 days of what nobody holds anything in, with its files; the rest stays hidden."""

from datetime import timedelta

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from access.models import CourseAccess
from accounts.models import StaffAction
from catalog import tasks, trash
from catalog.models import Course, Lesson
from catalog.trash import KEPT_FOR, StillHeld, delete_for_good, holders_of, purge_trash
from common.storages import StorageAway
from tests import factories as make
from tests.factories import NOW

pytestmark = pytest.mark.django_db
MONTH_LATER = NOW + KEPT_FOR


def actions():
    return list(StaffAction.objects.order_by("pk").values_list("verb", "kind", "label"))


@pytest.fixture
def _media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"


def held_by(holder):
    """A course that lies in the trash for a month, with something that hangs on it."""
    course = make.CourseFactory()
    holder(course)
    Course.objects.filter(pk=course.pk).update(status="draft", trashed_at=NOW)
    return course


HOLDERS = [
    (lambda course: make.CourseAccessFactory(course=course), "course access"),
    (lambda course: make.CourseEnrollmentFactory(course=course), "course enrollment"),
    (lambda course: make.LessonProgressFactory(lesson__course=course), "lesson progress"),
    (lambda course: make.CourseProgressFactory(course=course), "course progress"),
    (lambda course: make.SuspensionFactory(course=course), "suspension"),
    (lambda course: make.BundleCourseFactory(course=course), "bundle course"),
    (lambda course: make.PathStepFactory(course=course), "path step"),
    (lambda course: make.PrerequisiteFactory(required=course), "prerequisite"),
]


@pytest.mark.parametrize(("holder", "kind"), HOLDERS, ids=[kind for _, kind in HOLDERS])
def test_what_must_be_kept_stays_in_the_trash(holder, kind):
    course = held_by(holder)

    purged = purge_trash(now=MONTH_LATER)

    assert (purged.deleted, Course.objects.filter(pk=course.pk).exists()) == (0, True)
    assert {model._meta.verbose_name: count for model, count in holders_of(course).items()} == {kind: 1}


def test_what_nobody_holds_is_deleted_after_thirty_days():
    course = held_by(lambda course: make.LessonFactory(course=course))
    make.FavoriteCourseFactory(course=course)

    too_early = purge_trash(now=MONTH_LATER - timedelta(seconds=1))
    in_time = purge_trash(now=MONTH_LATER)

    assert (too_early, in_time) == (trash.Purged(0, 0), trash.Purged(1, 0))
    assert not Course.objects.exists()


def test_a_lesson_is_deleted_and_its_course_stays():
    lesson = make.LessonFactory()
    Lesson.objects.update(is_published=False, trashed_at=NOW)

    purge_trash(now=MONTH_LATER)

    assert (list(Lesson.objects.all()), Course.objects.get()) == ([], lesson.course)


def test_a_lesson_somebody_began_stays():
    lesson = make.LessonProgressFactory().lesson
    Lesson.objects.update(is_published=False, trashed_at=NOW)

    assert purge_trash(now=MONTH_LATER) == trash.Purged(0, 1)
    assert list(Lesson.objects.all()) == [lesson]


def test_what_was_restored_a_moment_ago_is_not_deleted(monkeypatch):
    course = held_by(lambda course: None)
    listed = trash._delete

    def restored_first(row, **given):
        Course.objects.update(trashed_at=None)
        listed(row, **given)

    monkeypatch.setattr(trash, "_delete", restored_first)

    assert purge_trash(now=MONTH_LATER) == trash.Purged(0, 1)
    assert list(Course.objects.all()) == [course]


def test_what_the_storage_cannot_tell_of_waits_for_another_night(monkeypatch):
    course = held_by(lambda course: None)

    def away(row):
        raise StorageAway

    monkeypatch.setattr(trash, "files_of", away)

    assert purge_trash(now=MONTH_LATER) == trash.Purged(0, 1)
    assert list(Course.objects.all()) == [course]


def test_an_owner_deletes_at_once(staff):
    course = held_by(lambda course: None)

    delete_for_good(row=course, actor=staff, now=NOW)

    assert (list(Course.objects.all()), actions()) == ([], [("deleted for good", "course", course.title)])


def test_what_is_held_is_not_deleted_at_once_either(staff):
    course = held_by(lambda course: make.CourseAccessFactory(course=course))

    with pytest.raises(StillHeld) as refusal:
        delete_for_good(row=course, actor=staff, now=NOW)

    assert (refusal.value.holders, actions()) == ({CourseAccess: 1}, [])


def test_what_is_not_in_the_trash_is_not_deleted(staff):
    course = make.CourseFactory()

    with pytest.raises(Course.DoesNotExist):
        delete_for_good(row=course, actor=staff, now=NOW)

    assert actions() == []


@pytest.mark.usefixtures("_media")
def test_files_go_with_the_course_but_for_those_another_shows(django_capture_on_commit_callbacks, staff):
    own = ["courses/bread/p.png", "lessons/bread/flour/a/s.png", "materials/own.pdf", "courses/logo.png"]
    shared = "materials/shared.pdf"
    for name in [*own, shared]:
        default_storage.save(name, ContentFile(b"x"))
    course = make.CourseFactory(slug="bread", thumbnail=own[0], logo=own[3], status="draft", trashed_at=NOW)
    lesson = make.LessonFactory(course=course)
    for file in (own[2], shared):
        make.MaterialFactory(lesson=lesson, url="", file=file)
    make.MaterialFactory(url="", file=shared)

    with django_capture_on_commit_callbacks(execute=True):
        delete_for_good(row=course, actor=staff, now=NOW)

    assert [name for name in [*own, shared] if default_storage.exists(name)] == [shared]


@pytest.mark.usefixtures("_media")
def test_files_go_with_the_lesson(django_capture_on_commit_callbacks, staff):
    lesson = make.LessonFactory(course__slug="bread", slug="flour", is_published=False, trashed_at=NOW)
    make.MaterialFactory(lesson=lesson, url="", file="materials/own.pdf")
    own = ["materials/own.pdf", "lessons/bread/flour/s.png"]
    for name in own:
        default_storage.save(name, ContentFile(b"x"))

    with django_capture_on_commit_callbacks(execute=True):
        delete_for_good(row=lesson, actor=staff, now=NOW)

    assert [name for name in own if default_storage.exists(name)] == []


def test_the_worker_empties_the_trash_of_what_is_old():
    held_by(lambda course: None)

    tasks.purge_trash()

    assert not Course.objects.exists()
