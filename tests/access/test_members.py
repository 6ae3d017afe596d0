"""Members of a course, and the status of their enrollment: in lists and one by one the same."""

from datetime import timedelta

import pytest

from access.members import enrollment_status, members_of, with_status
from access.models import CourseEnrollment
from access.standings import standing_of
from tests import factories as make
from tests.conftest import client_of

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture
def enrollment():
    return make.CourseEnrollmentFactory()


def statuses(now=make.NOW):
    """From the list and from the judge's standing: a pair that must be equal."""
    row = with_status(CourseEnrollment.objects.all(), now).get()
    return row.access_status, enrollment_status(standing_of(row.user, row.course), now)


def hold(enrollment, **fields):
    return make.CourseAccessFactory(**{"user": enrollment.user, "course": enrollment.course} | fields)


@pytest.mark.parametrize(
    ("fields", "status"),
    [
        ({}, "active"),
        ({"expires_at": make.NOW + DAY}, "active"),
        ({"status": "pending", "starts_at": make.NOW}, "active"),
        ({"starts_at": make.NOW - DAY, "expires_at": make.NOW}, "expired"),
        ({"status": "pending", "starts_at": None}, "expired"),
        ({"status": "locked"}, "expired"),
        ({"status": "expired"}, "expired"),
        ({"status": "revoked", "revoked_at": make.NOW, "revocation_reason": "Refund"}, "expired"),
    ],
)
def test_the_status_follows_the_right(enrollment, fields, status):
    hold(enrollment, **fields)

    assert statuses() == (status, status)


def test_without_any_right_it_is_expired(enrollment):
    assert statuses() == ("expired", "expired")


def test_somebody_elses_right_counts_for_nobody_else(enrollment):
    make.CourseAccessFactory(course=enrollment.course)

    assert statuses() == ("expired", "expired")


@pytest.mark.parametrize(("level", "status"), [(1, "expired"), (2, "active"), (3, "active")])
def test_a_membership_counts_from_the_level_asked(level, status):
    enrollment = make.CourseEnrollmentFactory(course__required_level=2, course__enrollment_method="purchase")
    hold(enrollment, course=None, tier_level=level)

    assert statuses() == (status, status)


def test_a_membership_does_not_open_what_no_tier_opens():
    enrollment = make.CourseEnrollmentFactory(course__enrollment_method="purchase")
    hold(enrollment, course=None, tier_level=3)

    assert statuses() == ("expired", "expired")


def test_a_suspension_beats_the_right_until_it_is_lifted(enrollment, staff):
    hold(enrollment)
    suspension = make.SuspensionFactory(user=enrollment.user, course=enrollment.course)
    before = statuses()

    suspension.lifted_at, suspension.lifted_by = make.NOW, staff
    suspension.save()

    assert (before, statuses()) == (("suspended", "suspended"), ("active", "active"))


def test_members_are_the_active_and_the_expired(staff):
    course = make.CourseFactory()
    active, expired, suspended = (make.CourseEnrollmentFactory(course=course) for _ in range(3))
    hold(active)
    make.SuspensionFactory(user=suspended.user, course=course)
    make.CourseEnrollmentFactory(course=course, user=staff)
    make.CourseEnrollmentFactory()

    assert set(members_of(course, make.NOW)) == {active, expired}


def test_the_admin_shows_the_status_without_a_query_per_row(max_queries):
    owner = client_of(make.StaffFactory(is_superuser=True))
    for _ in range(20):
        make.CourseEnrollmentFactory()

    with max_queries(8):
        page = owner.get("/django-admin/access/courseenrollment/").content.decode()

    assert page.count(">Expired<") == 20
