"""Staff with scripts off: a cohort with a member, a bundle with levels, a path in order, and the price of a plan."""

import pytest
from playwright.sync_api import expect

from access.models import CourseAccess, Tier
from tests.browser.people import person, tiers
from tests.factories import PASSWORD, BundleFactory, CourseFactory, LearningPathFactory, StaffFactory

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def browser_context_args(browser_context_args):
    return {**browser_context_args, "java_script_enabled": False}


@pytest.fixture
def dashboard(page, site, sign_in):
    """The dashboard of an owner, with two courses to choose from."""
    for title in ("Camera", "Sewing"):
        CourseFactory(title=title, enrollment_method="purchase")
    sign_in(StaffFactory(is_superuser=True))
    page.goto(f"{site}/dashboard/students/")
    return page


def menu(page, name):
    page.get_by_role("navigation", name="Dashboard").get_by_role("link", name=name, exact=True).click()


def press(page, name):
    page.get_by_role("button", name=name).click()


def says(page, text):
    expect(page.locator(".staff-messages")).to_contain_text(text)


def test_a_cohort_from_nothing_to_a_member_who_gets_what_came_later(dashboard, run_jobs):
    kim = person("kim")
    menu(dashboard, "Cohorts")
    dashboard.get_by_role("link", name="New cohort").first.click()
    dashboard.get_by_label("Name", exact=True).fill("Spring group")
    dashboard.get_by_label("Seats").fill("20")
    press(dashboard, "Make cohort")
    dashboard.get_by_label("Camera").check()
    press(dashboard, "Add chosen")
    dashboard.get_by_role("link", name="Done").click()
    dashboard.get_by_label("E-mail of the student").fill(kim.email)
    press(dashboard, "Add member")
    says(dashboard, "Kim is in Spring group.")
    expect(dashboard.locator(".group-facts")).to_contain_text("1 of 20")

    dashboard.get_by_role("link", name="Change courses").click()
    dashboard.get_by_label("Sewing").check()
    press(dashboard, "Add chosen")
    expect(dashboard.locator(".staff-says")).to_contain_text("1 member will not get Sewing automatically.")
    press(dashboard, "Add course")
    dashboard.get_by_role("link", name="Done").click()
    press(dashboard, "Grant to them")
    run_jobs()
    dashboard.reload()

    expect(dashboard.locator(".group-lacking")).to_have_count(0)
    assert CourseAccess.objects.filter(user=kim, status="unlocked").count() == 2


def test_a_tiered_bundle_gets_courses_by_level(dashboard, site):
    bundle = BundleFactory(name="Studio set", bundle_type="tiered")
    menu(dashboard, "Bundles")
    dashboard.get_by_role("link", name="Studio set").click()
    dashboard.get_by_role("link", name="Change courses").click()
    dashboard.get_by_label("Title").fill("sew")
    press(dashboard, "Find")
    dashboard.get_by_label("Sewing").check()
    dashboard.get_by_label("From which level upward").select_option("Gold")
    press(dashboard, "Add chosen")
    says(dashboard, "Added: Sewing.")

    assert list(bundle.entries.values_list("course__title", "level")) == [("Sewing", 3)]


def test_the_steps_of_a_path_are_put_in_order(dashboard):
    path = LearningPathFactory(title="On air")
    menu(dashboard, "Paths")
    dashboard.get_by_role("link", name="On air").click()
    dashboard.get_by_role("link", name="Change courses").click()
    for title in ("Camera", "Sewing"):
        dashboard.get_by_label(title).check()
    press(dashboard, "Add chosen")
    press(dashboard, "Up Sewing")
    press(dashboard, "Make optional Sewing")
    expect(dashboard.locator(".group-entry").first).to_contain_text("Sewing optional")

    assert list(path.steps.order_by("order").values_list("course__title", "is_required")) == [
        ("Sewing", False),
        ("Camera", True),
    ]


def test_an_owner_changes_the_price_of_a_plan(dashboard):
    tiers()
    menu(dashboard, "Plans")
    dashboard.get_by_role("link", name="Change Main").click()
    dashboard.locator("[name=password]").fill(PASSWORD)
    press(dashboard, "Continue")
    dashboard.get_by_label("Price per year").fill("499.90")
    press(dashboard, "Save")
    expect(dashboard.get_by_role("row", name="Main")).to_contain_text("€499.90")

    assert Tier.objects.get(level=2).price_yearly_minor == 49990
