"""What the access inspector may be asked, and how: whom, about what, for which moment."""

import re

import pytest

from tests import factories as make
from tests.dashboard.inspector.situations import URL, code_of

pytestmark = pytest.mark.django_db


def test_without_a_question_it_asks_for_one(staff_client):
    answer = staff_client.get(URL)

    assert (answer.status_code, "data-verdict" in answer.text, "error-summary" in answer.text) == (200, False, False)


def test_half_a_question_is_kept_and_the_rest_asked(ask, student):
    answer = ask(student=student.email)

    assert (answer.status_code, f'value="{student.email}"' in answer.text, code_of(answer)) == (200, True, [])


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"student": "nobody@example.com"}, "Nobody here has “nobody@example.com” in name or address."),
        ({"student": ""}, "This field is required."),
        ({"what": "no-such-course"}, "There is no course or lesson “no-such-course”."),
        ({"what": "/courses/bread/no-such-lesson/"}, "There is no course or lesson “/courses/bread/no-such-lesson/”."),
        ({"what": "\x00"}, "Null characters are not allowed."),
        ({"at": "yesterday"}, "Enter a valid date/time."),
        ({"at": "2026-13-45T99:99"}, "Enter a valid date/time."),
        ({"at": "0001-01-01T00:00Z"}, "Ask for a moment after the year 2000."),
        ({"at": "0001-01-01T00:00"}, "Ask for a moment after the year 2000."),
        ({"at": "9999-12-31T23:59"}, "Ask for a moment before the year 2200."),
        ({"at": "9999-12-31T23:59Z"}, "Ask for a moment before the year 2200."),
    ],
)
def test_what_cannot_be_asked_is_said_at_the_field(ask, student, course, asked, said):
    answer = ask(**{"student": student.email, "what": "bread"} | asked)

    text = answer.text.replace("&quot;", '"')
    assert (answer.status_code, code_of(answer), text.count(said)) == (422, [], 2)


def test_a_name_that_fits_several_people_lets_one_choose(ask, student, stranger, course):
    answer = ask(student="example.com", what="bread")

    urls = re.findall(r'<li><a href="(\?[^"]+)">([^<]+)</a>', answer.text)
    assert (answer.status_code, [name for _, name in urls]) == (422, ["Stan Staff", "Stella Stranger", "Sam Student"])
    assert urls[2][0] == "?student=student%40example.com&amp;what=bread"


def test_more_than_can_be_shown_are_said_to_be_more(ask, course):
    make.UserFactory.create_batch(12)

    answer = ask(student="Person", what="bread")

    assert ("fits more than 10 people" in answer.text, answer.text.count('<li><a href="?student=')) == (True, 10)


def test_a_title_that_fits_several_courses_lets_one_choose(ask, student, course):
    make.CourseFactory(title="Bread for two")

    answer = ask(student=student.email, what="brea")

    assert (answer.status_code, "“brea” fits 2 courses." in answer.text) == (422, True)


def test_a_title_that_fits_several_lessons_lets_one_choose(ask, student, lesson):
    make.LessonFactory(title="Crusts")

    answer = ask(student=student.email, what="crust")

    assert (answer.status_code, "“crust” fits 2 lessons." in answer.text) == (422, True)


@pytest.mark.parametrize("who", ["student@example.com", "STUDENT@example.com", "Sam Stu", "student@ex"])
@pytest.mark.parametrize(
    "what",
    ["bread/crust", "/courses/bread/crust/", "https://school.example/courses/bread/crust/?x=1", "Crust"],
)
def test_people_and_lessons_are_found_by_what_one_has_at_hand(ask, student, lesson, who, what):
    assert code_of(ask(student=who, what=what)) == [("cannot", "purchase")]


@pytest.mark.parametrize(
    "what", ["bread", "courses/bread", "/courses/bread/", "http://testserver/courses/bread/#x", "Brea"]
)
def test_courses_are_found_too(ask, student, course, what):
    assert code_of(ask(student=student.email, what=what)) == [("cannot", "purchase")]


def test_the_moment_is_that_of_the_viewer_s_clock_and_the_zone_is_named(ask, staff, student, course):
    staff.time_zone = "America/New_York"
    staff.save()

    answer = ask(student=student.email, what="bread", at="2026-05-03T18:00")

    assert "In your time zone, America/New York. Empty: now." in answer.text
    assert "Sun 3 May 2026, 18:00 (New York)" in answer.text
    assert "at=2026-05-03T22%3A00%3A00Z" in answer.text


def test_a_link_means_the_same_moment_in_every_zone(ask, student, course):
    answer = ask(student=student.email, what="bread", at="2026-05-03T16:00:00Z")

    assert ('value="2026-05-03T18:00"' in answer.text, "Sun 3 May 2026, 18:00 (Paris)" in answer.text) == (True, True)


def test_a_time_that_the_clocks_skip_is_refused(ask, student, course):
    assert ask(student=student.email, what="bread", at="2026-03-29T02:30").status_code == 422
