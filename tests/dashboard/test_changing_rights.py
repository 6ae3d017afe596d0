"""What staff do to one right: each change, what it leaves in the ledger, and what refuses it."""

from datetime import UTC, datetime, timedelta

import pytest
from django.core import mail
from django.utils import timezone

from access.models import AccessStatus, CourseAccess
from access.services import grant_access, override_tier, revoke_access
from tests import factories as make
from tests.dashboard.posting import address, errors, ledger, once_of, told

pytestmark = pytest.mark.django_db
ONCE = "abcdefghij12"
ROWS = ["extend-access", "revoke-access", "lock-access", "unlock-access", "activate-access"]
ANY_DAYS = timedelta(days=1)


@pytest.fixture
def course():
    return make.CourseFactory(title="Camera", slug="camera", enrollment_method="purchase")


@pytest.fixture
def access(student, course):
    now = timezone.now()
    source = {"access_type": "purchase", "source_key": "order:12", "now": now}
    return grant_access(user=student, course=course, expires_at=now + timedelta(days=10), **source)


def grant(client, student, course, /, **fields):
    return client.post(address(student, "grant-access"), {"course": course.pk, "once": ONCE} | fields)


def change(client, access, action, **fields):
    return client.post(address(access.user, action, access=access.pk), fields)


def status(access):
    access.refresh_from_db()
    return access.status


def test_granting_opens_the_course_and_tells_the_student(owner_client, student, course, run_jobs):
    answer = grant(owner_client, student, course, notes="Won a prize")
    run_jobs()

    assert (answer.status_code, answer.url) == (302, f"/dashboard/students/{student.pk}/")
    assert ledger(student) == [("granted", "Olga Owner", "Won a prize")]
    assert [message.to for message in mail.outbox] == [[student.email]]


def test_the_page_of_the_student_says_what_was_granted(owner_client, student, course):
    grant(owner_client, student, course)

    assert told(owner_client, student) == ["Sam Student has access to Camera, without an end."]


def test_access_lasts_through_its_last_day(owner_client, student, course):
    grant(owner_client, student, course, last_day="2099-05-31")

    assert CourseAccess.objects.get().expires_at == datetime(2099, 5, 31, 22, tzinfo=UTC)


def test_a_right_may_ask_for_joining_and_keep_a_note(owner_client, student, course):
    grant(owner_client, student, course, must_join="on", notes="By phone")
    right = CourseAccess.objects.get()

    assert (right.must_join, right.notes, right.access_type) == (True, "By phone", "manual")


def test_the_same_grant_sent_twice_gives_once(owner_client, student, course, run_jobs):
    answers = [grant(owner_client, student, course).status_code for _ in range(2)]
    run_jobs()

    assert (answers, len(ledger(student)), len(mail.outbox)) == ([302, 302], 1, 1)


def test_two_forms_are_two_grants(owner_client, student, course):
    for _ in range(2):
        once = once_of(owner_client.get(address(student, "grant-access")))
        grant(owner_client, student, course, once=once)

    assert len(ledger(student)) == 2


def test_the_form_knows_the_course_one_came_from(owner_client, student, course):
    other = make.CourseFactory(title="<b>Sound</b>")
    text = owner_client.get(address(student, "grant-access", course="camera")).text

    assert f'<option value="{course.pk}" selected>Camera</option>' in text
    assert f'<option value="{other.pk}">&lt;b&gt;Sound&lt;/b&gt;</option>' in text


@pytest.mark.parametrize(
    ("fields", "field", "said"),
    [
        ({"course": ""}, "course", "Choose a course."),
        ({"last_day": "tomorrow"}, "last_day", "Write the day as in 2026-05-31."),
        ({"last_day": "9999-12-31"}, "last_day", "Choose a day before the year 2201, or none."),
        ({"last_day": "2020-01-31"}, "last_day", "Access would have ended on 01 February 2020."),
    ],
)
def test_a_grant_that_cannot_be_says_why_at_its_field(owner_client, student, course, fields, field, said):
    answer = grant(owner_client, student, course, **fields)

    assert (answer.status_code, errors(answer), ledger(student)) == (422, {field: [said]}, [])


