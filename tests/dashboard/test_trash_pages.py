"""The pages of the trash: what goes in says what stays, what lies in it offers only Restore, owners delete for good."""

import pytest
import time_machine
from django.urls import reverse

from accounts.models import StaffAction
from catalog.models import Course, Lesson
from catalog.trash import KEPT_FOR, trash_course, trash_lesson
from common.storages import StorageAway
from tests import factories as make
from tests.conftest import client_of, counted_queries
from tests.dashboard.undo import told
from tests.factories import NOW, PASSWORD

pytestmark = pytest.mark.django_db
URL = "/dashboard/trash/"
DELETE = "/dashboard/courses/bread/delete/"


@pytest.fixture
def course():
    return make.CourseFactory(title="Bread", slug="bread")


def trashed(*courses, by=None):
    by = by or make.StaffFactory(name="Tess Tidy")
    for course in courses:
        trash_course(course=course, actor=by, now=NOW)


def test_an_empty_trash_says_so(staff_client):
    assert "Trash is empty" in staff_client.get(URL).text


@time_machine.travel(NOW + KEPT_FOR / 3, tick=False)
def test_the_trash_says_who_when_and_how_long(staff_client, course):
    trashed(course)
    lesson = make.LessonFactory(title="Flour", course__title="Cakes")
    trash_lesson(lesson=lesson, actor=make.StaffFactory(name="Otto Other"), now=NOW)

    answer = staff_client.get(URL)

    lines = {line.row.title: (line.action.actor.name, days) for line, days in answer.context["lines"]}
    assert lines == {"Bread": ("Tess Tidy", 21), "Flour": ("Otto Other", 21)}
    assert "Lesson of Cakes" in answer.text


def test_what_somebody_else_put_there_before_is_not_told(staff_client, course):
    StaffAction.objects.create(actor=make.StaffFactory(), verb="moved to trash", kind="lesson", object_id=course.pk)
    Course.objects.update(status="draft", trashed_at=NOW)

    assert staff_client.get(URL).context["lines"][0][0].action is None


HELD = [
    (make.CourseEnrollmentFactory, {}, "students who take it"),
    (make.CourseAccessFactory, {}, "access that was given"),
    (make.BundleCourseFactory, {}, "a bundle"),
    (make.CourseProgressFactory, {}, "progress of students"),
]


@pytest.mark.parametrize(("factory", "fields", "says"), HELD, ids=[says for *_, says in HELD])
def test_what_students_hold_says_what_keeps_it(owner_client, course, factory, fields, says):
    factory(course=course, **fields)
    trashed(course)

    text = owner_client.get(URL).text

    assert (f"kept for {says}" in text, "Delete for good" in text) == (True, False)


def test_a_kind_without_words_of_its_own_is_called_as_its_table(monkeypatch, staff_client, course):
    monkeypatch.delitem(__import__("dashboard.selectors.trash", fromlist=["HELD_BY"]).HELD_BY, "PathStep")
    make.PathStepFactory(course=course)
    trashed(course)

    assert staff_client.get(URL).context["lines"][0][0].held_by == ["path step"]


def test_each_role_is_offered_what_it_may_do(owner_client, staff_client, course):
    trashed(course)

    offers = [
        ("Restore<" in client.get(URL).text, "Delete for good…" in client.get(URL).text)
        for client in (owner_client, staff_client)
    ]

    assert offers == [(True, True), (False, False)]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"q": "brea"}, ["Bread"]),
        ({"kind": "lesson"}, ["Flour"]),
        ({"q": "x"}, []),
        ({"kind": "x"}, ["Flour", "Bread"]),
    ],
)
def test_the_trash_is_searched(staff_client, staff, course, query, found):
    trashed(course)
    trash_lesson(lesson=make.LessonFactory(title="Flour"), actor=staff, now=NOW)

    answer = staff_client.get(URL, query)

    assert sorted(line.row.title for line, _ in answer.context["lines"]) == sorted(found)


@pytest.mark.parametrize("count", [1, 60])
def test_the_trash_costs_9_queries_however_full(staff_client, count):
    trashed(*make.CourseFactory.create_batch(count))
    Lesson.objects.bulk_create(
        make.LessonFactory.build_batch(3, course=Course.objects.first(), is_published=False, trashed_at=NOW + KEPT_FOR)
    )

    with counted_queries() as queries:
        staff_client.get(URL)

    assert len(queries) == 9


def test_a_course_is_restored(owner_client, course):
    trashed(course)

    answer = owner_client.post(f"{URL}courses/{course.pk}/restore/")

    assert (answer.url, Course.objects.get().status) == ("/dashboard/courses/bread/", "active")
    assert told(owner_client) == ["Bread is back as it was, with everything students did in it."]


