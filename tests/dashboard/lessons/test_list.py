"""The list of lessons: who may look, what it finds, its order, its pages, the table to keep, and its queries."""

import pytest

from catalog.models import Lesson
from catalog.trash import trash_course, trash_lesson
from tests import factories as make
from tests.conftest import counted_queries
from tests.factories import NOW

URL = "/dashboard/lessons/"
pytestmark = pytest.mark.django_db


@pytest.fixture
def ask(staff_client):
    def found(**query):
        return [lesson.title for lesson in staff_client.get(URL, query).context["lessons"]]

    return found


@pytest.fixture
def three(course, module):
    """Of three lessons, one is a film with captions, one a film without, and one a text."""
    film = {"course": course, "module": module, "lesson_type": "video", "video_url": "https://vimeo.com/1"}
    captioned = make.LessonFactory(title="Captioned", video_duration_seconds=750, **film)
    make.TranscriptFactory(lesson=captioned, captions="WEBVTT")
    make.LessonFactory(title="Silent", is_preview=True, **film)
    make.LessonFactory(title="A text", course=course, is_published=False)


def test_without_lessons_the_page_says_so(staff_client, owner_client):
    pages = [client.get(URL).text for client in (staff_client, owner_client)]

    assert ["No lesson yet" in page for page in pages] == [True, True]
    assert ["New lesson" in page for page in pages] == [False, True]


def test_without_a_match_it_offers_to_clear_the_filters(staff_client, lesson):
    page = staff_client.get(URL, {"q": "nothing"}).text

    assert ("No lesson found" in page, "Clear filters" in page) == (True, True)


@pytest.mark.parametrize(
    ("query", "titles"),
    [
        ({}, ["A text", "Captioned", "Silent"]),
        ({"q": "capt"}, ["Captioned"]),
        ({"q": "BAKING sil"}, ["Silent"]),
        ({"course": "baking", "type": "text"}, ["A text"]),
        ({"missing": "captions"}, ["Silent"]),
        ({"missing": "video"}, ["No film"]),
        ({"state": "published"}, ["Captioned", "Silent"]),
        ({"state": "unpublished"}, ["A text"]),
        ({"state": "preview"}, ["Silent"]),
        ({"sort": "title"}, ["A text", "Captioned", "Silent"]),
        ({"sort": "newest"}, ["A text", "Silent", "Captioned"]),
        ({"sort": "changed"}, ["A text", "Silent", "Captioned"]),
    ],
)
def test_filters_add_up(ask, three, query, titles):
    if query == {"missing": "video"}:
        make.LessonFactory(title="No film", lesson_type="audio")

    assert ask(**query) == titles


@pytest.mark.parametrize("value", ["\x00", "9" * 4301, "password"])
@pytest.mark.parametrize("name", ["q", "course", "type", "missing", "state", "sort", "page"])
def test_odd_values_are_survived(staff_client, lesson, name, value):
    assert staff_client.get(URL, {name: value}).status_code == 200


def test_the_trash_shows_its_lessons_elsewhere(ask, lesson, staff):
    of_trashed_course = make.LessonFactory()
    trash_lesson(lesson=lesson, actor=staff, now=NOW)
    trash_course(course=of_trashed_course.course, actor=staff, now=NOW)

    assert ask() == []


def test_a_row_says_what_there_is(staff_client, three):
    page = " ".join(staff_client.get(URL).text.split())

    assert [page.count(word) for word in ("badge-warn", "12 min", "13 min", "Not published</span>")] == [1, 0, 1, 1]


def test_who_may_edit_is_led_to_the_editor_and_others_to_the_page(staff_client, owner_client, lesson):
    pages = [client.get(URL).text for client in (staff_client, owner_client)]

    assert [f'href="/dashboard/lessons/{lesson.pk}/edit/"' in page for page in pages] == [False, True]
    assert ['href="/courses/baking/dough/"' in page for page in pages] == [True, False]


def test_a_page_holds_fifty_and_keeps_the_filters(staff_client, course):
    make.LessonFactory.create_batch(51, course=course)
    answer = staff_client.get(URL, {"q": "lesson", "page": "2"})

    assert ("51–51 of 51" in answer.text, 'href="?q=lesson&amp;page=1"' in answer.text) == (True, True)


def test_export_gives_all_that_were_found(staff_client, three, lesson):
    Lesson.objects.filter(title="Silent").update(title="=HYPERLINK(1)")
    answer = staff_client.get(f"{URL}export/", {"missing": "captions"})

    lines = answer.getvalue().decode("utf-8-sig").splitlines()
    assert answer["Content-Disposition"].startswith('attachment; filename="lessons-')
    assert lines == [
        "Course,Module,Lesson,Address,Type,Length,Captions,Preview,Published",
        f"Baking,Bread,'=HYPERLINK(1),{Lesson.objects.get(title='=HYPERLINK(1)').slug},Video,,no,yes,yes",
    ]


def test_export_says_lengths(staff_client, three):
    lines = staff_client.get(f"{URL}export/").getvalue().decode("utf-8-sig").splitlines()

    assert [line.split(",")[5] for line in lines] == ["Length", "", "12:30", ""]


@pytest.mark.parametrize("count", [1, 60])
def test_the_list_costs_8_queries(staff_client, course, module, count):
    make.LessonFactory.create_batch(count, course=course, module=module)
    staff_client.get(URL)

    with counted_queries() as queries:
        staff_client.get(URL)

    assert len(queries) == 8, queries
