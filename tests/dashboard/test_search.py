"""The search of the whole dashboard: every kind on one page, a few of each."""

import pytest
from django.utils import timezone

from dashboard.roles import Role
from dashboard.selectors.search import found_everywhere, words_of
from tests.conftest import client_of, counted_queries
from tests.dashboard.roles import staff_of
from tests.factories import BundleFactory, CohortFactory, CourseFactory, LearningPathFactory, LessonFactory, UserFactory

pytestmark = pytest.mark.django_db
SEARCH = "/dashboard/search/"


@pytest.fixture
def world():
    course = CourseFactory(title="Bread for beginners", slug="bread")
    LessonFactory(course=course, title="Kneading bread", slug="kneading")
    CohortFactory(name="Bread in March")
    BundleFactory(name="Bread and butter", slug="bread-and-butter")
    LearningPathFactory(title="From bread to cake", slug="from-bread")
    return UserFactory(name="Bruno Bread", email="bruno@example.com")


def found(client, words):
    groups = client.get(SEARCH, {"q": words}).context["groups"]
    return {group.title: [hit.name for hit in group.hits] for group in groups}


def test_every_kind_is_searched(staff_client, world):
    assert found(staff_client, "bread") == {
        "Students": ["Bruno Bread"],
        "Courses": ["Bread for beginners"],
        "Lessons": ["Kneading bread"],
        "Cohorts": ["Bread in March"],
        "Bundles": ["Bread and butter"],
        "Paths": ["From bread to cake"],
    }


@pytest.mark.parametrize(
    ("words", "kinds"),
    [
        ("bruno@example", ["Students"]),
        ("BEGINNERS bread", ["Courses"]),
        ("march bread", ["Cohorts"]),
        ("butter", ["Bundles"]),
        ("nothing bread", []),
    ],
)
def test_every_word_must_be_there(staff_client, world, words, kinds):
    assert list(found(staff_client, words)) == kinds


@pytest.mark.parametrize("role", list(Role))
def test_every_hit_leads_to_a_page_one_may_open(role, world):
    client = client_of(staff_of(role))
    groups = client.get(SEARCH, {"q": "bread"}).context["groups"]

    answers = {hit.name: client.get(hit.address).status_code for group in groups for hit in group.hits}

    assert answers == dict.fromkeys(answers, 200)


def test_what_is_in_the_trash_is_not_found(staff_client):
    trashed = {"trashed_at": timezone.now()}
    course = CourseFactory(title="Bread", status="draft", status_before_trash="active", **trashed)
    LessonFactory(course=course, title="Bread", is_published=False, was_published=True, **trashed)

    assert found(staff_client, "bread") == {}


def test_a_course_says_in_a_word_how_it_stands(staff_client):
    CourseFactory(title="Rye", status="archived")

    text = staff_client.get("/dashboard/search/?q=rye").content.decode()

    assert ("Archived" in text, "in no list" in text) == (True, False)


def test_five_of_a_kind_are_shown_and_the_list_holds_the_rest(staff_client):
    for number in range(6):
        UserFactory(name=f"Bruno {number}")

    group = staff_client.get(SEARCH, {"q": "bruno"}).context["groups"][0]

    assert [hit.name for hit in group.hits] == [f"Bruno {number}" for number in range(5)]
    assert (group.more, group.has_more) == ("/dashboard/students/?q=bruno", True)


def test_the_list_of_all_holds_the_same(staff_client, world):
    groups = staff_client.get(SEARCH, {"q": "bread"}).context["groups"]

    answers = {group.more: staff_client.get(group.more).status_code for group in groups}

    assert answers == dict.fromkeys(answers, 200)


def test_without_words_it_asks_and_finds_nothing(staff_client, world):
    page = staff_client.get(SEARCH, {"q": "  "})

    assert (page.context["groups"], "A part of a name" in page.text) == ([], True)


def test_nothing_found_is_said(staff_client):
    assert "Nothing found" in staff_client.get(SEARCH, {"q": "nothing"}).text


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (" two   words ", "two words"),
        ("nul\x00l", "nul l"),
        ("half \ud800 a letter", "half a letter"),
        ("x" * 10_000, "x" * 100),
    ],
)
def test_hostile_words_are_words(text, words):
    assert words_of(text) == words
    assert found_everywhere(words_of(text), timezone.now(), may_edit=True) == []


def test_it_costs_the_same_for_many(staff_client, world):
    with counted_queries() as few:
        staff_client.get(SEARCH, {"q": "bread"})
    for number in range(8):
        course = CourseFactory(title=f"Bread {number}")
        LessonFactory(course=course, title=f"Bread {number}")
        UserFactory(name=f"Bread {number}")
    with counted_queries() as many:
        staff_client.get(SEARCH, {"q": "bread"})

    assert (len(few), len(many) <= 12) == (len(many), True)


def test_the_top_bar_asks_it(staff_client):
    assert f'action="{SEARCH}"' in staff_client.get("/dashboard/students/").text


def test_the_keys_are_listed_without_a_script(staff_client):
    page = staff_client.get("/dashboard/students/").text

    assert (f'href="{SEARCH}#keys"' in page, 'id="keys"' in staff_client.get(SEARCH).text) == (True, True)
