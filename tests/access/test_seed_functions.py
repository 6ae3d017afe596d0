"""The functions of the seeds by their names, in the seeds' words."""

from datetime import timedelta

import pytest
import time_machine
from django.contrib.auth.models import AnonymousUser

from access.models import AccessEvent, AccessType, CourseAccess
from access.seed_functions import (
    check_course_prerequisites,
    get_courses_by_visibility,
    get_user_accessible_courses,
    grant_bundle_access,
    grant_course_access,
    has_course_access,
    is_assigned,
    revoke_course_access,
)
from access.services import ReasonMissing, suspend
from catalog.models import Prerequisite
from common.models import OutgoingMail
from progress.seed_functions import started
from tests import factories as make
from tests.factories import NOW, CourseFactory

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture
def course():
    return CourseFactory(title="Bread", slug="bread")


def actions():
    return list(AccessEvent.objects.order_by("pk").values_list("action", flat=True))


def subjects():
    return list(OutgoingMail.objects.order_by("pk").values_list("subject", flat=True))


def test_has_course_access_says_no_and_why(student, course):
    assert has_course_access(student, course, NOW) == (False, None, "free")


def test_has_course_access_names_the_row(student, course):
    row = make.CourseAccessFactory(user=student, course=course)

    assert has_course_access(student, course, NOW) == (True, row, "active")


def test_has_course_access_of_an_ended_right_names_it_too(student, course):
    row = make.CourseAccessFactory(user=student, course=course, expires_at=NOW + DAY)

    assert has_course_access(student, course, NOW + DAY) == (False, row, "expired")


@time_machine.travel(NOW, tick=False)
def test_the_clock_need_not_be_given(student, course):
    row = make.CourseAccessFactory(user=student, course=course, expires_at=NOW + DAY)

    assert has_course_access(student, course) == (True, row, "active")
    assert list(get_user_accessible_courses(student)) == [course]


def test_grant_course_access_tracks_source_grantor_timestamp_and_end(student, staff, course):
    access = grant_course_access(student, course, granted_by=staff, expires_at=NOW + DAY, notes="Prize", now=NOW)

    assert (access.access_type, access.granted_by, access.granted_at, access.expires_at, access.notes) == (
        AccessType.MANUAL, staff, NOW, NOW + DAY, "Prize",
    )  # fmt: skip
    assert (actions(), subjects()) == (["granted"], ["You have access to Bread"])


def test_grant_course_access_keeps_a_long_note_whole(student, staff, course):
    access = grant_course_access(student, course, granted_by=staff, notes="x" * 1000, now=NOW)

    access.refresh_from_db()
    assert (len(access.notes), len(AccessEvent.objects.get().reason)) == (1000, 300)


def test_grant_course_access_by_staff_gives_a_right_of_its_own_each_time(student, staff, course):
    rows = {grant_course_access(student, course, granted_by=staff, now=NOW).pk for _ in range(2)}

    assert len(rows) == 2


@pytest.mark.parametrize("key", ["", "order:7"])
def test_grant_course_access_from_one_source_is_one_right(student, course, key):
    first = grant_course_access(student, course, AccessType.PURCHASE, source_key=key, now=NOW, notes="first")
    second = grant_course_access(student, course, AccessType.PURCHASE, source_key=key, now=NOW + DAY, notes="second")

    assert (first, second.notes, actions(), len(subjects())) == (second, "first", ["granted"], 1)


def test_grant_course_access_through_a_bundle_is_what_the_bundle_gives(student, course):
    entry = make.BundleCourseFactory(course=course)
    purchase = make.BundlePurchaseFactory(user=student, bundle=entry.bundle)
    grant_course_access(student, course, AccessType.BUNDLE, bundle_purchase=purchase, now=NOW)

    assert grant_bundle_access(student, purchase, NOW) == []


@pytest.mark.parametrize(("access_type", "by_themselves"), [(AccessType.FREE, False), (AccessType.MANUAL, True)])
def test_grant_course_access_tells_nobody_of_what_they_took_themselves(student, course, access_type, by_themselves):
    grant_course_access(student, course, access_type, granted_by=student if by_themselves else None, now=NOW)

    assert subjects() == []


def test_revoke_course_access_takes_every_right_on_the_course(student, staff, course):
    grant_course_access(student, course, AccessType.PURCHASE, now=NOW)
    newest = grant_course_access(student, course, granted_by=staff, now=NOW + DAY)

    revoked = revoke_course_access(student, course, staff, "Refund", now=NOW + 2 * DAY)

    assert (revoked, revoked.status, revoked.revoked_by, revoked.revocation_reason) == (
        newest, "revoked", staff, "Refund",
    )  # fmt: skip
    assert (actions()[2:], has_course_access(student, course, NOW + 2 * DAY)[0]) == (["revoked"] * 2, False)


def test_revoke_course_access_appends_its_notes(student, staff, course):
    grant_course_access(student, course, granted_by=staff, notes="Prize", now=NOW)

    revoke_course_access(student, course, staff, "Refund", "Asked by mail", now=NOW)

    assert CourseAccess.objects.get().notes == "Prize\nAsked by mail"


