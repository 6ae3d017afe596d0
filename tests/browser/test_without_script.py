"""Check 33 of UX.md section 5, the student's part: everything but watching works with scripts off."""

import pytest
from playwright.sync_api import expect

from access.models import CourseEnrollment
from progress.models import CourseProgress
from tests.browser.people import free_course, paid_course, person

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def browser_context_args(browser_context_args):
    return {**browser_context_args, "java_script_enabled": False}


def test_searching_and_filtering(page, site):
    paid_course()
    free_course()
    page.goto(f"{site}/courses/")
    page.locator("main input[name=q]").fill("camera")
    page.locator("main input[name=q]").press("Enter")
    expect(page.locator("article")).to_have_count(1)

    page.goto(f"{site}/courses/?free=on")
    expect(page.locator("article h3")).to_have_text(["Free taster"])

    page.locator("header input[name=q]").first.fill("taster")
    page.locator("header input[name=q]").first.press("Enter")
    expect(page.locator("main")).to_contain_text("Free taster")


def test_enrolling_reading_completing_and_undoing(page, site, sign_in):
    course = free_course()
    user = person("fay")
    sign_in(user)
    page.goto(f"{site}/courses/taster/")
    page.get_by_role("button", name="Enroll").first.click()
    expect(page.locator("main")).to_contain_text("Some text to read.")

    page.get_by_role("button", name="Complete lesson").click()
    expect(page).to_have_url(f"{site}/courses/taster/lesson-2/")
    page.goto(f"{site}/courses/taster/lesson-1/")
    page.get_by_role("button", name="Undo").click()

    expect(page.get_by_role("button", name="Complete lesson")).to_be_visible()
    assert CourseEnrollment.objects.filter(user=user, course=course).count() == 1
    assert CourseProgress.objects.get(user=user).completed_lessons == 0


def test_the_heart_and_the_theme(page, site, sign_in):
    free_course()
    sign_in(person("fay"))
    page.goto(f"{site}/courses/")
    page.locator(".favorite button").click()
    expect(page.locator(".favorite button")).to_have_attribute("aria-pressed", "true")

    page.locator("footer button[value=dark], footer [name=theme][value=dark]").first.click()
    expect(page.locator("html.theme-dark")).to_have_count(1)


def test_logging_in_and_out(page, site):
    person("fay")
    page.goto(f"{site}/my-dashboard/")
    page.get_by_label("E-mail").fill("fay@example.com")
    page.get_by_label("Password", exact=True).fill("a long enough phrase")
    page.get_by_role("button", name="Log in").click()
    expect(page).to_have_url(f"{site}/my-dashboard/")

    page.locator("header summary").first.click()
    page.locator("header").get_by_role("button", name="Log out").click()
    page.goto(f"{site}/my-dashboard/")
    expect(page).to_have_url(f"{site}/login/?next=/my-dashboard/")
