"""The feed: what is in it, in which order, of which kind, and what is new."""

from datetime import timedelta
from urllib.parse import quote

import pytest

from access.models import AccessAction
from dashboard.selectors.activity import WORDS
from tests import factories as make
from tests.factories import NOW

pytestmark = pytest.mark.django_db
URL = "/dashboard/activity/"
MINUTE = timedelta(minutes=1)


def told(answer):
    return [" ".join(filter(None, (line.name, line.did, line.what))) for line in answer.context["lines"]]


@pytest.fixture
def student():
    return make.UserFactory(name="Ana", date_joined=NOW - 9 * MINUTE)


@pytest.fixture
def _busy(student, staff):
    course = make.CourseFactory(title="Bread")
    lesson = make.LessonFactory(course=course, title="Crust")
    access = make.CourseAccessFactory(user=student, course=course)
    make.AccessEventFactory(access=access, at=NOW - 8 * MINUTE, cause="order:12")
    make.LessonProgressFactory(user=student, lesson=lesson, status="completed", completed_at=NOW - 7 * MINUTE)
    make.StaffActionFactory(
        actor=staff, verb="reset", kind="user", object_id=student.pk, label="Ana", at=NOW - 6 * MINUTE
    )


@pytest.mark.usefixtures("_busy")
def test_everything_stands_in_one_list_the_newest_first(staff_client):
    assert told(staff_client.get(URL)) == [
        "Stan Staff reset: student Ana",
        "Ana completed Crust",
        "Ana got access to Bread",
        "Ana made an account",
    ]


@pytest.mark.usefixtures("_busy")
@pytest.mark.parametrize(
    ("kind", "line"),
    [
        ("lessons", "Ana completed Crust"),
        ("access", "Ana got access to Bread"),
        ("staff", "Stan Staff reset: student Ana"),
        ("accounts", "Ana made an account"),
    ],
)
def test_one_kind_can_be_asked_for_also_on_the_page(staff_client, kind, line):
    assert told(staff_client.get(URL, {"kind": kind})) == [line]
    assert told(staff_client.get("/dashboard/", {"kind": kind})) == [line]


@pytest.mark.usefixtures("_busy")
def test_every_line_leads_to_the_student(staff_client, student):
    assert staff_client.get(URL).text.count(f'href="/dashboard/students/{student.pk}/"') == 4


def test_a_log_line_about_another_thing_leads_to_no_student(staff_client, student):
    make.StaffActionFactory(kind="course", object_id=student.pk, verb="changed", label="Bread", at=NOW)

    line = staff_client.get(URL).context["lines"][0]

    assert (line.student, line.did, line.what) == (None, "changed:", "course Bread")


def test_a_membership_is_called_so(staff_client):
    make.AccessEventFactory(access__course=None, access__tier_level=2)

    assert "got access to a membership" in told(staff_client.get(URL, {"kind": "access"}))[0]


def test_every_change_of_access_has_its_words():
    assert set(WORDS) == set(AccessAction)


def test_what_staff_learn_is_not_told(staff_client, staff):
    make.LessonProgressFactory(user=staff, status="completed", completed_at=NOW)
    make.AccessEventFactory(access__user=staff)

    assert told(staff_client.get(URL)) == []


def test_thirty_lines_are_shown(staff_client):
    make.StaffActionFactory.create_batch(31)

    assert len(staff_client.get(URL, {"kind": "staff"}).context["lines"]) == 30


@pytest.mark.parametrize(
    ("kind", "words"), [("", "What students and staff do appears here"), ("staff", "Nothing of this kind")]
)
def test_an_empty_feed_says_so(staff_client, kind, words):
    assert words in staff_client.get(URL, {"kind": kind}).text


@pytest.mark.usefixtures("_busy")
@pytest.mark.parametrize(("minutes", "new"), [(6, 0), (7, 1), (8, 2), (9, 3), (10, 4)])
def test_asked_since_when_it_only_says_how_much_is_new(staff_client, minutes, new):
    answer = staff_client.get(URL, {"since": (NOW - minutes * MINUTE).isoformat()})

    assert (answer.context["new"], f"{new} new</a>" in answer.text) == (new, bool(new))


def test_a_hundred_are_told_as_more_than_99(staff_client):
    make.StaffActionFactory.create_batch(100, at=NOW)

    answer = staff_client.get(URL, {"since": (NOW - MINUTE).isoformat(), "kind": "staff"})

    assert "99+ new" in answer.text


@pytest.mark.parametrize(
    "since", ["", "x", "2026-03-02", "2026-03-02T09:00", "0001-01-01T00:00:00+00:00", "\0", "9" * 99]
)
def test_a_moment_that_is_none_or_long_ago_gives_the_whole_feed(staff_client, since):
    answer = staff_client.get(URL, {"since": since})

    assert (answer.status_code, answer.context["lines"]) == (200, [])


@pytest.mark.parametrize("kind", ["x", "\0", "LESSONS"])
def test_a_kind_that_is_none_is_all(staff_client, kind):
    assert staff_client.get(URL, {"kind": kind}).context["kind"] is None


@pytest.mark.usefixtures("_busy")
def test_the_page_knows_what_to_ask_next(staff_client):
    since = quote((NOW - 6 * MINUTE).isoformat(), safe="")

    assert f'hx-get="/dashboard/activity/?kind=&amp;since={since}"' in staff_client.get("/dashboard/").text


def test_without_scripts_a_link_loads_the_same_kind_again(staff_client):
    assert 'href="/dashboard/?kind=staff#activity"' in staff_client.get("/dashboard/", {"kind": "staff"}).text
