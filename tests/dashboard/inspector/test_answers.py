"""What the access inspector answers: the verdict, the rule that decided, the other rights, and what would help."""

import re
from datetime import date, timedelta

import pytest
from django.contrib.auth.models import Permission

from access.models import CourseAccess
from access.services import lock_access, reinstate, revoke_access, suspend
from catalog.services import require_first
from tests import factories as make
from tests.dashboard.inspector.situations import (
    CASES,
    CRUST,
    DAY,
    GONE,
    URL,
    code_of,
    decided_by,
    dripped,
    ended,
    fixes_in,
    give,
    locked,
    nothing,
    pending,
    revoked,
    settings,
    suspended,
    to_join,
    unprepared,
    unpublished,
    upcoming,
)
from tests.factories import NOW

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(("prepare", "code", "rule", "sentence", "fixes"), CASES)
def test_a_closed_lesson_names_the_rule_the_sentence_and_the_help(
    ask, student, staff, lesson, prepare, code, rule, sentence, fixes
):
    prepare(student, staff, lesson)

    answer = ask(student=student.email, what="bread/crust")

    assert (code_of(answer), decided_by(answer), fixes_in(answer)) == ([("cannot", code)], [rule], fixes)
    assert f"<q>{sentence}</q>" in answer.text


@pytest.mark.parametrize(("prepare", "code", "rule", "sentence", "fixes"), CASES)
def test_the_sentence_is_the_one_on_the_student_s_own_page(
    ask, student_client, student, staff, lesson, prepare, code, rule, sentence, fixes
):
    prepare(student, staff, lesson)

    page = student_client.get("/courses/bread/crust/")

    heading = re.findall(r'<h2 id="action-card-heading">\s*(.*?)\s*</h2>|<h1>(There is.*?)</h1>', page.text, re.DOTALL)
    shown = " ".join(re.sub(r"<[^>]+>", "", "".join(heading[0])).split())
    assert (page.status_code, shown.startswith(sentence.rstrip("."))) == (404 if sentence == GONE else 403, True)


def test_a_cohort_course_without_a_seat_says_so(ask, student, staff, lesson):
    settings(enrollment_method="cohort_only")(student, staff, lesson)
    to_join(student, staff, lesson)
    cohort = make.CohortFactory(starts_on=date(2026, 3, 1), max_participants=0)
    cohort.courses.add(lesson.course)

    assert "<q>All cohorts are full.</q>" in ask(student=student.email, what="bread/crust").text


def test_an_open_lesson_names_the_right_that_opens_it(about, student, staff, lesson):
    give(student, lesson.course, expires_at=NOW + 21 * DAY, actor=staff)

    words = about(what="bread/crust")

    right = "Open right: Granted by staff, given 21 February 2026: open until Mon 23 March 2026, 10:00 (Paris)"
    assert ("Can open" in words, f"Rule 6 decides. {right}" in words, "What would open it" in words) == (
        True,
        True,
        False,
    )


def test_a_preview_is_open_to_somebody_without_a_right(ask, student, lesson):
    type(lesson).objects.update(is_preview=True)

    answer = ask(student=student.email, what="bread/crust")

    assert (code_of(answer), decided_by(answer)) == ([("can", "preview")], ["Preview"])


def test_staff_open_everything(ask, staff, course):
    answer = ask(student=staff.email, what="bread")

    assert (code_of(answer), decided_by(answer)) == ([("can", "staff")], ["Member of staff"])


def test_rules_after_the_deciding_one_are_shown_as_they_would_answer(about, student, staff, lesson):
    suspended(student, staff, lesson)

    words = about(what="bread/crust")

    assert (
        "3. Not suspended no Decides suspended Sun 1 March 2026, 10:00 (Paris): Shared the password Stan Staff" in words
    )
    assert "6. Open right yes Granted by staff" in words
    assert "9. Lesson published yes published" in words


def test_rights_that_lost_say_why(about, student, staff, course):
    give(student, course)
    revoke_access(access=give(student, course), reason="Refund", actor=staff, now=NOW - DAY)
    give(student, course, expires_at=NOW - DAY)
    give(student, course, starts_at=NOW + DAY)
    give(student, course, is_pending=True)
    give(student, course, expires_at=NOW + DAY)
    lock_access(access=give(student, course), reason="Dispute", now=NOW - DAY)

    listed = about().partition("Other rights that decided nothing")[2].split("Granted by staff : ")[1:]

    assert [line.split(" Ask about")[0].strip() for line in listed][:5] == [
        "locked until it is unlocked",
        "open until Tue 3 March 2026, 10:00 (Paris); another one lasts longer, or asks for less",
        "waits for a payment or an earlier step",
        "starts Tue 3 March 2026, 10:00 (Paris)",
        "ended Sun 1 March 2026, 10:00 (Paris)",
    ]
    assert listed[5].startswith("revoked Sun 1 March 2026, 10:00 (Paris): Refund (Stan Staff)")


def test_a_past_moment_is_answered_from_what_happened_until_then(ask, student, staff, course):
    access = give(student, course, now=NOW - 9 * DAY)
    row = suspend(user=student, course=course, actor=staff, reason="Shared", now=NOW - 7 * DAY)
    reinstate(suspension=row, actor=staff, now=NOW - 5 * DAY)
    revoke_access(access=access, reason="Refund", actor=staff, now=NOW - 3 * DAY)

    moments = [(NOW - days * DAY).isoformat() for days in (10, 8, 6, 4, 2)]
    codes = [code_of(ask(student=student.email, what="bread", at=at))[0][1] for at in moments]

    assert codes == ["purchase", "active", "suspended", "active", "revoked"]


