"""What students are told of their rights: once, in their own time, and nothing a title or a note could turn."""

from datetime import timedelta

import pytest
from django.core import mail
from django.db import transaction

from access.emails import (
    announce_ended,
    announce_ending,
    announce_grants,
    announce_reinstatement,
    announce_suspension,
)
from access.models import AccessStatus
from access.services import reinstate, suspend
from common.models import Job, OutgoingMail
from tests.conftest import counted_queries
from tests.factories import NOW, CourseAccessFactory, CourseFactory, SuspensionFactory, UserFactory

pytestmark = pytest.mark.django_db
WEEK = NOW + timedelta(days=7)
FOOT = "\n\nCoursebook\nhttp://testserver\n"
HOSTILE = 'Bread\r\nBcc: all@example.com\r\n\r\n<script>alert("1")</script>'


def right(user, title="Bread", **fields):
    return CourseAccessFactory(user=user, course=CourseFactory(title=title, slug=title.lower()[:5]), **fields)


def suspension_of(user, **fields):
    return SuspensionFactory(user=user, course=CourseFactory(title="Bread", slug="bread"), **fields)


def sent():
    message = OutgoingMail.objects.get()
    return message.subject, message.body


def test_grant_of_one_course_says_name_end_and_address(student):
    announce_grants(user=student, accesses=[right(student, expires_at=WEEK)], now=NOW)

    text = "You now have access to:\n\nBread\nUntil Mon 9 March 2026, 10:00 (Paris).\nhttp://testserver/courses/bread/"
    assert sent() == ("You have access to Bread", text + FOOT)


def test_grant_of_several_courses_is_one_mail_with_what_is_open_first(student):
    later = {"status": AccessStatus.PENDING, "starts_at": WEEK}
    rows = [right(student, "Bread", **later), right(student, "Pastry")]

    announce_grants(user=student, accesses=rows, now=NOW)

    first = "Pastry\nLifetime access.\nhttp://testserver/courses/pastr/\n\n"
    second = "Bread\nOpens Mon 9 March 2026, 10:00 (Paris). Lifetime access.\nhttp://testserver/courses/bread/"
    assert sent() == ("You have access to Pastry and 1 more", "You now have access to:\n\n" + first + second + FOOT)


def test_grant_that_waits_names_no_date(student):
    row = right(student, status=AccessStatus.PENDING, starts_at=None)

    announce_grants(user=student, accesses=[row], now=NOW)

    assert sent()[1].splitlines()[3] == "Opens later; the course page says what comes first."


def test_grant_of_a_membership_says_its_tier(student):
    row = CourseAccessFactory(user=student, course=None, tier_level=2, expires_at=WEEK)

    announce_grants(user=student, accesses=[row], now=NOW)

    said = sent()
    assert (said[0], "http://testserver/pricing/" in said[1]) == ("You have access to Main membership", True)


def test_grant_of_rows_that_were_there_before_is_not_told_again(student):
    announce_grants(user=student, accesses=[right(student)], now=WEEK)

    assert OutgoingMail.objects.count() == 0


def test_a_right_that_opens_now_is_told_though_it_was_given_before(student):
    announce_grants(user=student, accesses=[right(student, starts_at=WEEK)], now=WEEK)

    assert sent()[0] == "You have access to Bread"


def test_grant_leaves_out_courses_the_student_is_suspended_from(student):
    row = right(student)
    SuspensionFactory(user=student, course=row.course)

    announce_grants(user=student, accesses=[row], now=NOW)

    assert OutgoingMail.objects.count() == 0


def test_grants_cost_the_same_queries_for_one_and_for_thirty(student):
    rows = [right(student, f"{number:02}") for number in range(30)]
    counts = []
    for some in (rows[:1], rows):
        with counted_queries() as queries:
            announce_grants(user=student, accesses=some, now=NOW)
        counts.append(len(queries))

    assert counts[0] == counts[1]


def test_end_says_what_is_kept_and_where_to_renew(student):
    announce_ended(user=student, accesses=[right(student, expires_at=WEEK)], now=WEEK)

    text = (
        "Your access has ended:\n\nBread\nUntil Mon 9 March 2026, 10:00 (Paris).\n"
        "Renew: http://testserver/courses/bread/\n\n"
        "Your progress is kept. After renewing you go on where you were."
    )
    assert sent() == ("Your access to Bread has ended", text + FOOT)