def test_a_course_that_has_ended_is_refused_at_the_course(owner_client, student):
    ended = make.CourseFactory(access_duration_type="until_date", access_until=datetime(2020, 1, 31, 12, tzinfo=UTC))

    assert errors(grant(owner_client, student, ended)) == {"course": ["Access would have ended on 31 January 2020."]}


def test_a_refused_form_keeps_what_was_written_and_leads_to_the_field(owner_client, student, course):
    text = grant(owner_client, student, course, last_day="tomorrow", notes="By phone").text

    assert ("<title>Error: Grant access" in text, 'value="By phone"' in text) == (True, True)
    assert '<a href="#id_last_day">Write the day as in 2026-05-31.</a>' in text


def test_an_empty_form_is_an_answer_with_everything_missing(owner_client, student):
    answer = owner_client.post(address(student, "grant-access"))

    assert (answer.status_code, sorted(errors(answer))) == (422, ["course", "once"])


def test_extending_moves_the_end(owner_client, student, access):
    ends = access.expires_at
    change(owner_client, access, "extend-access", days="30", reason="Goodwill", once=ONCE)
    access.refresh_from_db()

    assert (access.expires_at - ends, ledger(student)[-1]) == (
        timedelta(days=30),
        ("extended", "Olga Owner", "Goodwill"),
    )


def test_the_same_extension_sent_twice_moves_it_once(owner_client, access):
    ends = access.expires_at
    for _ in range(2):
        change(owner_client, access, "extend-access", days="30", once=ONCE)
    access.refresh_from_db()

    assert access.expires_at - ends == timedelta(days=30)


@pytest.mark.parametrize("days", ["", "0", "-1", "x", "3651", "1.5"])
def test_days_that_are_none_are_refused_at_the_field(owner_client, student, access, days):
    answer = change(owner_client, access, "extend-access", days=days, once=ONCE)

    assert (answer.status_code, errors(answer)) == (422, {"days": ["Extend by 1 to 3650 days."]})


def test_a_revoked_right_is_not_extended(owner_client, access):
    revoke_access(access=access, now=timezone.now(), reason="Refund")
    answer = change(owner_client, access, "extend-access", days="1", once=ONCE)

    assert errors(answer) == {"days": ["This access is revoked."]}


def test_a_right_without_an_end_has_nothing_to_extend(owner_client, student, course):
    right = make.CourseAccessFactory(user=student, course=course)
    answer = change(owner_client, right, "extend-access", days="1", once=ONCE)

    assert errors(answer) == {"days": ["This access has no end that could be moved."]}


def test_a_right_that_waits_gets_more_days(owner_client, student, course):
    right = make.CourseAccessFactory(user=student, course=course, status="pending", starts_at=None, duration_days=30)
    change(owner_client, right, "extend-access", days="5", once=ONCE)

    assert told(owner_client, student) == ["Access to Camera is extended, for 35 days."]


def test_revoking_takes_this_right_and_no_other(owner_client, student, course, access):
    other = make.CourseAccessFactory(user=student, course=course)
    answer = change(owner_client, access, "revoke-access", reason="Refund")

    assert (answer.status_code, status(access), status(other)) == (302, "revoked", "unlocked")
    assert ledger(student)[-1] == ("revoked", "Olga Owner", "Refund")


@pytest.mark.parametrize("reason", ["", "   "])
@pytest.mark.parametrize("action", ["revoke-access", "lock-access"])
def test_taking_needs_a_reason(owner_client, access, action, reason):
    answer = change(owner_client, access, action, reason=reason)

    assert (answer.status_code, errors(answer), status(access)) == (422, {"reason": ["Say why."]}, "unlocked")


@pytest.mark.parametrize("action", ["revoke-access", "lock-access"])
def test_taking_twice_is_written_once(owner_client, student, access, action):
    answers = [change(owner_client, access, action, reason="Refund").status_code for _ in range(2)]

    assert (answers, len(ledger(student))) == ([302, 302], 2)


def test_locking_pauses_and_unlocking_ends_the_pause(owner_client, student, access):
    change(owner_client, access, "lock-access", reason="Dispute")
    paused = status(access)
    change(owner_client, access, "unlock-access", reason="Settled")

    assert (paused, status(access)) == (AccessStatus.LOCKED, AccessStatus.UNLOCKED)
    assert ledger(student)[1:] == [("locked", "Olga Owner", "Dispute"), ("unlocked", "Olga Owner", "Settled")]


