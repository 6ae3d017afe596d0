"""Staff on a phone, with scripts off: find a student, give a course, take it away again."""

import pytest
from playwright.sync_api import expect

from access.models import CourseAccess
from tests.browser.people import paid_course, person
from tests.factories import StaffFactory

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def browser_context_args(browser_context_args):
    return {**browser_context_args, "java_script_enabled": False, "viewport": {"width": 390, "height": 844}}


@pytest.fixture
def fay():
    paid_course()
    person("kim")
    return person("fay")


@pytest.fixture
def dashboard(page, site, sign_in):
    """The page after the log-in of an owner, and the way to the dashboard by the menus."""
    sign_in(StaffFactory(is_superuser=True))
    page.goto(f"{site}/courses/")
    page.locator(".site-account summary").click()
    page.get_by_role("link", name="Dashboard", exact=True).click()
    page.locator(".staff-bar > .menu > summary").click()
    page.get_by_role("link", name="Students", exact=True).click()
    return page


def test_finding_a_student(fay, dashboard):
    dashboard.get_by_label("Name or e-mail").fill("fay@")
    dashboard.get_by_role("button", name="Show").click()

    expect(dashboard.locator("tbody th")).to_have_text(["Fay"])


def test_giving_a_course_and_taking_it_away(fay, dashboard):
    dashboard.get_by_role("link", name="Fay").click()
    dashboard.get_by_role("link", name="Grant access").click()
    dashboard.get_by_label("Course", exact=True).select_option("Camera confidence")
    dashboard.get_by_role("button", name="Grant access").click()
    expect(dashboard.get_by_role("status").first).to_contain_text("Fay has access to Camera confidence")

    dashboard.get_by_role("link", name="Revoke").click()
    dashboard.get_by_role("button", name="Revoke access").click()
    expect(dashboard.get_by_role("alert")).to_contain_text("Say why.")
    dashboard.get_by_label("Reason", exact=True).fill("By mistake")
    dashboard.get_by_role("button", name="Revoke access").click()

    expect(dashboard.locator("#timeline")).to_contain_text("By mistake")
    assert CourseAccess.objects.get(user=fay).status == "revoked"