def test_reminder_says_when(student):
    announce_ending(user=student, accesses=[right(student, expires_at=WEEK)], now=NOW)

    assert (sent()[0], sent()[1].splitlines()[3]) == (
        "Your access to Bread ends soon",
        "Ends Mon 9 March 2026, 10:00 (Paris).",
    )


@pytest.mark.parametrize(
    ("zone", "said"),
    [("America/New_York", "05:00 (New York)"), ("", "10:00 (Paris)"), ("Mars/Olympus", "10:00 (Paris)")],
)
def test_dates_are_in_the_reader_s_time_zone(zone, said):
    reader = UserFactory(time_zone=zone)

    announce_ended(user=reader, accesses=[right(reader, expires_at=WEEK)], now=WEEK)

    message = OutgoingMail.objects.get()
    assert [f"2026, {said}" in text for text in (message.body, message.html_body)] == [True, True]


def test_suspension_tells_the_public_note_and_never_the_reason(student):
    announce_suspension(suspension=suspension_of(student, reason="Shared it", public_note="Please write to us."))

    text = (
        "Your access to Bread is suspended.\n\nPlease write to us.\n\n"
        "Your progress is kept. Buying again does not lift it. Questions: help@example.com"
    )
    assert sent() == ("Your access to Bread is suspended", text + FOOT)


def test_staff_s_suspension_and_its_end_are_told_once_each(student, staff):
    course = CourseFactory(title="Bread")
    for _ in range(2):
        suspension = suspend(user=student, course=course, actor=staff, reason="Shared", now=NOW)
    for _ in range(2):
        reinstate(suspension=suspension, actor=staff, now=NOW)

    subjects = list(OutgoingMail.objects.order_by("pk").values_list("subject", flat=True))
    assert subjects == ["Your access to Bread is suspended", "The suspension from Bread is lifted"]


def test_reinstatement_says_where_the_course_is(student):
    announce_reinstatement(suspension=suspension_of(student))

    text = (
        "The suspension from Bread is lifted. Your progress is as you left it.\n\n"
        "The course: http://testserver/courses/bread/"
    )
    assert sent() == ("The suspension from Bread is lifted", text + FOOT)


@pytest.mark.parametrize("announce", [announce_grants, announce_ended, announce_ending])
def test_who_may_no_longer_sign_in_gets_no_mail(student, announce):
    student.is_active = False

    announce(user=student, accesses=[right(student, expires_at=WEEK)], now=NOW)

    assert OutgoingMail.objects.count() == 0


def test_a_message_and_its_job_wait_with_the_change_or_not_at_all(student):
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        announce_grants(user=student, accesses=[right(student)], now=NOW)
        raise ZeroDivisionError

    assert (OutgoingMail.objects.count(), Job.objects.count()) == (0, 0)


@pytest.mark.parametrize("announce", [announce_grants, announce_ended, announce_ending])
def test_a_hostile_title_stays_text_in_one_line(student, run_jobs, announce):
    row = CourseAccessFactory(user=student, course=CourseFactory(title=HOSTILE, slug="bread"), expires_at=WEEK)

    announce(user=student, accesses=[row], now=NOW)
    run_jobs()

    [message] = mail.outbox
    [html] = [content for content, _ in message.alternatives]
    assert (message.recipients(), message.message()["Bcc"]) == ([student.email], None)
    assert ("\nBcc" in message.body, "<script" in html, "&lt;script&gt;alert(&quot;1&quot;)" in html) == (
        False,
        False,
        True,
    )


@pytest.mark.parametrize("announce", [announce_suspension, announce_reinstatement])
def test_hostile_notes_stay_text_in_one_line(student, run_jobs, announce):
    course = CourseFactory(title=HOSTILE, slug="bread")

    announce(suspension=SuspensionFactory(user=student, course=course, public_note=HOSTILE))
    run_jobs()

    [message] = mail.outbox
    [html] = [content for content, _ in message.alternatives]
    assert (message.recipients(), "\nBcc" in message.body, "<script" in html) == ([student.email], False, False)


@pytest.mark.parametrize("announce", [announce_grants, announce_ended, announce_ending])
def test_no_mail_names_a_draft(student, announce):
    row = right(student, "Secret")
    type(row.course).objects.filter(pk=row.course_id).update(status="draft")
    row.refresh_from_db()

    announce(user=student, accesses=[row], now=NOW)

    assert not OutgoingMail.objects.exists()
