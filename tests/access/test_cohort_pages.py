"""Cohorts on the course page: the panel, its buttons, the choice of a start, and the file for a calendar."""

import re
from datetime import UTC, date, datetime, timedelta

import pytest
from django.utils import timezone

from access.calendars import calendar_of_a_day
from access.models import Cohort, CohortMembership, CourseAccess
from access.services import add_to_cohort
from tests import factories as make
from tests.conftest import counted_queries

pytestmark = pytest.mark.django_db
ODD = ["0", "99999", str(2**63), "9" * 4301, "-1", "x", "1.0", "²", "\x00"]


@pytest.fixture
def course(student):
    course = make.CourseFactory(slug="c", enrollment_method="purchase")
    make.CourseAccessFactory(user=student, course=course, must_join=True)
    return course


def cohort_of(course, **fields):
    cohort = make.CohortFactory(**fields)
    cohort.courses.add(course)
    return cohort


def in_days(days):
    return timezone.localdate() + timedelta(days=days)


def text_of(client, part):
    """The words of a part of the course page, in one line."""
    page = client.get("/courses/c/").content.decode().replace("<br>", " ")
    start = page.index(f'id="{part}"')
    inside = page[start : page.index("</section>", start)]
    return " ".join("".join(piece.rpartition(">")[2] for piece in inside.split("<")).split())


def words(response):
    return [str(message) for message in response.context["messages"]]


def join(client, cohort, way="join"):
    return client.post(f"/courses/c/cohorts/{cohort.pk}/{way}/", follow=True)


def test_the_panel_names_each_cohort_by_its_start(student_client, course):
    cohort_of(course, name="Always")
    cohort_of(course, name="Later", starts_on=date(2999, 5, 1))
    cohort_of(course, name="Soon", starts_on=date(2999, 3, 1), max_participants=20, member_count=16)
    cohort_of(course, name="Running", starts_on=date(2020, 3, 1), max_participants=2, member_count=2)
    cohort_of(course, name="Over", ends_on=date(2020, 3, 1))
    cohort_of(course, name="Hidden", is_active=False)

    assert text_of(student_client, "cohorts").partition(" ")[2] == (
        "Running, started 1 March 2020 Full "
        "Next cohort: Soon, starts 1 March 2999 4 of 20 spots remaining Join cohort Soon "
        "Later, starts 1 May 2999 Join cohort Later Always Join cohort Always"
    )


def test_without_cohorts_there_is_no_panel(student_client, course):
    assert b'id="cohorts"' not in student_client.get("/courses/c/").content


@pytest.mark.parametrize("who", ["visitor", "stranger", "suspended", "staff"])
def test_who_may_not_join_sees_no_button(request, client, student, course, who):
    cohort_of(course, name="Soon", max_participants=2)
    if who == "suspended":
        make.SuspensionFactory(user=student, course=course)
    names = {"visitor": "client", "suspended": "student_client"}

    page = request.getfixturevalue(names.get(who, f"{who}_client")).get("/courses/c/").content.decode()

    assert ("2 of 2 spots remaining" in page, "/cohorts/" in page) == (who != "suspended", False)


def test_a_free_course_offers_its_cohorts_to_everyone_signed_in(stranger_client, course):
    type(course).objects.update(enrollment_method="open")
    cohort_of(course, name="Soon")

    assert "Join cohort" in text_of(stranger_client, "cohorts")


def test_a_cohort_that_gives_rights_has_no_button_and_is_asked_for(student_client, course):
    cohort_of(course, name="Company", grants_access=True)

    assert text_of(student_client, "cohorts").endswith("Company Ask for a place in Company")


@pytest.mark.parametrize(("count", "folded"), [(4, []), (5, ["2"]), (20, ["17"])])
def test_a_long_list_of_cohorts_is_folded_after_the_third(student_client, course, count, folded):
    for number in range(count):
        cohort_of(course, name=f"Intake {number}")

    text = text_of(student_client, "cohorts")

    assert (re.findall(r"(\d+) more cohorts", text), text.count("Join cohort")) == (folded, count)


def test_ones_own_cohort_stands_first(student, student_client, course):
    for month in range(1, 7):
        last = cohort_of(course, name=f"Intake {month}", starts_on=date(2999, month, 1))
    add_to_cohort(user=student, cohort=last, now=timezone.now())

    text = text_of(student_client, "cohorts")

    assert re.findall(r"(Your|Next) cohort: (Intake \d)", text) == [("Your", "Intake 6"), ("Next", "Intake 1")]