def test_revoke_course_access_leaves_a_membership_and_other_courses(student, staff):
    course = CourseFactory(required_level=1, enrollment_method="purchase")
    membership = make.CourseAccessFactory(user=student, course=None, tier_level=1)
    other = grant_course_access(student, CourseFactory(), granted_by=staff, now=NOW)
    grant_course_access(student, course, granted_by=staff, now=NOW)

    revoke_course_access(student, course, staff, "Refund", now=NOW)

    assert set(CourseAccess.objects.exclude(status="revoked")) == {membership, other}
    assert has_course_access(student, course, NOW) == (True, membership, "active")


def test_revoke_course_access_leaves_other_students(student, stranger, staff, course):
    kept = grant_course_access(stranger, course, granted_by=staff, now=NOW)

    assert revoke_course_access(student, course, staff, "Refund", now=NOW) is None
    assert has_course_access(stranger, course, NOW)[1] == kept


def test_revoke_course_access_twice_writes_once(student, staff, course):
    grant_course_access(student, course, granted_by=staff, now=NOW)
    revoke_course_access(student, course, staff, "Refund", now=NOW)

    assert (revoke_course_access(student, course, staff, "Refund", now=NOW), actions()) == (
        None,
        ["granted", "revoked"],
    )


def test_revoke_course_access_needs_a_reason(student, staff, course):
    grant_course_access(student, course, granted_by=staff, now=NOW)

    with pytest.raises(ReasonMissing):
        revoke_course_access(student, course, staff, " ", now=NOW)

    assert actions() == ["granted"]


def test_get_user_accessible_courses_are_those_open_now(student, course):
    make.CourseAccessFactory(user=student, course=course, expires_at=NOW + DAY)
    make.CourseAccessFactory(user=student, expires_at=NOW + DAY, status="locked")

    assert [list(get_user_accessible_courses(student, NOW + day * DAY)) for day in (0, 1)] == [[course], []]


def shelves(user):
    found = get_courses_by_visibility(user, NOW)
    return {name: [course.slug for course in courses] for name, courses in found.items()}


@pytest.fixture
def catalog():
    for status in ("draft", "coming_soon", "active", "locked", "archived"):
        CourseFactory(slug=status, title=status, status=status)
    for visibility in ("members_only", "hidden", "private"):
        CourseFactory(slug=visibility, title=visibility, visibility=visibility)


def test_get_courses_by_visibility_of_a_visitor(catalog):
    assert shelves(AnonymousUser()) == {
        "my_courses": [],
        "available_to_unlock": ["active"],
        "not_available": ["coming_soon", "locked"],
    }


def test_get_courses_by_visibility_of_a_student_without_rights(student, catalog):
    assert shelves(student) == {
        "my_courses": [],
        "available_to_unlock": ["active", "members_only"],
        "not_available": ["coming_soon", "locked"],
    }


@pytest.mark.parametrize("slug", ["active", "locked", "archived", "members_only", "hidden", "private"])
def test_get_courses_by_visibility_puts_what_is_theirs_first(student, catalog, slug):
    make.CourseAccessFactory(user=student, course=make.catalog.Course.objects.get(slug=slug))

    found = shelves(student)

    assert (found["my_courses"], slug in found["available_to_unlock"] + found["not_available"]) == ([slug], False)


def test_get_courses_by_visibility_offers_nothing_of_what_staff_closed(student, staff, course):
    make.CourseAccessFactory(user=student, course=course)
    suspend(user=student, course=course, actor=staff, reason="Shared", now=NOW)

    assert shelves(student) == {"my_courses": [], "available_to_unlock": [], "not_available": ["bread"]}


def test_check_course_prerequisites_names_what_is_missing(student, course):
    required = CourseFactory(lesson_count=1)
    Prerequisite.objects.create(course=course, required=required)
    before = check_course_prerequisites(student, course)

    make.CourseEnrollmentFactory(user=student, course=required, completed_at=NOW)

    assert (before, check_course_prerequisites(student, course)) == ((False, [required]), (True, []))


def test_grant_bundle_access_gives_every_course_of_the_bundle_once(student):
    bundle = make.BundleFactory()
    courses = [make.BundleCourseFactory(bundle=bundle).course for _ in range(2)]
    purchase = make.BundlePurchaseFactory(user=student, bundle=bundle)

    rows = grant_bundle_access(student, purchase, NOW)

    assert ([row.course for row in rows], grant_bundle_access(student, purchase, NOW)) == (courses, [])


def test_is_assigned_once_they_take_part(student, stranger, course):
    make.CourseEnrollmentFactory(user=student, course=course)

    assert [is_assigned(user, course) for user in (student, stranger, AnonymousUser())] == [True, False, False]


@pytest.mark.parametrize(("status", "expected"), [("not_started", False), ("in_progress", True)])
def test_started_once_a_lesson_is(student, status, expected):
    row = make.LessonProgressFactory(user=student, status=status)

    assert (started(student, row.course), started(AnonymousUser(), row.course)) == (expected, False)
