"""No page of staff but the trash itself offers what lies in it."""

import pytest

from catalog.trash import trash_course
from tests import factories as make
from tests.conftest import client_of
from tests.factories import NOW
from tests.threats.state import unchanged

pytestmark = pytest.mark.django_db
OFFERS = ["/dashboard/students/", "/dashboard/access/inspect/", "/dashboard/students/{pk}/grant-access/"]


@pytest.mark.parametrize("page", OFFERS)
def test_staff_are_not_offered_what_is_in_the_trash(staff, student, page):
    owner = client_of(make.StaffFactory(is_superuser=True))
    kept, gone = make.CourseFactory(slug="kept-one"), make.CourseFactory(slug="gone-one", title="Gone one")
    make.CourseEnrollmentFactory(user=student, course=gone)
    trash_course(course=gone, actor=staff, now=NOW)

    text = owner.get(page.format(pk=student.pk)).text

    assert (kept.title in text, "gone-one" in text, "Gone one" in text) == (True, False, False)


@pytest.mark.parametrize("what", ["gone-one", "Gone", "gone-one/flour", "Flour"])
def test_the_inspector_does_not_find_what_is_in_the_trash(staff, staff_client, student, what):
    lesson = make.LessonFactory(course__slug="gone-one", course__title="Gone one", slug="flour", title="Flour")
    trash_course(course=lesson.course, actor=staff, now=NOW)

    page = staff_client.get("/dashboard/access/inspect/", {"student": student.email, "what": what})

    assert page.context["form"].errors["what"] == [f"There is no course or lesson “{what}”."]


def test_the_students_page_shows_no_card_of_it(staff, staff_client, student):
    right = make.CourseAccessFactory(user=student, course__title="Gone one")
    trash_course(course=right.course, actor=staff, now=NOW)

    assert staff_client.get(f"/dashboard/students/{student.pk}/").context["cards"] == []


def test_machines_do_not_give_what_is_in_the_trash(staff, student):
    owner, course = client_of(make.StaffFactory(is_superuser=True)), make.CourseFactory()
    trash_course(course=course, actor=staff, now=NOW)
    url = f"/dashboard/students/{student.pk}/grant-access/"

    answer = owner.post(url, {"course_id": course.pk}, content_type="application/json")

    assert (answer.status_code, student.accesses.count()) == (404, 0)


def test_the_calendar_of_a_cohort_leaves_it_out(staff):
    cohort, lesson = make.CohortFactory(starts_on=NOW.date()), make.LessonFactory(course__title="Gone one")
    cohort.courses.add(lesson.course)
    trash_course(course=lesson.course, actor=staff, now=NOW)

    page = client_of(make.StaffFactory()).get(f"/dashboard/cohorts/{cohort.pk}/calendar/")

    assert (page.status_code, lesson.title in page.text) == (200, False)


@pytest.mark.parametrize("method", ["GET", "PATCH", "DELETE"])
def test_machines_reach_no_part_of_a_course_in_the_trash(staff, method):
    owner, lesson = client_of(make.StaffFactory(is_superuser=True)), make.LessonFactory(module=None)
    module = make.ModuleFactory(course=lesson.course)
    trash_course(course=lesson.course, actor=staff, now=NOW)
    parts = [f"/api/admin/units/{lesson.pk}", f"/api/admin/modules/{module.pk}"]

    with unchanged():
        answers = [owner.generic(method, part, "{}", content_type="application/json").status_code for part in parts]

    assert answers == [404, 404]
