"""Checks 6 to 10 and 13 of UX.md section 5: one state per person, and the one thing each can do."""

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from access.models import CourseAccess
from access.services import extend_access
from tests.browser.people import coming_soon_course, everybody, free_course, newcomer_of, paid_course
from tests.factories import PASSWORD, CourseFactory

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

STATES = {
    "stu": "purchase",
    "pia": "ready_to_join",
    "kim": "active",
    "eve": "expired",
    "sam": "suspended",
    "rae": "revoked",
    "max": "completed",
    "mia": "staff_preview",
}
WAYS_IN = "form[action$='/enroll/'], form[action$='/join/'], a[href*='checkout'], a[href*='/pricing/']"


@pytest.fixture
def people():
    return everybody(paid_course())


def test_each_person_sees_exactly_one_state(page, site, sign_in, people):
    seen = {}
    for name in STATES:
        sign_in(people[name])
        page.goto(f"{site}/courses/camera/")
        seen[name] = page.locator("[data-state]").evaluate_all("all => all.map(one => one.dataset.state).join()")

    assert seen == STATES


def test_a_visitor_sees_the_price_state_as_a_visitor(page, site, people):
    page.goto(f"{site}/courses/camera/")

    expect(page.locator("[data-state]")).to_have_attribute("data-state", "purchase")
    expect(page.locator("[data-state]")).to_have_attribute("data-viewer", "anonymous")


def test_a_newcomer_starts_and_a_coming_course_waits(page, site, sign_in):
    sign_in(newcomer_of(free_course()))
    coming_soon_course()

    page.goto(f"{site}/courses/taster/")
    expect(page.locator("[data-state]")).to_have_attribute("data-state", "active_new")
    page.goto(f"{site}/courses/spring/")
    expect(page.locator("[data-state]")).to_have_attribute("data-state", "coming_soon")


def test_after_renewal_the_lapsed_student_goes_on_at_lesson_eight(page, site, sign_in, people):
    sign_in(people["eve"])
    page.goto(f"{site}/courses/camera/")
    expect(page.locator("[data-state]")).to_contain_text("7 of 12 lessons are kept. Renew access")

    access = CourseAccess.objects.get(user=people["eve"])
    extend_access(access=access, days=30, now=timezone.now(), cause="order:2")
    page.reload()
    page.get_by_role("link", name="Continue", exact=True).first.click()

    expect(page).to_have_url(f"{site}/courses/camera/lesson-8/")
    expect(page.locator("#outline")).to_contain_text("7 of 12")


def test_a_suspended_student_finds_no_way_in(page, site, sign_in, people):
    sign_in(people["sam"])
    for path in ("/courses/camera/", "/courses/camera/lesson-5/", "/my-dashboard/course/camera/", "/my-dashboard/"):
        page.goto(site + path)
        expect(page.locator("main").locator(WAYS_IN)).to_have_count(0)

    page.goto(f"{site}/courses/camera/")
    expect(page.locator("[data-state]")).to_contain_text("Please write to us.")


def test_joining_leads_to_the_first_lesson_and_the_course_page_then_starts(page, site, sign_in, people):
    sign_in(people["pia"])
    page.goto(f"{site}/courses/camera/")
    page.get_by_role("button", name="Join course").first.click()

    expect(page).to_have_url(f"{site}/courses/camera/lesson-1/")
    page.goto(f"{site}/courses/camera/")
    expect(page.locator("[data-state]")).to_have_attribute("data-state", "active_new")


def test_enrolling_in_a_free_course(page, site, sign_in, people):
    free_course()
    sign_in(people["fay"])
    page.goto(f"{site}/courses/taster/")
    page.get_by_role("button", name="Enroll").first.click()

    expect(page).to_have_url(f"{site}/courses/taster/lesson-1/")


def test_a_visitor_registers_and_returns_to_the_course(page, site):
    free_course()
    page.goto(f"{site}/courses/taster/")
    page.get_by_role("link", name="Sign up free to start this course").first.click()
    page.get_by_label("Name").fill("Anna Neumann")
    page.get_by_label("E-mail").fill("anna@example.com")
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Create account").click()

    expect(page).to_have_url(f"{site}/courses/taster/")
    expect(page.locator("[data-state]")).to_have_attribute("data-state", "free")


def test_the_address_by_numbers_leads_to_the_lesson(page, site, people):
    response = page.request.get(f"{site}/courses/camera/2/3/", max_redirects=0)

    assert (response.status, response.headers["location"]) == (301, "/courses/camera/lesson-9/")


def test_a_private_course_and_an_unknown_one_are_the_same_page(page, site):
    CourseFactory(slug="secret", visibility="private")

    secret = page.request.get(f"{site}/courses/secret/")
    unknown = page.request.get(f"{site}/courses/unknown/")

    assert (secret.status, unknown.status) == (404, 404)
    assert secret.text().replace("secret", "unknown") == unknown.text()
