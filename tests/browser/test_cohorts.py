"""Cohorts on the course page: choosing a start, the panel, and what a member sees, on desktop and phone."""

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from access.models import AccessType, CohortMembership
from access.services import add_to_cohort, grant_access
from tests.browser.axe import audit
from tests.browser.people import paid_course, person
from tests.factories import CohortFactory

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def in_days(days):
    return timezone.localdate() + timedelta(days=days)


def cohorts_of(course):
    """One that runs and is full, one to come with seats, one without a date, and one that gives access."""
    made = [
        CohortFactory(name="Autumn", starts_on=in_days(-30), max_participants=0),
        CohortFactory(
            name="Spring, with a name that is long enough to wrap", starts_on=in_days(12), max_participants=20
        ),
        CohortFactory(name="At any time", description="Begin on the day you like."),
        CohortFactory(name="Company", starts_on=in_days(40), grants_access=True),
    ]
    for cohort in made:
        cohort.courses.add(course)
    return made


def holder(course, name="pia"):
    user = person(name)
    grant_access(user=user, course=course, access_type=AccessType.MANUAL, source_key="a", now=timezone.now())
    return user


@pytest.fixture
def world(request):
    """The course, a person, and the state they see."""
    course = paid_course(enrollment_method="cohort_only")
    autumn, _, _, company = cohorts_of(course)
    people = {"cohort_choice": holder, "cohort_upcoming": lambda _: person("coh"), "cohort_full": holder}
    user = people[request.param](course)
    if request.param == "cohort_upcoming":
        add_to_cohort(user=user, cohort=company, now=timezone.now())
    if request.param == "cohort_full":
        course.cohorts.set([autumn])
    return user, request.param


@pytest.mark.parametrize("world", ["cohort_choice", "cohort_full", "cohort_upcoming"], indirect=True)
def test_each_state_is_shown_and_readable(page, site, sign_in, world):
    user, state = world
    sign_in(user)

    page.goto(f"{site}/courses/camera/")

    expect(page.locator("[data-state]")).to_have_attribute("data-state", state)
    assert audit(page, page.url) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


@pytest.mark.parametrize("world", ["cohort_choice"], indirect=True)
def test_a_start_is_chosen_from_the_list(page, site, sign_in, world):
    sign_in(world[0])
    page.goto(f"{site}/courses/camera/")
    expect(page.get_by_role("radio")).to_have_count(3)
    expect(page.get_by_role("radio", name="Autumn")).to_be_disabled()

    page.get_by_role("radio", name="Spring").check()
    page.get_by_role("button", name="Join this cohort").first.click()

    expect(page.locator("[data-state]")).to_have_attribute("data-state", "active_new")
    expect(page.locator("#cohorts")).to_contain_text("You are in this cohort.")
    assert CohortMembership.objects.get().cohort.member_count == 1


def test_in_the_panel_one_click_joins_and_the_next_leaves(page, site, sign_in):
    course = paid_course()
    cohorts_of(course)
    sign_in(holder(course))
    page.goto(f"{site}/courses/camera/")
    expect(page.locator("#cohorts")).to_contain_text("Next cohort: Spring")
    page.get_by_role("button", name="Join cohort Spring").click()
    expect(page.locator("main, [role=status]").first).to_contain_text("You are in the cohort Spring")

    page.get_by_role("button", name="Leave cohort Spring").click()

    expect(page.get_by_role("button", name="Join cohort")).to_have_count(2)
    assert CohortMembership.objects.filter(left_at=None).count() == 0