def test_joining_says_so_and_clicking_again_leaves(student_client, course):
    cohort = cohort_of(course, name="Soon", starts_on=date(2999, 3, 1))

    joined = join(student_client, cohort)
    panel = text_of(student_client, "cohorts")
    left = join(student_client, cohort, "leave")

    assert joined.redirect_chain == left.redirect_chain == [("/courses/c/", 302)]
    assert words(joined) == ["You are in the cohort Soon, from 1 March 2999 on."]
    assert panel.endswith("You are in this cohort. Add to calendar: Soon Leave cohort Soon")
    assert (words(left), Cohort.objects.get().member_count) == (["You left the cohort Soon."], 0)


def test_a_second_click_finds_the_student_in(student_client, course):
    cohort = cohort_of(course, name="Soon", max_participants=1)

    answers = [words(join(student_client, cohort)) for _ in range(2)]

    assert answers == [["You are in the cohort Soon."]] * 2


def test_leaving_what_gives_access_is_asked_once_more(student, student_client, course):
    cohort = cohort_of(course, grants_access=True, name="Company")
    add_to_cohort(user=student, cohort=cohort, now=timezone.now())

    assert text_of(student_client, "cohorts").endswith(
        "Leave cohort Company Your access to its courses ends at once. Your progress is kept. Leave and give up access"
    )


@pytest.mark.parametrize("has_other", [True, False])
def test_a_cohort_that_filled_up_names_the_next(student_client, course, has_other):
    cohort = cohort_of(course, max_participants=0)
    cohort_of(course, name="Company", starts_on=date(2999, 1, 1), grants_access=True)
    if has_other:
        cohort_of(course, name="May", starts_on=date(2999, 5, 1))

    answer = words(join(student_client, cohort))

    other = " The next one is May, from 1 May 2999 on." if has_other else ""
    assert answer == [f"This cohort filled up a moment ago.{other}"]


def test_refusals_are_told_in_words(stranger_client, student_client, course):
    cohort = cohort_of(course)
    ended = cohort_of(course, ends_on=date(2020, 1, 1))

    answers = [words(join(stranger_client, cohort)), words(join(student_client, ended))]
    answers += [words(join(student_client, cohort, "leave"))]

    assert answers == [
        ["This course has to be bought first."],
        ["This cohort takes nobody any more."],
        ["You are not in this cohort."],
    ]


def test_foreign_and_inactive_cohorts_are_404(student_client, course):
    foreign, inactive = make.CohortFactory(), cohort_of(course, is_active=False)

    answers = [join(student_client, foreign), join(student_client, inactive), join(student_client, foreign, "leave")]

    assert [answer.status_code for answer in answers] == [404, 404, 404]


def test_an_inactive_cohort_can_be_left(student, student_client, course):
    cohort = cohort_of(course, is_active=False)
    add_to_cohort(user=student, cohort=cohort, now=timezone.now())

    join(student_client, cohort, "leave")

    assert CohortMembership.objects.filter(left_at=None).count() == 0


@pytest.mark.parametrize("way", ["join/", "leave/", "start.ics"])
def test_cohorts_of_a_course_one_may_not_know_of_are_404(student_client, course, way):
    type(course).objects.update(status="draft")
    address = f"/courses/c/cohorts/{cohort_of(course).pk}/{way}"

    answer = student_client.get(address) if way == "start.ics" else student_client.post(address)

    assert answer.status_code == 404


def test_the_choice_lists_what_can_be_chosen(student_client, course):
    type(course).objects.update(enrollment_method="cohort_only")
    cohort_of(course, name="Full one", starts_on=date(2020, 1, 1), max_participants=0)
    cohort_of(course, name="Soon", starts_on=date(2999, 3, 1), max_participants=2)
    cohort_of(course, name="Company", grants_access=True)

    page = student_client.get("/courses/c/")
    text = text_of(student_client, "cohort-choice")

    assert page.context["state"] == "cohort_choice"
    assert "Full one Started 1 January 2020 Full Soon Starts 1 March 2999 2 of 2 spots remaining" in text
    assert (page.content.count(b'type="radio"'), page.content.count(b"required disabled")) == (2, 1)
    assert (b"Company" in page.content, b'id="cohorts"' in page.content) == (False, False)


def test_choosing_joins(student_client, course):
    cohort = cohort_of(course, name="Soon")

    answer = student_client.post("/courses/c/cohorts/join/", {"cohort": cohort.pk}, follow=True)

    assert (words(answer), Cohort.objects.get().member_count) == (["You are in the cohort Soon."], 1)


def test_choosing_nothing_is_told(student_client, course):
    answer = student_client.post("/courses/c/cohorts/join/", follow=True)

    assert words(answer) == ["Choose a cohort first."]


@pytest.mark.parametrize("number", ODD)
def test_odd_choices_are_404(student_client, course, number):
    cohort_of(course)

    assert student_client.post("/courses/c/cohorts/join/", {"cohort": number}).status_code == 404


