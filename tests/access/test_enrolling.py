"""Enrolling, joining, suspending: one test per exit."""

from datetime import timedelta

import pytest

from access.decisions import Code
from access.models import AccessEvent, AccessType, CourseAccess, CourseEnrollment, Suspension
from access.selectors import course_decision
from access.services import REFUSALS, EnrollmentClosed, ReasonMissing, enroll_free, join_course, reinstate, suspend
from tests.factories import (
    NOW,
    CourseAccessFactory,
    CourseEnrollmentFactory,
    CourseFactory,
    PrerequisiteFactory,
    SuspensionFactory,
)

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def events():
    return list(AccessEvent.objects.order_by("pk").values_list("action", flat=True))


def counts():
    return CourseAccess.objects.count(), CourseEnrollment.objects.count()


def test_enroll_in_a_free_course_gives_a_right_and_an_enrollment(student):
    course = CourseFactory()

    enrollment = enroll_free(user=student, course=course, now=NOW)

    row = CourseAccess.objects.get()
    assert (row.user, row.course, row.access_type, row.source_key) == (student, course, AccessType.FREE, "free")
    assert (enrollment.enrolled_at, events()) == (NOW, ["granted"])
    assert course_decision(student, course, NOW).code == Code.ACTIVE


def test_enroll_twice_gives_the_same_enrollment(student):
    course = CourseFactory()
    first = enroll_free(user=student, course=course, now=NOW)

    second = enroll_free(user=student, course=course, now=NOW + DAY)

    assert (first, counts(), events()) == (second, (1, 1), ["granted"])


def test_enroll_with_an_open_right_gives_no_second_one(student):
    row = CourseAccessFactory(user=student, must_join=True)

    enroll_free(user=student, course=row.course, now=NOW)

    assert counts() == (1, 1)


@pytest.mark.parametrize(
    ("course", "row", "code"),
    [
        ({"status": "draft"}, None, Code.NOT_FOUND),
        ({"visibility": "private"}, None, Code.NOT_FOUND),
        ({"status": "coming_soon"}, None, Code.COMING_SOON),
        ({"status": "locked"}, None, Code.CLOSED),
        ({"status": "archived"}, None, Code.CLOSED),
        ({"enrollment_method": "purchase"}, None, Code.PURCHASE),
        ({"enrollment_method": "purchase", "required_level": 1}, None, Code.PURCHASE),
        ({"enrollment_method": "subscription_only", "required_level": 1}, None, Code.SUBSCRIPTION),
        ({"enrollment_method": "invite_only"}, None, Code.INVITE_ONLY),
        ({"enrollment_method": "cohort_only"}, None, Code.COHORT_ONLY),
        ({}, {"status": "pending", "starts_at": None}, Code.PENDING),
        ({}, {"status": "locked"}, Code.PAYMENT_REQUIRED),
        ({}, {"status": "expired"}, Code.EXPIRED),
        ({}, {"expires_at": NOW, "starts_at": NOW - DAY}, Code.EXPIRED),
        ({}, {"status": "revoked", "revoked_at": NOW, "revocation_reason": "Abuse"}, Code.REVOKED),
    ],
)
def test_enroll_is_refused_with_the_sentence_of_its_code(student, course, row, code):
    course = CourseFactory(**course)
    if row:
        CourseAccessFactory(user=student, course=course, **row)
    before = counts()

    with pytest.raises(EnrollmentClosed, match=REFUSALS[code].replace(".", r"\.")):
        enroll_free(user=student, course=course, now=NOW)

    assert (counts(), events()) == (before, [])


def test_enroll_is_refused_to_the_suspended(student):
    course = SuspensionFactory(user=student).course

    with pytest.raises(EnrollmentClosed, match="suspended"):
        enroll_free(user=student, course=course, now=NOW)


@pytest.mark.parametrize("who", ["student", "staff"])
def test_enroll_is_refused_when_the_last_day_of_the_course_is_over(request, who):
    course = CourseFactory(access_duration_type="until_date", access_until=NOW)

    with pytest.raises(EnrollmentClosed, match="no new students"):
        enroll_free(user=request.getfixturevalue(who), course=course, now=NOW)

    assert counts() == (0, 0)


@pytest.mark.parametrize("course", [{"status": "locked"}, {"enrollment_method": "purchase"}])
def test_staff_enroll_in_nothing_that_is_not_free_and_open(staff, course):
    with pytest.raises(EnrollmentClosed):
        enroll_free(user=staff, course=CourseFactory(**course), now=NOW)


