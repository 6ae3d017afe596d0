"""The list of courses: search, filters, order, pages, columns, the table to keep, and the number of queries."""

import pytest

from catalog.models import Course
from tests import factories as make
from tests.conftest import counted_queries
from tests.factories import NOW

pytestmark = pytest.mark.django_db
URL = "/dashboard/courses/"


@pytest.fixture
def ask(staff_client):
    """Titles of the courses found."""

    def found(**query):
        return [line.course.title for line in staff_client.get(URL, query).context["lines"]]

    return found


def test_without_courses_it_explains_the_three_steps(owner_client):
    text = owner_client.get(URL).text

    assert (text.count("<li><strong>"), "New course" in text) == (3, True)


def test_who_only_looks_is_offered_no_new_course(staff_client):
    assert "New course" not in staff_client.get(URL).text


def test_without_a_match_it_offers_to_clear_the_filters(staff_client):
    make.CourseFactory()
    text = staff_client.get(URL, {"q": "nothing"}).text

    assert ("No course found" in text, "Clear filters" in text) == (True, True)


@pytest.mark.parametrize("words", ["sour", "SOUR bread", "sour-", "dough bre"])
def test_search_finds_parts_of_title_and_address(ask, words):
    make.CourseFactory(title="Bread", slug="sour-dough")
    make.CourseFactory(title="Camera", slug="camera")

    assert ask(q=words) == ["Bread"]


@pytest.mark.parametrize("words", ["%", "_", "\\", "'"])
def test_signs_of_sql_find_themselves_only(ask, words):
    make.CourseFactory()

    assert ask(q=words) == []


def two_courses():
    category, tag = make.CategoryFactory(slug="food"), make.TagFactory(slug="oven")
    found = make.CourseFactory(
        title="Bread", status="locked", visibility="hidden", enrollment_method="cohort_only", category=category
    )
    found.tags.add(tag, make.TagFactory())
    make.CourseFactory(title="Camera", category=make.CategoryFactory()).tags.add(make.TagFactory())


@pytest.mark.parametrize(
    ("name", "value"),
    [("status", "locked"), ("visibility", "hidden"), ("method", "cohort_only"), ("category", "food"), ("tag", "oven")],
)
def test_each_filter_narrows(ask, name, value):
    two_courses()

    assert ask(**{name: value}) == ["Bread"]


@pytest.mark.parametrize("name", ["status", "visibility", "method", "category", "tag", "sort"])
def test_a_filter_that_is_none_is_told_and_left_out(staff_client, name):
    two_courses()

    answer = staff_client.get(URL, {name: "no\0ne"})

    assert (len(answer.context["lines"]), list(answer.context["form"].errors)) == (2, [name])


ORDERS = {
    "": ["New", "busy", "Able"],
    "changed": ["New", "busy", "Able"],
    "title": ["Able", "busy", "New"],
    "newest": ["busy", "New", "Able"],
    "place": ["New", "Able", "busy"],
    "students": ["busy", "Able", "New"],
}


@pytest.mark.parametrize("sort", ORDERS)
def test_the_order_is_the_one_asked_for(ask, sort):
    able = make.CourseFactory(title="Able", created_at=NOW.replace(day=1), display_order=1)
    busy = make.CourseFactory(title="busy", created_at=NOW.replace(day=3), display_order=2)
    make.CourseFactory(title="New", created_at=NOW.replace(day=2))
    for course in (busy, busy, able):
        make.CourseEnrollmentFactory(course=course)

    assert ask(sort=sort) == ORDERS[sort]


def test_the_columns_tell_of_lessons_students_and_who_completed_it(staff_client):
    course = make.CourseFactory(lesson_count=7, category=make.CategoryFactory(name="Food"))
    course.tags.add(make.TagFactory(slug="oven"), make.TagFactory(slug="flour"))
    for completed_at in (None, None, NOW):
        make.CourseEnrollmentFactory(course=course, completed_at=completed_at)
    make.CourseEnrollmentFactory()

    answer = staff_client.get(URL, {"q": course.title, "sort": "title"})

    line = answer.context["lines"][0]
    assert (line.course.lesson_count, line.students, line.completed, line.completed_share) == (7, 3, 1, 33)
    assert (line.tags, "Food · flour · oven" in answer.text) == (["flour", "oven"], True)


def test_what_is_in_the_trash_is_not_in_the_list(ask):
    make.CourseFactory(status="draft", trashed_at=NOW)

    assert ask() == []


def test_a_page_holds_fifty_and_keeps_the_filters(staff_client):
    make.CourseFactory.create_batch(51)
    answer = staff_client.get(URL, {"q": "course", "page": "2"})

    assert (len(answer.context["lines"]), "51–51 of 51" in answer.text) == (1, True)
    assert 'href="?q=course&amp;page=1"' in answer.text


@pytest.mark.parametrize("sort", ["changed", "students"])
@pytest.mark.parametrize("count", [1, 60])
def test_the_list_costs_9_queries_however_many(staff_client, count, sort):
    for course in make.CourseFactory.create_batch(count, category=make.CategoryFactory()):
        course.tags.add(make.TagFactory())

    with counted_queries() as queries:
        staff_client.get(URL, {"sort": sort})

    assert len(queries) == 9


def exported(client, **query):
    return client.get(f"{URL}export/", query).getvalue().decode().splitlines()


def test_the_table_to_keep_holds_what_was_found(staff_client):
    two_courses()
    make.CourseEnrollmentFactory(course=Course.objects.get(title="Bread"), completed_at=NOW)

    header, *rows = exported(staff_client, status="locked")

    assert header.startswith("\ufeffTitle,Address,Status,Who finds it")
    assert [row.split(",")[:6] for row in rows] == [
        ["Bread", rows[0].split(",")[1], "Closed", "Hidden", "Cohorts", rows[0].split(",")[5]]
    ]
    assert ",0,1,1,100," in rows[0]


def test_the_table_to_keep_holds_no_formula(staff_client):
    make.CourseFactory(title="=1+1")

    assert exported(staff_client)[1].startswith("'=1+1,")


@pytest.mark.parametrize("count", [3, 401])
def test_the_table_to_keep_is_read_in_parts(staff_client, count):
    make.CourseFactory.create_batch(count)

    assert len(exported(staff_client, sort="title")) == count + 1