def test_a_past_moment_says_what_is_as_of_today_and_offers_no_help(about, student, course):
    words = about(at=(NOW - DAY).isoformat())

    assert ("are as of today" in words, "That moment is past. Ask for now" in words) == (True, True)


def test_a_future_moment_lets_time_pass(ask, student, course):
    give(student, course, expires_at=NOW + DAY)

    answer = ask(student=student.email, what="bread", at=(NOW + 5 * DAY).isoformat())

    assert (code_of(answer), fixes_in(answer)) == ([("cannot", "expired")], ["extend", "grant"])
    assert "Extend the right (Granted by staff) by 5 days, to Sun 8 March 2026, 10:00 (Paris)." in answer.text


@pytest.mark.parametrize(
    ("prepare", "address"),
    [
        (suspended, "/dashboard/students/{student}/reinstate/?course=bread"),
        (ended, "/dashboard/students/{student}/extend-access/?access={right}&amp;days={days}"),
        (locked, "/dashboard/students/{student}/unlock-access/?access={right}"),
        (nothing, "/dashboard/students/{student}/grant-access/?course=bread"),
        (pending, "/dashboard/students/{student}/activate-access/?access={right}"),
        (settings(status="draft"), "/dashboard/courses/bread/"),
        (unpublished, "/dashboard/lessons/{lesson}/edit/"),
        (dripped, f"{URL}?student=student%40example.com&amp;what={CRUST}&amp;at=2026-03-04T23%3A00%3A00Z"),
    ],
)  # fmt: skip
def test_help_leads_to_where_it_is_given(ask, student, staff, lesson, prepare, address):
    staff.user_permissions.set(Permission.objects.filter(codename__in=["change_courseaccess", "change_course"]))
    prepare(student, staff, lesson)
    right = CourseAccess.objects.values_list("pk", flat=True).first()

    answer = ask(student=student.email, what="bread/crust")

    numbers = {"student": student.pk, "right": right, "lesson": lesson.pk, "days": 1}
    assert f'href="{address.format(**numbers)}"' in answer.text


def test_what_only_the_student_can_do_has_no_button_for_anybody(ask, student, staff, lesson):
    staff.user_permissions.set(Permission.objects.filter(codename="change_courseaccess"))
    to_join(student, staff, lesson)

    answer = ask(student=student.email, what="bread/crust")

    assert (fixes_in(answer), re.findall(r'data-fix=.*?<a class="btn', answer.text)) == (["join"], [])


@pytest.mark.parametrize("prepare", [suspended, ended, locked, nothing, pending, settings(status="draft"), unpublished])
def test_who_may_not_change_it_reads_what_helps_and_gets_no_button(ask, student, staff, lesson, prepare):
    prepare(student, staff, lesson)

    answer = ask(student=student.email, what="bread/crust")

    assert (fixes_in(answer) != [], re.findall(r'data-fix=.*?<a class="btn', answer.text)) == (True, [])


def test_the_other_lessons_are_one_click_away(ask, student, lesson):
    make.LessonFactory(course=lesson.course, title="Crumb", slug="crumb", is_published=False)

    answer = ask(student=student.email, what="bread", at="2026-03-01T10:00Z")

    assert re.findall(r"what=%2Fcourses%2Fbread%2F(\w+)%2F&amp;at=2026-03-01T10", answer.text) == ["crust", "crumb"]


def test_names_are_shown_as_text(ask, staff, lesson):
    evil = "<script>alert(1)</script>"
    student = make.UserFactory(name=evil, email="evil@example.com")
    type(lesson.course).objects.update(title=evil)
    require_first(lesson.course, [make.CourseFactory(title=evil, lesson_count=1)])
    revoke_access(access=give(student, lesson.course), reason=evil, actor=staff, now=NOW)
    suspend(user=student, course=lesson.course, actor=staff, reason=evil, now=NOW)

    answers = [ask(student=who, what=what) for who in ("evil@example.com", evil) for what in ("bread/crust", evil)]

    assert [evil in answer.text for answer in answers] == [False] * 4


def test_the_page_only_reads(staff_client):
    assert staff_client.post(URL).status_code == 405


HISTORY = (suspended, ended, revoked, locked, pending, upcoming, unprepared, dripped)


@pytest.mark.parametrize("at", ["", (NOW - timedelta(hours=1)).isoformat(), (NOW + DAY).isoformat()])
@pytest.mark.parametrize("prepare", [*HISTORY, to_join, settings(status="locked"), nothing])
def test_it_asks_the_database_twelve_times_at_most(ask, student, staff, lesson, max_queries, prepare, at):
    prepare(student, staff, lesson)

    with max_queries(12):
        answer = ask(student=student.email, what="bread/crust", at=at)

    assert answer.status_code == 200


@pytest.mark.parametrize("prepare", [suspended, unprepared, upcoming, settings(required_level=2)])
def test_nor_when_it_has_to_search(ask, student, staff, lesson, max_queries, prepare):
    prepare(student, staff, lesson)

    with max_queries(12):
        answer = ask(student="Sam", what="crust", at=(NOW - timedelta(hours=1)).isoformat())

    assert answer.status_code == 200


def test_and_no_more_often_for_many_rights_and_lessons(ask, student, staff, lesson, max_queries):
    for prepare in (*HISTORY, ended, revoked, locked):
        prepare(student, staff, lesson)
    make.LessonFactory.create_batch(20, course=lesson.course)

    with max_queries(12):
        ask(student=student.email, what="bread/crust", at=(NOW - timedelta(hours=1)).isoformat())
