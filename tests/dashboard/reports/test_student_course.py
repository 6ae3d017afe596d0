"""One course of one student: the state, rights, lessons and timeline of this course and of no other."""

from datetime import timedelta

import pytest

from tests import factories as make
from tests.conftest import counted_queries
from tests.factories import NOW

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture
def course():
    return make.CourseFactory(
        title="Bread", slug="bread", lesson_count=3, enrollment_method="purchase", required_level=2
    )


@pytest.fixture
def url(student, course):
    return f"/dashboard/students/{student.pk}/{course.slug}/"


def test_who_never_held_anything_sees_no_access(staff_client, url):
    text = staff_client.get(url).text

    for words in ("No access", "has not joined", "They never held one.", "no published lesson", "Nothing happened"):
        assert words in text


def test_the_state_is_what_the_judge_says_now(staff_client, url, student, course):
    make.CourseAccessFactory(user=student, course=course)
    make.CourseEnrollmentFactory(user=student, course=course)
    for lesson in make.LessonFactory.create_batch(2, course=course):
        make.LessonProgressFactory(user=student, lesson=lesson, status="completed", completed_at=NOW)

    card = staff_client.get(url).context["card"]

    assert (card.sign.text, card.status.label, card.done, card.percent) == ("Open", "Active", 2, 66)


def test_the_rights_are_those_that_cover_the_course(staff_client, url, student, course):
    own = make.CourseAccessFactory(user=student, course=course)
    tier = make.CourseAccessFactory(user=student, course=None, tier_level=2, access_type="subscription")
    make.CourseAccessFactory(user=student, course=None, tier_level=1, access_type="subscription")
    make.CourseAccessFactory(user=student)

    assert {right.access for right in staff_client.get(url).context["rights"]} == {own, tier}


def test_a_membership_covers_no_course_outside_the_memberships(staff_client, student):
    make.CourseFactory(slug="free")
    make.CourseAccessFactory(user=student, course=None, tier_level=3)

    assert staff_client.get(f"/dashboard/students/{student.pk}/free/").context["rights"] == []


@pytest.fixture
def _begun(student, course):
    module = make.ModuleFactory(course=course, title="Dough")
    make.LessonFactory(course=course, title="Hello")
    done = make.LessonFactory(course=course, module=module, title="Flour", video_url="https://vimeo.com/1")
    going = make.LessonFactory(course=course, module=module, title="Water", video_url="https://vimeo.com/2")
    make.LessonFactory(course=course, title="Draft", is_published=False)
    make.LessonProgressFactory(user=student, lesson=done, status="completed", completed_at=NOW, watch_percentage=93.4)
    make.LessonProgressFactory(user=student, lesson=going, watch_percentage=40)


@pytest.mark.usefixtures("_begun")
def test_lessons_stand_module_by_module_with_what_was_done(staff_client, url):
    answer = staff_client.get(url)
    chapters = answer.context["chapters"]

    assert [(chapter.module and chapter.module.title, chapter.done) for chapter in chapters] == [
        (None, 0),
        ("Dough", 1),
    ]
    assert [(mark.number, mark.lesson.title) for chapter in chapters for mark in chapter.marks] == [
        (1, "Hello"), (2, "Flour"), (3, "Water"),
    ]  # fmt: skip
    for words in ("93 %", "40 %", "2 March 2026", "Dough: 1 of 2 completed", "Before the modules: 0 of 1 completed"):
        assert words in answer.text


@pytest.mark.usefixtures("_begun")
def test_every_lesson_leads_to_the_inspector(staff_client, url):
    assert staff_client.get(url).text.count("access/inspect/?student=student%40example.com&amp;what=%2Fcourses") == 4


def test_the_timeline_is_of_this_course(staff_client, url, student, course):
    access = make.CourseAccessFactory(user=student, course=course)
    make.AccessEventFactory(access=access, reason="a gift", expires_at=NOW + DAY)
    make.AccessEventFactory(access__user=student)

    answer = staff_client.get(url)

    assert (len(answer.context["entries"]), "“a gift”" in answer.text) == (1, True)


@pytest.mark.parametrize(("who", "sees"), [("staff_client", False), ("owner_client", True)])
def test_only_who_may_change_rights_sees_the_buttons(request, url, student, course, who, sees):
    make.CourseAccessFactory(user=student, course=course)

    text = request.getfixturevalue(who).get(url).text

    assert ("/grant-access/?course=bread" in text, "/revoke-access/?access=" in text) == (sees, sees)


def test_staff_and_unknown_people_and_courses_are_not_found(staff_client, staff, student, course):
    for who, slug in ((staff.pk, "bread"), (0, "bread"), (2**63, "bread"), (student.pk, "none")):
        assert staff_client.get(f"/dashboard/students/{who}/{slug}/").status_code == 404


def test_the_pages_of_a_student_come_before_courses_of_the_same_name(owner_client, student):
    make.CourseFactory(slug="grant-access")

    assert "Grant access" in owner_client.get(f"/dashboard/students/{student.pk}/grant-access/").text


@pytest.mark.usefixtures("_begun")
def test_the_number_of_queries_does_not_grow(staff_client, url, student, course):
    counts = []
    make.AccessEventFactory(access=make.CourseAccessFactory(user=student, course=course))
    for _ in range(2):
        with counted_queries() as queries:
            staff_client.get(url)
        counts.append(len(queries))
        for _ in range(3):
            make.LessonProgressFactory(user=student, lesson=make.LessonFactory(course=course))
            make.AccessEventFactory(access=make.CourseAccessFactory(user=student, course=course))

    assert (counts[0] == counts[1], counts[0] <= 13) == (True, True)
