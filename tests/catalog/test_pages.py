"""The catalog: filters in the address, cards, what crawlers read; the search page."""

import pytest
from django.urls import reverse

from access.models import Tier
from catalog.models import EnrollmentMethod
from catalog.services import recount_lessons
from tests import factories as make
from tests.conftest import counted_queries

pytestmark = pytest.mark.django_db
CATALOG = "/courses/"


def shelf(count, **fields):
    courses = make.CourseFactory.create_batch(count, **fields)
    for course in courses:
        course.tags.add(make.TagFactory())
        recount_lessons(course.pk)
    return courses


def titles(response):
    return [card.course.title for card in response.context["cards"]]


@pytest.mark.parametrize("count", [1, 20])
def test_catalog_costs_a_visitor_3_queries_and_then_none(client, max_queries, count):
    shelf(count, category=make.CategoryFactory())

    with max_queries(3) as first:
        client.get(CATALOG)
    with max_queries(0):
        client.get(CATALOG)

    assert len(first) == 3


@pytest.mark.parametrize("count", [1, 20])
def test_catalog_costs_a_student_7_queries(student, student_client, count):
    for course in shelf(count, lesson_count=2):
        make.CourseAccessFactory(user=student, course=course)
        make.CourseEnrollmentFactory(user=student, course=course)

    with counted_queries() as queries:
        student_client.get(CATALOG)

    assert len(queries) == 7


def test_catalog_of_a_visitor_holds_nothing_personal(client):
    shelf(2)

    response = client.get(CATALOG)

    assert ("csrfmiddlewaretoken" in response.content.decode(), dict(response.cookies)) == (False, {})


def test_empty_catalog_says_so(client):
    assert "No courses yet." in client.get(CATALOG).content.decode()


def test_no_match_offers_to_clear_the_filters(client):
    shelf(1)

    text = client.get(CATALOG, {"q": "zebra"}).content.decode()

    assert ("No course matches “zebra”" in text, "Clear filters" in text) == (True, True)


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({"free": "1"}, ["Open"]),
        ({"level": "2"}, ["Main"]),
        ({"level": "0"}, ["Open", "Sold"]),
        ({"category": "data"}, ["Main"]),
        ({"tag": ["python"]}, ["Main", "Sold"]),
        ({"tag": ["python", "sql"]}, ["Sold"]),
        ({"q": "sol"}, ["Sold"]),
        ({"sort": "title", "category": "nope", "tag": ["nope"]}, ["Main", "Open", "Sold"]),
    ],
)
def test_catalog_filters(client, asked, found):
    python, sql = make.TagFactory(slug="python"), make.TagFactory(slug="sql")
    make.CourseFactory(title="Open")
    sold = make.CourseFactory(title="Sold", enrollment_method=EnrollmentMethod.PURCHASE)
    main = make.CourseFactory(
        title="Main",
        enrollment_method=EnrollmentMethod.PURCHASE,
        required_level=2,
        category=make.CategoryFactory(slug="data"),
    )
    sold.tags.set([python, sql])
    main.tags.set([python])
    for course in (sold, main):
        recount_lessons(course.pk)

    assert sorted(titles(client.get(CATALOG, asked))) == found


def test_filters_offer_what_was_added_since_and_unfold_with_what_is_chosen(client):
    course = make.CourseFactory()
    before = client.get(CATALOG).content.decode()

    course.tags.add(make.TagFactory(slug="python"))
    after = client.get(CATALOG, {"sort": "title"}).content.decode()
    chosen = client.get(CATALOG, {"tag": "python"}).content.decode()
    again = client.get(CATALOG, {"sort": "newest"}).content.decode()

    marks = [
        ('value="python"' in text, "checked" in text, '<details class="filters-more" open>' in text)
        for text in (before, after, chosen, again)
    ]
    assert marks == [(False, False, False), (True, False, False), (True, True, True), (True, False, False)]


def test_filters_of_members_are_not_shown_to_visitors(client, student_client):
    shelf(1)

    texts = [someone.get(CATALOG).content.decode() for someone in (student_client, client)]

    assert ["My favorites only" in text for text in texts] == [True, False]


def test_favorites_filter_is_the_students_own(student, student_client):
    mine, _ = shelf(2)
    make.FavoriteCourseFactory(user=student, course=mine)

    assert titles(student_client.get(CATALOG, {"favorites": "1"})) == [mine.title]


@pytest.mark.parametrize("query", ["tag=nope", "level=7", "category=nope", "sort=price", "free=banana", "favorites=1"])
def test_unknown_filter_values_are_ignored_and_told(client, query):
    shelf(1)

    response = client.get(f"{CATALOG}?{query}")

    assert (len(titles(response)), "was left out" in response.content.decode()) == (1, True)


