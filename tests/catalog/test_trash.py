"""The trash: out of sight for students at once, and back as it was."""

from datetime import timedelta

import pytest

from access.models import CourseAccess, CourseEnrollment
from access.selectors import course_decision, courses_open_to, missing_prerequisites
from accounts.models import StaffAction
from catalog.editing import EditConflict, lock_for_edit, version_of
from catalog.models import Course, Lesson
from catalog.trash import KEPT_FOR, purge_trash, restore_course, restore_lesson, trash_course, trash_lesson
from progress.models import CourseProgress, LessonProgress
from tests import factories as make
from tests.conftest import client_of
from tests.factories import NOW
from tests.threats.world import build, mark

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(days=3)
MONTH_LATER = NOW + KEPT_FOR


def actions():
    return list(StaffAction.objects.order_by("pk").values_list("verb", "kind", "label", "detail"))


def state(row, *names):
    return type(row).objects.values_list(*names).get(pk=row.pk)


COURSE_STATE = ("status", "trashed_at", "status_before_trash")
LESSON_STATE = ("is_published", "trashed_at", "was_published")


def test_a_course_in_the_trash_is_a_draft_that_knows_what_it_was(staff):
    course = make.CourseFactory(title="Bread", status="locked")

    trash_course(course=course, actor=staff, now=NOW)

    assert state(course, *COURSE_STATE) == ("draft", NOW, "locked")
    assert actions() == [("moved to trash", "course", "Bread", "")]


def test_a_restored_course_is_what_it_was(staff):
    course = make.CourseFactory(title="Bread", status="locked")
    trash_course(course=course, actor=staff, now=NOW)

    restore_course(course=course, actor=staff, now=LATER)

    assert state(course, *COURSE_STATE) == ("locked", None, "")
    assert actions()[1:] == [("restored", "course", "Bread", "After 3 days in the trash")]


def test_a_lesson_in_the_trash_counts_for_nobody(staff, student):
    lesson = make.LessonFactory(title="Flour")
    make.LessonFactory(course=lesson.course)
    make.LessonProgressFactory(user=student, lesson=lesson, status="completed", completed_at=NOW)
    make.CourseProgressFactory(user=student, course=lesson.course, completed_lessons=1)

    trash_lesson(lesson=lesson, actor=staff, now=NOW)

    assert state(lesson, *LESSON_STATE) == (False, NOW, True)
    assert state(lesson.course, "lesson_count") == (1,)
    assert CourseProgress.objects.get().completed_lessons == 0
    assert actions() == [("moved to trash", "lesson", "Flour", "")]


def test_a_restored_lesson_counts_as_before(staff, student):
    lesson = make.LessonFactory(title="Flour")
    make.LessonProgressFactory(user=student, lesson=lesson, status="completed", completed_at=NOW)
    make.CourseProgressFactory(user=student, course=lesson.course, completed_lessons=1)
    trash_lesson(lesson=lesson, actor=staff, now=NOW)

    restore_lesson(lesson=lesson, actor=staff, now=LATER)

    assert state(lesson, *LESSON_STATE) == (True, None, False)
    assert state(lesson.course, "lesson_count") == (1,)
    assert (CourseProgress.objects.get().completed_lessons, LessonProgress.objects.get().completed_at) == (1, NOW)
    assert actions()[1:] == [("restored", "lesson", "Flour", "After 3 days in the trash")]


def test_a_lesson_that_was_not_published_comes_back_so(staff):
    lesson = make.LessonFactory(is_published=False)
    trash_lesson(lesson=lesson, actor=staff, now=NOW)

    restore_lesson(lesson=lesson, actor=staff, now=LATER)

    assert state(lesson, *LESSON_STATE) == (False, None, False)


@pytest.mark.parametrize(
    ("make_row", "name", "put", "back"),
    [
        (make.CourseFactory, "course", trash_course, restore_course),
        (make.LessonFactory, "lesson", trash_lesson, restore_lesson),
    ],
)
def test_repeating_changes_nothing(staff, make_row, name, put, back):
    row = make_row()

    for service, moment in [(put, NOW), (put, LATER), (back, LATER), (back, LATER + KEPT_FOR)]:
        service(**{name: row}, actor=staff, now=moment)

    assert [(verb, detail) for verb, _, _, detail in actions()] == [
        ("moved to trash", ""),
        ("restored", "After 3 days in the trash"),
    ]