def test_join_enrolls_who_holds_a_right(student):
    row = CourseAccessFactory(user=student, must_join=True)

    first = join_course(user=student, course=row.course, now=NOW)
    second = join_course(user=student, course=row.course, now=NOW + DAY)

    assert (first, counts()) == (second, (1, 1))
    assert course_decision(student, row.course, NOW).code == Code.ACTIVE


def test_join_is_refused_without_a_right(student):
    with pytest.raises(EnrollmentClosed, match=r"Enroll in this course first\."):
        join_course(user=student, course=CourseFactory(), now=NOW)


def test_join_is_refused_to_staff_who_hold_none(staff):
    with pytest.raises(EnrollmentClosed, match="not open to you"):
        join_course(user=staff, course=CourseFactory(), now=NOW)


def test_join_is_refused_to_the_suspended(student):
    row = CourseAccessFactory(user=student, must_join=True)
    SuspensionFactory(user=student, course=row.course)

    with pytest.raises(EnrollmentClosed, match="suspended"):
        join_course(user=student, course=row.course, now=NOW)


def test_suspend_leaves_one_row_and_one_event(student, staff):
    course = CourseFactory()

    suspension = suspend(user=student, course=course, actor=staff, reason=" Shared ", now=NOW, public_note="Write us")

    assert (suspension.reason, suspension.public_note, suspension.suspended_at) == ("Shared", "Write us", NOW)
    event = AccessEvent.objects.get()
    assert (event.action, event.actor, event.reason, event.access) == ("suspended", staff, "Shared", None)


def test_suspend_twice_returns_the_open_suspension(student, staff):
    course = CourseFactory()
    first = suspend(user=student, course=course, actor=staff, reason="Shared", now=NOW)

    second = suspend(user=student, course=course, actor=staff, reason="Again", now=NOW)

    assert (first, Suspension.objects.count(), events()) == (second, 1, ["suspended"])


def test_suspend_without_a_reason_is_refused(student, staff):
    with pytest.raises(ReasonMissing):
        suspend(user=student, course=CourseFactory(), actor=staff, reason=" ", now=NOW)

    assert Suspension.objects.count() == 0


def test_reinstate_lets_the_rights_beneath_speak_again(student, staff):
    row = CourseAccessFactory(user=student)
    suspension = suspend(user=student, course=row.course, actor=staff, reason="Shared", now=NOW)

    reinstate(suspension=suspension, actor=staff, now=NOW + DAY, reason="Sorry")

    assert (suspension.lifted_at, suspension.lifted_by, events()) == (NOW + DAY, staff, ["suspended", "reinstated"])
    assert course_decision(student, row.course, NOW).code == Code.ACTIVE


def test_reinstate_twice_keeps_who_lifted_first(staff, stranger):
    suspension = SuspensionFactory()
    reinstate(suspension=suspension, actor=staff, now=NOW)

    reinstate(suspension=suspension, actor=stranger, now=NOW + DAY)

    assert (suspension.lifted_by, suspension.lifted_at, events()) == (staff, NOW, ["reinstated"])


def test_a_lifted_suspension_makes_room_for_another(student, staff):
    suspension = SuspensionFactory(user=student, lifted_at=NOW, lifted_by=staff)

    second = suspend(user=student, course=suspension.course, actor=staff, reason="Again", now=NOW + DAY)

    assert second != suspension


def test_enrollment_outlives_the_right(student):
    enrollment = CourseEnrollmentFactory(user=student)

    decision = course_decision(student, enrollment.course, NOW)

    assert (decision.is_allowed, CourseEnrollment.objects.count()) == (False, 1)


def test_what_was_loaded_for_one_student_never_speaks_for_another(student, stranger):
    course = CourseFactory()
    for person in (student, stranger):
        CourseAccessFactory(user=person, course=course)
    SuspensionFactory(user=stranger, course=course)

    codes = [course_decision(person, course, NOW).code for person in (student, stranger, student)]

    assert codes == [Code.ACTIVE, Code.SUSPENDED, Code.ACTIVE]


def test_join_is_refused_before_the_courses_to_complete_first(student):
    link = PrerequisiteFactory(required__lesson_count=1)
    CourseAccessFactory(user=student, course=link.course, must_join=True)

    with pytest.raises(EnrollmentClosed, match="completed first"):
        join_course(user=student, course=link.course, now=NOW)

    assert CourseEnrollment.objects.count() == 0