def test_a_right_that_waits_is_opened_its_days_count_and_the_student_is_told(owner_client, student, course, run_jobs):
    course.access_duration_type, course.access_duration_days = "fixed_days", 30
    source = {"access_type": "purchase", "source_key": "order:12", "is_pending": True}
    access, before = grant_access(user=student, course=course, now=timezone.now(), **source), timezone.now()

    for _ in range(2):
        change(owner_client, access, "activate-access", reason="Paid early")
    run_jobs()

    assert (status(access), (access.expires_at - before).days) == (AccessStatus.UNLOCKED, 30)
    assert ledger(student)[1:] == [("activated", "Olga Owner", "Paid early")]
    assert [message.to for message in mail.outbox] == [[student.email]]


@pytest.mark.parametrize("action", ["lock-access", "unlock-access", "activate-access"])
def test_a_revoked_right_is_neither_locked_unlocked_nor_opened(owner_client, access, action):
    revoke_access(access=access, now=timezone.now(), reason="Refund")
    answer = change(owner_client, access, action, reason="x")

    assert (answer.status_code, errors(answer)) == (422, {"__all__": ["This access is revoked."]})


@pytest.mark.parametrize("action", ROWS)
def test_the_way_to_a_change_says_which_right_and_changes_nothing(owner_client, student, access, action):
    answer = owner_client.get(address(student, action, access=access.pk))

    assert (answer.status_code, "Purchase, since" in answer.text, len(ledger(student))) == (200, True, 1)


@pytest.mark.parametrize(
    ("starts_in", "words"),
    [(None, "and not begun, without an end."), (ANY_DAYS, "Free, from "), (-ANY_DAYS, "Free, since ")],
)
def test_the_way_to_a_change_says_whether_the_right_has_begun(owner_client, student, course, starts_in, words):
    starts_at = starts_in and timezone.now() + starts_in
    row = {"status": "unlocked" if starts_in == -ANY_DAYS else "pending", "starts_at": starts_at, "access_type": "free"}
    right = make.CourseAccessFactory(user=student, course=course, **row)

    assert words in owner_client.get(address(student, "activate-access", access=right.pk)).text


@pytest.mark.parametrize("action", ROWS)
@pytest.mark.parametrize("number", ["", "x", "0", "99999999999999999999", "٣"])
def test_a_right_that_is_none_is_a_404(owner_client, student, action, number):
    assert owner_client.post(address(student, action, access=number), {"reason": "x"}).status_code == 404


@pytest.mark.parametrize("action", ROWS)
def test_a_right_of_somebody_else_is_a_404(owner_client, stranger, access, action):
    assert owner_client.post(address(stranger, action, access=access.pk), {"reason": "x"}).status_code == 404


def give_tier(client, student, **fields):
    wanted = {"tier": make.TierFactory(level=2).pk, "duration": "14d", "reason": "Trial", "once": ONCE}
    return client.post(address(student, "give-membership"), wanted | fields)


def test_a_membership_is_given_for_a_time(owner_client, student):
    now = timezone.now()
    answer = give_tier(owner_client, student)
    right = CourseAccess.objects.get()

    assert (answer.status_code, right.tier_level, ledger(student)) == (302, 2, [("granted", "Olga Owner", "Trial")])
    assert (right.expires_at - now).days == 14


def test_the_same_membership_sent_twice_is_given_once(owner_client, student):
    for _ in range(2):
        give_tier(owner_client, student)

    assert len(ledger(student)) == 1


def test_a_new_membership_replaces_one_given_before(owner_client, owner, student):
    now = timezone.now()
    override_tier(user=student, level=1, until=now + ANY_DAYS, actor=owner, reason="Before", now=now)
    give_tier(owner_client, student)

    assert [action for action, _, _ in ledger(student)] == ["granted", "revoked", "granted"]


@pytest.mark.parametrize(
    ("fields", "wrong"), [({"tier": ""}, "tier"), ({"duration": "9y"}, "duration"), ({"reason": ""}, "reason")]
)
def test_a_membership_needs_level_time_and_reason(owner_client, student, fields, wrong):
    answer = give_tier(owner_client, student, **fields)

    assert (answer.status_code, list(errors(answer)), ledger(student)) == (422, [wrong], [])
