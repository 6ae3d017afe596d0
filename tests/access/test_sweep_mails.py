"""What the sweep tells students: one mail each, of what is really closed or really about to close."""

from datetime import timedelta

import pytest

from access.models import AccessNotice, AccessType
from access.services import extend_access, suspend
from access.services.sweeping import sweep_access
from common.models import OutgoingMail
from tests.access.test_sweep import give
from tests.factories import NOW, CourseFactory, StaffFactory, UserFactory

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
END = NOW + 10 * DAY


def subjects():
    return list(OutgoingMail.objects.order_by("pk").values_list("subject", flat=True))


@pytest.fixture
def bread():
    return CourseFactory(title="Bread")


def test_one_mail_lists_all_that_ended(student, bread):
    give(student, course=bread)
    give(student, course=CourseFactory(title="Pastry"))

    sweep_access(now=END)

    assert subjects() == ["Your access to Bread and 1 more has ended"]


def test_every_student_gets_a_mail_of_their_own(bread):
    for email in ("ann@example.com", "ben@example.com"):
        give(UserFactory(email=email), course=bread)

    sweep_access(now=END)

    assert list(OutgoingMail.objects.order_by("pk").values_list("to", flat=True)) == [
        ["ann@example.com"],
        ["ben@example.com"],
    ]


def test_two_rights_on_one_course_are_told_once(student, bread):
    give(student, course=bread)
    give(student, course=bread, source_key="other")

    sweep_access(now=END)

    assert (subjects(), AccessNotice.objects.count()) == (["Your access to Bread has ended"], 2)


@pytest.mark.parametrize(
    "other",
    [
        {"source_key": "other", "expires_at": None},
        {"source_key": "other", "expires_at": END + 30 * DAY},
        {"course": None, "tier_level": 2, "expires_at": None},
        {"course": None, "tier_level": 3, "expires_at": None},
    ],
)
def test_a_course_that_another_right_still_opens_has_not_ended(student, other):
    course = CourseFactory(required_level=2, enrollment_method="purchase")
    give(student, course=course)
    give(student, **{"course": course} | other)

    sweep_access(now=END)

    assert subjects() == []


@pytest.mark.parametrize(
    "other",
    [
        {"course": None, "tier_level": 1, "expires_at": None},
        {"source_key": "other", "starts_at": END + DAY, "expires_at": None},
        {"source_key": "other", "is_pending": True, "expires_at": None},
    ],
)
def test_a_course_that_no_other_right_opens_now_has_ended(student, other):
    course = CourseFactory(title="Bread", required_level=2, enrollment_method="purchase")
    give(student, course=course)
    give(student, **{"course": course} | other)

    sweep_access(now=END)

    assert subjects() == ["Your access to Bread has ended"]


def test_a_right_of_another_student_opens_nothing(student, stranger, bread):
    give(student, course=bread)
    give(stranger, course=bread, expires_at=None)

    sweep_access(now=END)

    assert subjects() == ["Your access to Bread has ended"]


@pytest.mark.parametrize(("level", "said"), [(1, ["Your access to Main membership has ended"]), (2, []), (3, [])])
def test_a_membership_that_one_as_high_replaces_has_not_ended(student, level, said):
    give(student, tier_level=2)
    give(student, tier_level=level, source_key="other", expires_at=None)

    sweep_access(now=END)

    assert subjects() == said


def test_a_course_for_nobody_s_tier_is_opened_by_no_membership(student, bread):
    give(student, course=bread)
    give(student, tier_level=3, expires_at=None)

    sweep_access(now=END)

    assert subjects() == ["Your access to Bread has ended"]


def test_who_is_suspended_from_the_course_is_not_told(student, staff, bread):
    give(student, course=bread)
    suspend(user=student, course=bread, actor=staff, reason="Shared", now=NOW)
    OutgoingMail.objects.all().delete()

    sweep_access(now=END)

    assert subjects() == []


def test_staff_are_not_told_of_an_end_they_do_not_feel(bread):
    give(StaffFactory(), course=bread)

    sweep_access(now=END)

    assert subjects() == []


def test_the_same_end_is_told_once_also_when_the_row_was_repaired_between(student, bread):
    access = give(student, course=bread)
    sweep_access(now=END)
    type(access).objects.update(status="unlocked")

    sweep_access(now=END)

    assert subjects() == ["Your access to Bread has ended"]


def test_another_end_is_told_again(student, bread):
    access = give(student, course=bread)
    sweep_access(now=END)
    extend_access(access=access, days=5, now=END)

    sweep_access(now=END + 5 * DAY)

    assert subjects() == ["Your access to Bread has ended"] * 2


@pytest.mark.parametrize(("day", "said"), [(2.9, 0), (3, 1), (9.9, 1)])
def test_a_week_before_the_end_the_student_is_reminded(student, bread, day, said):
    give(student, course=bread)

    sweep_access(now=NOW + day * DAY)

    assert subjects() == ["Your access to Bread ends soon"] * said


def test_the_reminder_comes_once_per_end(student, bread):
    give(student, course=bread)

    for day in (3, 4, 5):
        sweep_access(now=NOW + day * DAY)

    assert subjects() == ["Your access to Bread ends soon"]


def test_a_renewal_brings_a_reminder_of_its_own(student, bread):
    access = give(student, course=bread)
    sweep_access(now=NOW + 3 * DAY)
    extend_access(access=access, days=30, now=NOW + 4 * DAY)

    for day in (5, 33, 34):
        sweep_access(now=NOW + day * DAY)

    assert subjects() == ["Your access to Bread ends soon"] * 2


@pytest.mark.parametrize(
    "other",
    [
        {"source_key": "other", "expires_at": None},
        {"source_key": "other", "expires_at": END + 30 * DAY},
        {"source_key": "other", "starts_at": END, "expires_at": None},
        {"course": None, "tier_level": 2, "expires_at": None},
    ],
)
def test_no_reminder_when_another_right_goes_on(student, other):
    course = CourseFactory(required_level=2, enrollment_method="purchase")
    give(student, course=course)
    give(student, **{"course": course} | other)

    sweep_access(now=NOW + 3 * DAY)

    assert subjects() == []


@pytest.mark.parametrize(
    "other",
    [
        {"source_key": "other", "expires_at": END},
        {"source_key": "other", "expires_at": END - DAY},
        {"source_key": "other", "starts_at": END + DAY, "expires_at": None},
    ],
)
def test_a_reminder_when_no_other_right_goes_on(student, bread, other):
    give(student, course=bread)
    give(student, course=bread, **other)

    sweep_access(now=NOW + 3 * DAY)

    assert subjects() == ["Your access to Bread ends soon"]


def test_no_reminder_of_a_subscription_that_renews_itself(student):
    give(student, tier_level=2, access_type=AccessType.SUBSCRIPTION)

    sweep_access(now=NOW + 3 * DAY)

    assert subjects() == []


def test_no_reminder_of_a_right_given_for_less_than_a_week(student, bread):
    give(student, course=bread, expires_at=NOW + 6 * DAY)

    sweep_access(now=NOW + DAY)

    assert subjects() == []


def test_no_reminder_to_who_is_suspended(student, staff, bread):
    give(student, course=bread)
    suspend(user=student, course=bread, actor=staff, reason="Shared", now=NOW)
    OutgoingMail.objects.all().delete()

    sweep_access(now=NOW + 3 * DAY)

    assert subjects() == []
