"""Giving the people of a group what came later: in batches, only to who is in it, and safe to do twice."""

import pytest

from access.models import CourseAccess
from access.services import add_to_cohort, leave_cohort
from access.services.catching_up import ask_to_catch_up, catch_up, is_catching_up
from access.services.cohorts import catch_up_member
from accounts.models import StaffAction
from common.models import Job
from tests import factories as make
from tests.factories import NOW

pytestmark = pytest.mark.django_db


@pytest.fixture
def cohort():
    """One that gives a course, with three members, and another course that came later."""
    cohort = make.CohortFactory(grants_access=True)
    cohort.courses.add(make.CourseFactory())
    for _ in range(3):
        add_to_cohort(user=make.UserFactory(), cohort=cohort, now=NOW)
    cohort.courses.add(make.CourseFactory(title="Later"))
    return cohort


def later():
    return CourseAccess.objects.filter(course__title="Later").count()


def test_it_goes_on_in_batches(cohort, staff, run_jobs, monkeypatch):
    monkeypatch.setattr("access.services.catching_up.BATCH", 2)
    ask_to_catch_up(group=cohort, actor=staff)
    run_jobs()

    arguments = Job.objects.filter(task="access.tasks.catch_up").order_by("pk").values_list("arguments", flat=True)
    second = cohort.memberships.order_by("pk")[1].pk
    assert (list(arguments), later()) == (
        [["cohort", cohort.pk, staff.pk, 0], ["cohort", cohort.pk, staff.pk, second]],
        3,
    )


@pytest.mark.parametrize("kind", ["cohort", "bundle", "path"])
def test_a_group_that_is_gone_has_nobody_to_serve(kind, staff):
    assert catch_up(kind=kind, group_id=0, actor_id=staff.pk, after=0, now=NOW) == 0


def test_doing_it_twice_gives_once_also_without_the_one_who_asked(cohort):
    given = [catch_up(kind="cohort", group_id=cohort.pk, actor_id=0, after=0, now=NOW) for _ in range(2)]

    assert (given, later()) == ([3, 0], 3)


def test_who_left_meanwhile_gets_nothing(cohort):
    place = cohort.memberships.first()
    leave_cohort(user=place.user, cohort=cohort, now=NOW)

    assert catch_up_member(membership=place, now=NOW) == 0


def test_a_cohort_that_gives_nothing_gives_nothing(cohort):
    type(cohort).objects.update(grants_access=False)

    assert catch_up_member(membership=cohort.memberships.first(), now=NOW) == 0


def test_a_course_that_has_ended_is_left_out_and_the_rest_given(cohort):
    cohort.courses.add(make.CourseFactory(access_duration_type="until_date", access_until=NOW))

    assert catch_up_member(membership=cohort.memberships.first(), now=NOW) == 1


def test_a_job_that_was_given_up_can_be_asked_for_again(cohort, staff):
    ask_to_catch_up(group=cohort, actor=staff)
    Job.objects.update(attempts=50, failures=50)

    assert (is_catching_up(cohort), ask_to_catch_up(group=cohort, actor=staff)) == (False, True)


def test_the_log_of_staff_says_who_asked(cohort, staff):
    for _ in range(2):
        ask_to_catch_up(group=cohort, actor=staff)

    assert list(StaffAction.objects.values_list("verb", "label")) == [("granted to all", cohort.name)]