def test_a_lesson_is_restored(owner_client, staff, course):
    lesson = make.LessonFactory(course=course)
    trash_lesson(lesson=lesson, actor=staff, now=NOW)

    answer = owner_client.post(f"{URL}lessons/{lesson.pk}/restore/")

    assert (answer.url, Lesson.objects.get().is_published) == ("/dashboard/courses/bread/outline/", True)


def test_a_lesson_is_restored_into_a_course_that_stays_in_the_trash(owner_client, staff, course):
    lesson = make.LessonFactory(course=course, title="Flour")
    trash_lesson(lesson=lesson, actor=staff, now=NOW)
    trashed(course)

    answer = owner_client.post(f"{URL}lessons/{lesson.pk}/restore/")

    assert (answer.url, told(owner_client)) == (URL, ["Flour is back in Bread, which is in the trash itself."])


@pytest.fixture
def sure_client(owner, owner_client):
    """An owner who has just given the password."""
    owner_client.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    return owner_client


@pytest.mark.parametrize("kind", ["course", "lesson"])
def test_an_owner_deletes_for_good_after_typing_the_name(sure_client, staff, kind):
    row = make.CourseFactory(title="Gone") if kind == "course" else make.LessonFactory(title="Gone")
    service = {"course": trash_course, "lesson": trash_lesson}[kind]
    service(**{kind: row}, actor=staff, now=NOW)
    url = f"{URL}{kind}s/{row.pk}/delete/"

    wrong = sure_client.post(url, {"typed": "Goon"})
    right = sure_client.post(url, {"typed": "Gone"})

    assert (wrong.status_code, right.status_code, right.url) == (422, 302, URL)
    assert (type(row).objects.filter(pk=row.pk).exists(), told(sure_client, URL)) == (
        False,
        ["Gone is deleted for good."],
    )


def test_the_owner_is_asked_who_they_are_first(owner_client, course):
    trashed(course)

    answer = owner_client.get(f"{URL}courses/{course.pk}/delete/")

    assert answer.url.startswith(reverse("account_reauthenticate"))


def test_nobody_but_owners_deletes_for_good(staff_client, course):
    trashed(course)

    assert staff_client.post(f"{URL}courses/{course.pk}/delete/", {"typed": "Bread"}).status_code == 403


def test_what_students_hold_is_not_deleted(sure_client, course):
    make.CourseEnrollmentFactory(course=course)
    make.LessonProgressFactory(lesson__course=course)
    trashed(course)

    answer = sure_client.post(f"{URL}courses/{course.pk}/delete/", {"typed": "Bread"})

    assert (answer.status_code, Course.objects.count()) == (409, 1)
    assert answer.context["holders"] == ["students who take it", "progress of students"]


def test_what_a_student_came_to_hold_a_moment_ago_is_not_deleted(sure_client, course, monkeypatch):
    make.CourseEnrollmentFactory(course=course)
    trashed(course)
    monkeypatch.setattr("dashboard.views.trash.held_by", lambda row: [])

    answer = sure_client.post(f"{URL}courses/{course.pk}/delete/", {"typed": "Bread"})

    assert (answer.status_code, answer.context["holders"]) == (409, ["students who take it"])


def test_what_was_restored_a_moment_ago_is_not_found(sure_client, course, monkeypatch):
    trashed(course)

    def restored(row, **_):
        raise Course.DoesNotExist

    monkeypatch.setattr("dashboard.views.trash.delete_for_good", restored)

    assert sure_client.post(f"{URL}courses/{course.pk}/delete/", {"typed": "Bread"}).status_code == 404


def test_a_storage_that_is_away_is_told(sure_client, course, monkeypatch):
    def away(row):
        raise StorageAway("Try again in a minute.")

    trashed(course)
    monkeypatch.setattr("catalog.trash.files_of", away)

    answer = sure_client.post(f"{URL}courses/{course.pk}/delete/", {"typed": "Bread"})

    assert (answer.status_code, "Try again in a minute." in answer.text) == (422, True)


def test_what_is_not_in_the_trash_is_not_deleted(sure_client, course):
    assert sure_client.get(f"{URL}courses/{course.pk}/delete/").status_code == 404


def test_a_deleted_course_vanishes_and_comes_back_with_progress(owner_client, course, student):
    lesson = make.LessonFactory(course=course)
    make.CourseAccessFactory(user=student, course=course)
    make.CourseEnrollmentFactory(user=student, course=course)
    make.LessonProgressFactory(user=student, lesson=lesson, status="completed", completed_at=NOW)
    visitor = client_of(student)
    owner_client.post(DELETE, {"typed": "Bread"})
    gone = [visitor.get(url).status_code for url in ("/courses/bread/", "/my-dashboard/course/bread/")]

    owner_client.post(f"{URL}courses/{course.pk}/restore/")

    back = visitor.get("/my-dashboard/course/bread/")
    assert (gone, back.status_code, back.context["outline"].done) == ([404, 404], 200, 1)