@pytest.mark.parametrize("service", [trash_course, restore_course])
def test_who_has_the_course_open_in_an_editor_is_told(staff, service):
    course = make.CourseFactory()
    if service is restore_course:
        trash_course(course=course, actor=staff, now=NOW)
    version = version_of(Course.objects.get())

    service(course=course, actor=staff, now=LATER)

    with pytest.raises(EditConflict) as conflict:
        lock_for_edit(course, version=version)
    assert conflict.value.current == course


def test_an_editor_gets_the_row_as_it_is_now():
    lesson = make.LessonFactory(title="Flour")
    Lesson.objects.update(order=7)

    assert lock_for_edit(lesson, version=version_of(lesson)).order == 7


GONE = ["/courses/guarded/", "/courses/guarded/closed/", "/courses/guarded/open/", "/courses/guarded/1/1/"]


@pytest.mark.parametrize("role", ["anonymous", "active", "member", "staff"])
def test_a_course_in_the_trash_is_nowhere(client, staff, role):
    world = build()
    trash_course(course=world.course, actor=staff, now=NOW)
    visitor = client if role == "anonymous" else client_of(world.people[role])
    lists = ["/", "/courses/", f"/search/?q={mark('coursetitle')}", "/sitemap.xml", "/api/courses", "/my-dashboard/"]
    shown = [visitor.get(url).text for url in lists]

    answers = [visitor.get(url).status_code for url in GONE]

    assert answers == [404] * 4
    assert [url for url, text in zip(lists, shown, strict=True) if 'courses/guarded/"' in text] == []


@pytest.mark.parametrize("role", ["active", "staff"])
def test_a_course_in_the_trash_is_unknown_to_the_api(staff, role):
    world = build()
    trash_course(course=world.course, actor=staff, now=NOW)
    visitor, lesson = client_of(world.people[role]), world.lesson.pk

    answers = [
        visitor.get("/api/courses/guarded"),
        visitor.get(f"/api/courses/guarded/units/{lesson}"),
        visitor.post(f"/api/lessons/{lesson}/complete/", "{}", content_type="application/json"),
        visitor.post(f"/api/courses/{world.course.pk}/favorite/", "{}", content_type="application/json"),
    ]

    assert [answer.status_code for answer in answers] == [404] * 4


@pytest.mark.parametrize("role", ["active", "staff"])
def test_a_lesson_in_the_trash_is_not_found(staff, role):
    world = build()
    trash_lesson(lesson=world.lesson, actor=staff, now=NOW)
    visitor = client_of(world.people[role])

    answers = [visitor.get("/courses/guarded/closed/"), visitor.get(f"/api/courses/guarded/units/{world.lesson.pk}")]

    assert [answer.status_code for answer in answers] == [404, 404]


def test_a_restored_course_opens_again_with_everything(staff):
    world = build()
    trash_course(course=world.course, actor=staff, now=NOW)
    restore_course(course=world.course, actor=staff, now=LATER)

    answers = [client_of(world.people["active"]).get(url).status_code for url in GONE[:2]]

    assert answers == [200, 200]


def test_a_course_in_the_trash_is_asked_of_nobody(staff, student):
    before = make.CourseFactory(lesson_count=1)
    course = make.PrerequisiteFactory(required=before).course
    make.CourseAccessFactory(user=student, course=course)

    trash_course(course=before, actor=staff, now=NOW)

    assert list(missing_prerequisites(student, course)) == []
    assert course_decision(student, course, NOW).code == "active"
    assert list(courses_open_to(student, NOW)) == [course]
    assert "Before this course" not in client_of(student).get(course.get_absolute_url()).text


def test_rights_survive_the_trash(staff, student):
    right = make.CourseAccessFactory(user=student)
    make.CourseEnrollmentFactory(user=student, course=right.course)
    trash_course(course=right.course, actor=staff, now=NOW)
    purge_trash(now=MONTH_LATER)

    restore_course(course=right.course, actor=staff, now=MONTH_LATER)

    assert (CourseAccess.objects.get().status, CourseEnrollment.objects.count()) == ("unlocked", 1)
    assert state(right.course, *COURSE_STATE) == ("active", None, "")
