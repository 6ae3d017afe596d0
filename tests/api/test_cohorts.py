"""T-29: joining and leaving cohorts for machines, each answer once."""

from datetime import timedelta

import pytest
from django.utils import timezone

from access.models import Cohort, CohortMembership
from tests import factories as make

pytestmark = pytest.mark.django_db
ODD = ["0", "99999", str(2**31), str(2**63), "9" * 4301]


@pytest.fixture
def course(student):
    """A paid course that the student holds."""
    course = make.CourseFactory(slug="c", enrollment_method="purchase", required_level=2)
    make.CourseAccessFactory(user=student, course=course)
    return course


@pytest.fixture
def cohort(course):
    cohort = make.CohortFactory(max_participants=1)
    cohort.courses.add(course)
    return cohort


def call(client, cohort, way="enroll", *, slug="c"):
    return client.post(f"/api/courses/{slug}/cohorts/{cohort.pk}/{way}", content_type="application/json")


def refusal(response):
    return response.status_code, response.json()["error"]["code"], response.json()["error"]["message"]


@pytest.mark.parametrize("slash", ["", "/"])
def test_a_student_joins_and_leaves(student_client, cohort, slash):
    joined = call(student_client, cohort, f"enroll{slash}")
    seats = Cohort.objects.get().member_count
    left = call(student_client, cohort, f"unenroll{slash}")

    assert (joined.status_code, joined.json()) == (200, {"enrolled": True, "cohort_id": cohort.pk})
    assert (left.status_code, left.json()) == (200, {"enrolled": False, "cohort_id": cohort.pk})
    assert (seats, Cohort.objects.get().member_count) == (1, 0)


def test_a_visitor_is_told_to_log_in(client, cohort):
    answers = [refusal(call(client, cohort, way)) for way in ("enroll", "unenroll")]

    assert answers == [(401, "authentication_required", "Log in first.")] * 2


def test_without_a_right_the_tier_is_named(stranger_client, cohort):
    response = call(stranger_client, cohort)

    assert refusal(response) == (403, "insufficient_tier", "This course has to be bought first.")
    assert response.json()["required_tier_name"] == "Main"
    assert CohortMembership.objects.count() == 0


def test_the_reason_is_that_of_the_refusal(stranger, stranger_client, staff_client, cohort):
    course = cohort.courses.get()
    type(course).objects.update(enrollment_method="open", required_level=0)
    make.PrerequisiteFactory(course=course, required__lesson_count=1)
    first = refusal(call(stranger_client, cohort))
    make.SuspensionFactory(user=stranger, course=course)
    second = refusal(call(stranger_client, cohort))
    type(course).objects.update(enrollment_method="purchase")

    assert (first, second, refusal(call(staff_client, cohort))) == (
        (403, "prerequisites", "Another course has to be completed first."),
        (403, "suspended", "Your access to this course is suspended."),
        (403, "closed", "This course takes no new students."),
    )


def test_a_full_cohort_is_a_conflict(student_client, cohort):
    Cohort.objects.update(member_count=1)

    assert refusal(call(student_client, cohort)) == (409, "cohort_full", "This cohort is full.")


def test_a_member_of_a_full_cohort_is_told_that_they_are_in_it(student_client, cohort):
    call(student_client, cohort)

    assert refusal(call(student_client, cohort)) == (409, "already_enrolled", "You are in this cohort already.")


def test_a_cohort_that_has_ended_or_gives_rights_is_closed(student_client, cohort):
    yesterday = timezone.localdate() - timedelta(days=2)
    answers = []
    for fields in ({"ends_on": yesterday}, {"ends_on": None, "grants_access": True}):
        Cohort.objects.update(**fields)
        answers.append(refusal(call(student_client, cohort))[:2])

    assert answers == [(403, "cohort_closed")] * 2


def test_what_is_not_there_is_not_found(student_client, cohort):
    other, inactive = make.CohortFactory(), make.CohortFactory(is_active=False)
    inactive.courses.add(*cohort.courses.all())
    draft = make.CourseFactory(slug="d", status="draft")
    draft.cohorts.add(cohort)

    answers = [call(student_client, other), call(student_client, inactive), call(student_client, cohort, slug="d")]
    answers += [call(student_client, other, "unenroll"), call(student_client, cohort, slug="x")]

    assert {refusal(answer) for answer in answers} == {(404, "not_found", "There is no such cohort.")}


def test_leaving_what_one_is_not_in_is_not_found(student_client, cohort):
    assert refusal(call(student_client, cohort, "unenroll")) == (404, "not_found", "You are not in this cohort.")


def test_an_inactive_cohort_can_be_left(student_client, cohort):
    call(student_client, cohort)
    Cohort.objects.update(is_active=False)

    assert call(student_client, cohort, "unenroll").status_code == 200


@pytest.mark.parametrize("way", ["enroll", "unenroll"])
def test_reading_is_not_allowed(student_client, cohort, way):
    assert student_client.get(f"/api/courses/c/cohorts/{cohort.pk}/{way}").status_code == 405


@pytest.mark.parametrize("way", ["enroll", "unenroll"])
@pytest.mark.parametrize("number", ODD)
def test_odd_numbers_are_refused(student_client, cohort, way, number):
    response = student_client.post(f"/api/courses/c/cohorts/{number}/{way}", content_type="application/json")

    assert response.status_code in {400, 404}
    assert CohortMembership.objects.count() == 0