@pytest.mark.parametrize("query", ["q=%00", "q=" + "x" * 500, "page=999", "page=-1", "page=x", "tag=&level="])
def test_strange_addresses_still_answer(client, query):
    shelf(1)

    assert client.get(f"{CATALOG}?{query}").status_code == 200


def test_pages_hold_24_courses_and_keep_the_filters(client):
    shelf(25)

    text = client.get(CATALOG, {"free": "1"}).content.decode()

    assert (text.count('class="card course-card"'), "?free=1&amp;page=2" in text) == (24, True)


def test_htmx_gets_the_results_only(client):
    shelf(1)

    response = client.get(CATALOG, headers={"HX-Request": "true"})

    assert ("<html" in response.content.decode(), response.templates[0].name) == (False, "catalog/_course_results.html")


def test_filtered_catalog_is_not_indexed_and_points_to_the_clean_page(client):
    shelf(1)

    clean = client.get(CATALOG).content.decode()
    filtered = client.get(CATALOG, {"q": "course"}).content.decode()

    canonical = '<link rel="canonical" href="http://testserver/courses/">'
    robots = '<meta name="robots" content="noindex, follow">'
    assert [(canonical in text, robots in text) for text in (clean, filtered)] == [(True, False), (True, True)]


def test_student_goes_on_with_at_most_three_courses_shown_once(student, student_client):
    for course in shelf(5, lesson_count=2):
        make.CourseAccessFactory(user=student, course=course)
        make.CourseEnrollmentFactory(user=student, course=course)
    make.LessonFactory.create_batch(2, course=course)

    response = student_client.get(CATALOG)

    text = response.content.decode()
    assert (len(response.context["continue_cards"]) <= 3, text.count('class="card course-card"')) == (True, 5)


def test_course_whose_access_ended_is_not_under_continue(student, student_client):
    course = make.CourseFactory(lesson_count=2, enrollment_method=EnrollmentMethod.PURCHASE)
    make.CourseEnrollmentFactory(user=student, course=course)
    make.CourseAccessFactory(user=student, course=course, expires_at=make.NOW.replace(day=3))

    assert student_client.get(CATALOG).context["continue_cards"] == []


def test_card_names_the_tier_as_staff_call_it(client):
    Tier.objects.filter(level=2).update(name="Plus")
    make.CourseFactory(enrollment_method=EnrollmentMethod.PURCHASE, required_level=2)

    assert "Included in Plus" in client.get(CATALOG).content.decode()


def test_favorite_without_script_returns_to_the_card(student_client):
    course = make.CourseFactory(slug="it")
    page = student_client.get(CATALOG).content.decode()

    response = student_client.post(
        reverse("course_favorite", args=[course.slug]), {"favorite": "true", "next": "/courses/#course-it"}
    )

    assert ('value="/courses/#course-it"' in page, response.url) == (True, "/courses/#course-it")


def test_favorite_with_script_gives_the_heart_alone(student_client):
    course = make.CourseFactory(slug="it", title="Pots")

    answer = student_client.post(
        reverse("course_favorite", args=[course.slug]), {"favorite": "true"}, headers={"HX-Request": "true"}
    )

    assert (answer.status_code, "<html" in answer.text, answer.context["is_favorite"]) == (200, False, True)


@pytest.mark.parametrize("name", ["x" * 4_000 + ".png", "../x.png", "none.png"])
def test_a_picture_that_is_none_does_not_exist(client, settings, tmp_path, name):
    settings.MEDIA_ROOT = tmp_path
    (tmp_path / "courses").mkdir()

    assert client.get(f"/media/courses/{name}").status_code == 404


def test_search_shows_three_lessons_a_course_and_counts_the_rest(client):
    course = make.CourseFactory(title="Pots")
    for number in range(5):
        make.LessonFactory(course=course, title=f"Kneading {number}", body_html="<p>secret clay</p>")

    text = client.get("/search/", {"q": "kneading"}).content.decode()

    assert (text.count(">Kneading"), "and 2 more in this course" in text, "secret" in text) == (3, True, False)


def test_search_finds_nothing_hidden(client):
    make.LessonFactory(title="Kneading", course=make.CourseFactory(visibility="hidden", title="Kneading"))

    assert "No result for “kneading”." in client.get("/search/", {"q": "kneading"}).content.decode()


@pytest.mark.parametrize("count", [1, 20])
def test_search_costs_a_visitor_2_queries(client, count):
    for course in shelf(count):
        make.LessonFactory(course=course, title="Course of clay")

    with counted_queries() as queries:
        client.get("/search/", {"q": "course"})

    assert len(queries) == 2
