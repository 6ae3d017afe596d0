"""Granting, and how long a right lasts: one test per exit."""

from datetime import timedelta

import pytest
from django.db.models import QuerySet

from access.models import AccessAction, AccessEvent, AccessStatus, AccessType, CourseAccess
from access.services import AccessRefused, expiry_for, grant_access
from catalog.models import DurationType
from tests.factories import NOW, CourseAccessFactory, CourseFactory, TierFactory

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(days=90)


@pytest.fixture
def course():
    return CourseFactory()


def grant(user, course, **more):
    return grant_access(
        **{"user": user, "course": course, "access_type": AccessType.MANUAL, "source_key": "m:1", "now": NOW} | more
    )


def events():
    return list(AccessEvent.objects.order_by("pk").values_list("action", flat=True))


@pytest.mark.parametrize("access_type", ["purchase", "manual", "subscription", "free"])
def test_grant_twice_from_one_source_gives_one_row_and_one_event(student, course, access_type):
    first = grant(student, course, access_type=access_type)

    second = grant(student, course, access_type=access_type, now=LATER)

    assert (second.pk, CourseAccess.objects.count(), events()) == (first.pk, 1, ["granted"])


def test_grant_from_another_source_gives_another_row(student, course):
    grant(student, course, source_key="order:1")

    grant(student, course, source_key="order:2")

    assert events() == ["granted", "granted"]


def test_grant_leaves_the_existing_row_untouched(student, course):
    grant(student, course, must_join=True, expires_at=LATER)

    row = grant(student, course, must_join=False, expires_at=LATER + timedelta(days=1))

    assert (row.must_join, row.expires_at) == (True, LATER)


@pytest.mark.parametrize("status", [AccessStatus.PENDING, AccessStatus.LOCKED, AccessStatus.EXPIRED])
def test_grant_returns_a_row_that_is_live_but_closed_as_it_is(student, course, status):
    row = CourseAccessFactory(user=student, course=course, source_key="m:1", status=status)

    again = grant(student, course)

    assert (again.pk, again.status, events()) == (row.pk, status, [])


def test_grant_after_a_revocation_gives_a_new_row(student, course):
    CourseAccessFactory(
        user=student, course=course, source_key="m:1", status="revoked", revoked_at=NOW, revocation_reason="Refund"
    )

    row = grant(student, course)

    assert (row.status, CourseAccess.objects.count()) == (AccessStatus.UNLOCKED, 2)


def test_grant_of_a_tier_twice_gives_one_row(student):
    first = grant(student, None, tier_level=2)

    second = grant(student, None, tier_level=2)

    assert (first.pk, events()) == (second.pk, ["granted"])


def test_the_event_of_a_grant_says_who_why_and_until_when(student, staff, course):
    row = grant(student, course, actor=staff, reason="Prize", cause="form", expires_at=LATER)

    event = AccessEvent.objects.get()
    assert (event.access, event.user, event.course, event.actor) == (row, student, course, staff)
    assert (event.action, event.at, event.reason, event.cause) == (AccessAction.GRANTED, NOW, "Prize", "form")
    assert (event.starts_at, event.expires_at) == (NOW, LATER)


def test_the_cause_of_a_grant_is_its_source_unless_said_otherwise(student, course):
    grant(student, course, source_key="order:7")

    assert AccessEvent.objects.get().cause == "order:7"


def test_grant_refuses_to_end_before_it_starts(student, course):
    with pytest.raises(AccessRefused):
        grant(student, course, starts_at=LATER, expires_at=LATER)

    assert (CourseAccess.objects.count(), events()) == (0, [])


def test_grant_of_a_course_whose_last_day_is_over_is_refused(student):
    course = CourseFactory(access_duration_type="until_date", access_until=NOW)

    with pytest.raises(AccessRefused):
        grant(student, course)


def test_grant_repeated_after_the_last_day_still_returns_the_row(student):
    course = CourseFactory(access_duration_type="until_date", access_until=LATER)
    first = grant(student, course)

    again = grant(student, course, now=LATER + timedelta(days=1))

    assert again == first


@pytest.mark.parametrize(
    ("rules", "ends"),
    [
        ({"access_duration_type": DurationType.LIFETIME}, None),
        ({"access_duration_type": DurationType.DRIP}, None),
        ({"access_duration_type": DurationType.FIXED_DAYS, "access_duration_days": 90}, LATER),
        ({"access_duration_type": DurationType.UNTIL_DATE, "access_until": LATER}, LATER),
    ],
)
def test_a_right_ends_by_the_rules_of_its_course(student, rules, ends):
    course = CourseFactory(**rules)

    row = grant(student, course)

    assert (row.expires_at, expiry_for(course, NOW)) == (ends, ends)


def test_the_end_given_by_the_product_beats_the_rules_of_the_course(student):
    course = CourseFactory(access_duration_type="fixed_days", access_duration_days=5)

    assert grant(student, course, expires_at=LATER).expires_at == LATER


def test_editing_the_course_later_changes_no_sold_right(student):
    course = CourseFactory(access_duration_type="fixed_days", access_duration_days=90)
    row = grant(student, course)

    course.access_duration_days = 1
    course.save()

    row.refresh_from_db()
    assert row.expires_at == LATER


def test_a_right_of_a_tier_lasts_for_life_unless_said_otherwise(student):
    assert grant(student, None, tier_level=1).expires_at is None


def test_a_grant_that_loses_a_race_returns_the_row_of_the_winner(student, course, monkeypatch):
    first = grant(student, course)
    monkeypatch.setattr(QuerySet, "first", lambda rows: None)  # what the loser saw when it looked

    assert (grant(student, course).pk, events()) == (first.pk, ["granted"])


def test_a_tier_and_an_event_name_themselves(student, course):
    grant(student, course)

    assert str(TierFactory.build(name="Main")) == "Main"
    assert str(AccessEvent.objects.get()) == f"2026-03-02 09:00 granted {student.pk}/{course.pk}"
