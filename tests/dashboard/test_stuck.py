"""Students who have begun an open course and left it alone."""

from datetime import timedelta

import pytest

from access.models import CourseEnrollment
from catalog.models import Course
from dashboard.selectors.students import Wanted, students_found
from progress.models import CourseProgress
from tests import factories as make
from tests.factories import NOW

pytestmark = pytest.mark.django_db


@pytest.fixture
def begun(student):
    """A course they take and began long ago, and the right to it."""
    course = make.CourseFactory(slug="camera", enrollment_method="purchase")
    make.CourseEnrollmentFactory(user=student, course=course)
    make.CourseProgressFactory(user=student, course=course, last_active_at=NOW - timedelta(days=15))
    access = make.CourseAccessFactory(user=student, course=course, starts_at=NOW - timedelta(days=30))
    return course, access


def stuck(course=None):
    found = students_found(Wanted(activity="stuck", course=course), NOW)
    return [person.email for person in found]


def test_stuck_is_who_has_begun_and_left_an_open_course(begun, stranger):
    assert stuck() == stuck(begun[0]) == ["student@example.com"]


@pytest.mark.parametrize(
    "change",
    [
        lambda course, access: CourseProgress.objects.update(last_active_at=NOW - timedelta(days=13)),
        lambda course, access: CourseEnrollment.objects.update(completed_at=NOW),
        lambda course, access: CourseEnrollment.objects.all().delete(),
        lambda course, access: type(access).objects.update(expires_at=NOW),
        lambda course, access: type(access).objects.update(status="locked"),
        lambda course, access: type(access).objects.update(course=None, tier_level=1),
    ],
)
def test_stuck_is_not_who_goes_on_has_done_it_or_may_not(begun, change):
    change(*begun)

    assert stuck() == []


def test_stuck_counts_a_membership_that_covers_the_course(begun):
    access = begun[1]
    type(access).objects.update(course=None, tier_level=2)
    Course.objects.update(required_level=2, enrollment_method="purchase")

    assert stuck() == ["student@example.com"]


def test_stuck_in_a_course_is_not_stuck_in_another(begun):
    assert stuck(make.CourseFactory()) == []