@pytest.mark.parametrize("way", ["join/", "leave/", "start.ics"])
@pytest.mark.parametrize("number", ["0", str(2**63), "9" * 4301])
def test_odd_numbers_in_addresses_are_404(student_client, course, way, number):
    address = f"/courses/c/cohorts/{number}/{way}"

    answer = student_client.get(address) if way == "start.ics" else student_client.post(address)

    assert answer.status_code == 404


@pytest.mark.parametrize(("days", "words"), [(0, "today"), (1, "tomorrow"), (12, "in 12 days")])
def test_a_member_sees_when_it_starts(student, student_client, settings, days, words):
    course = make.CourseFactory(slug="p", enrollment_method="cohort_only")
    preview = make.LessonFactory(course=course, is_preview=True)
    make.LessonFactory(course=course, is_preview=True)
    cohort = cohort_of(course, grants_access=True, starts_on=in_days(max(days, 1)))
    add_to_cohort(user=student, cohort=cohort, now=timezone.now())
    if not days:
        soon = timezone.localtime().replace(hour=23, minute=59, second=59, microsecond=999_999)
        CourseAccess.objects.update(starts_at=soon)

    page = student_client.get("/courses/p/")

    text = page.content.decode()
    assert page.context["state"] == "cohort_upcoming"
    assert f", {words}." in text
    assert f"/courses/p/cohorts/{cohort.pk}/start.ics" in text
    assert text.count(f'<a href="{preview.get_absolute_url()}">Preview lessons</a>') == 1
    assert text.count("Preview lessons") == 1


def test_when_all_are_full_the_card_says_so(student_client, course):
    type(course).objects.update(enrollment_method="cohort_only")
    cohort_of(course, name="Soon", max_participants=0)

    page = student_client.get("/courses/c/")

    assert (page.context["state"], b"All cohorts are full." in page.content) == ("cohort_full", True)


def test_a_member_gets_the_start_for_their_calendar(student, student_client, course):
    cohort = cohort_of(course, name="Soon", starts_on=date(2999, 3, 1))
    add_to_cohort(user=student, cohort=cohort, now=timezone.now())

    answer = student_client.get(f"/courses/c/cohorts/{cohort.pk}/start.ics")

    assert (answer.status_code, answer["Content-Type"]) == (200, "text/calendar; charset=utf-8")
    assert answer["Content-Disposition"] == 'attachment; filename="c.ics"'
    assert f"SUMMARY:{course.title}: Soon starts\r\n" in answer.content.decode()


@pytest.mark.parametrize("who", ["stranger", "left", "no date"])
def test_the_calendar_is_for_members_of_dated_cohorts(student, student_client, stranger_client, course, who):
    cohort = cohort_of(course, starts_on=None if who == "no date" else date(2999, 3, 1))
    left_at = timezone.now() if who == "left" else None
    make.CohortMembershipFactory(cohort=cohort, user=student, left_at=left_at)
    visitor = stranger_client if who == "stranger" else student_client

    assert visitor.get(f"/courses/c/cohorts/{cohort.pk}/start.ics").status_code == 404


def test_a_calendar_file_keeps_the_rules_of_its_format():
    text = calendar_of_a_day(
        uid="u@example.com",
        day=date(2026, 12, 31),
        title="Draw; paint, \\ and\r\nBEGIN:VALARM \x00 " + "ü" * 60,
        address="https://example.com/courses/c/",
        now=datetime(2026, 3, 1, 8, tzinfo=UTC),
    )

    lines = text.split("\r\n")
    unfolded = text.replace("\r\n ", "").split("\r\n")
    assert max(len(line.encode()) for line in lines) == 75
    assert unfolded[4:10] == [
        "UID:u@example.com",
        "DTSTAMP:20260301T080000Z",
        "DTSTART;VALUE=DATE:20261231",
        "DTEND;VALUE=DATE:20270101",
        "SUMMARY:Draw\\; paint\\, \\\\ and BEGIN:VALARM  " + "ü" * 60,
        "URL:https://example.com/courses/c/",
    ]


def test_the_course_page_asks_as_much_for_20_cohorts_as_for_one(student, student_client, course):
    cohort_of(course, name="Soon", starts_on=in_days(3))
    counts = []
    student_client.get("/courses/c/")  # what the process remembers is asked once
    for number in (0, 19):
        for _ in range(number):
            cohort = cohort_of(course, max_participants=2)
            make.CohortMembershipFactory(cohort=cohort, user=student)
        with counted_queries() as queries:
            student_client.get("/courses/c/")
        counts.append(len(queries))

    assert (counts[0], counts[1] <= 8) == (counts[1], True)
