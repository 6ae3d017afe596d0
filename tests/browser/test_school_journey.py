"""Staff build a course from nothing, let somebody in by a list, and suspend and reinstate who takes it."""

import pytest
from playwright.sync_api import expect

from tests.browser.people import person
from tests.factories import PASSWORD, StaffFactory

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
LIST = "email,course_slug,action,expires_at,note\nfay@example.com,good-bread,grant,,Spring intake\n"
OUTLINE = {"Before the oven": ["Flour and water", "Waiting well"], "Heat": ["Bake it"]}


@pytest.fixture
def owner_page(page, site, sign_in):
    sign_in(StaffFactory(name="Olga Owner", is_superuser=True))
    page.goto(f"{site}/dashboard/")
    return page


@pytest.fixture
def fay_page(browser, site, sign_in):
    """The student's own browser."""
    context = browser.new_context()
    sign_in(person("fay"), into=context)
    yield context.new_page()
    context.close()


def build_course(page):
    page.get_by_role("link", name="New course").click()
    page.get_by_label("Title").fill("Good bread")
    page.get_by_role("button", name="Create course").click()
    page.get_by_role("link", name="Outline", exact=True).click()
    for module, lessons in OUTLINE.items():
        page.get_by_label("Title of a new module").fill(module)
        page.get_by_role("button", name="Module", exact=True).click()
        for lesson in lessons:
            page.get_by_label(f"Title of a new lesson in {module}").fill(lesson)
            page.get_by_role("button", name=f"Lesson in {module}").click()
            expect(page.get_by_role("link", name=lesson)).to_be_visible()


def write_lesson(page):
    page.get_by_role("link", name="Bake it").click()
    page.locator("[name=body]").fill("Forty minutes at **230 degrees**.")
    page.get_by_label("Published: students of the course see it").check()
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("status").first).to_contain_text("saved")


def publish(page):
    page.get_by_role("link", name="Outline", exact=True).first.click()
    for lesson in OUTLINE["Before the oven"]:
        line = page.locator(".builder-line", has_text=lesson)
        line.locator("summary").click()
        line.get_by_role("button", name="Publish", exact=True).click()
        expect(line).not_to_contain_text("unpublished")
    page.get_by_role("link", name="Settings", exact=True).click()
    page.get_by_label("By invitation: staff give access").check()
    page.get_by_role("button", name="Save").click()
    page.get_by_role("button", name="Publish").click()
    expect(page.get_by_text("Published", exact=True).first).to_be_visible()


def let_in(page, run_jobs):
    page.get_by_role("link", name="Bulk access").click()
    page.get_by_label("Or paste it here").fill(LIST)
    page.get_by_role("button", name="Check list").click()
    page.get_by_role("button", name="Apply 1 change").click()
    page.locator("[name=password]").fill(PASSWORD)
    page.get_by_role("button", name="Continue").click()
    expect(page.get_by_text("Being applied")).to_be_visible()
    run_jobs()
    page.reload()
    expect(page.get_by_text("Applied", exact=True).first).to_be_visible()


def take_course(page, site):
    page.goto(f"{site}/my-dashboard/")
    page.get_by_role("link", name="Good bread").first.click()
    page.get_by_role("button", name="Join course").click()
    for title in ["Flour and water", "Waiting well", "Bake it"]:
        expect(page.get_by_role("heading", level=1)).to_have_text(title)
        page.get_by_role("button", name="Complete lesson").click()
        page.locator("[data-next]").click()
    page.goto(f"{site}/my-dashboard/course/good-bread/")
    expect(page.get_by_text("100 %").first).to_be_visible()


def suspend(page):
    page.get_by_role("link", name="Students", exact=True).click()
    page.get_by_role("link", name="Fay").click()
    page.get_by_role("link", name="Suspend…").click()
    page.get_by_label("Reason", exact=True).fill("Shared the log-in")
    page.get_by_role("button", name="Suspend").click()
    expect(page.locator("#timeline")).to_contain_text("Shared the log-in")


def inspect_and_reinstate(page, site):
    page.goto(f"{site}/dashboard/access/inspect/?student=fay@example.com&what=good-bread/bake-it")
    expect(page.locator("[data-verdict]")).to_have_attribute("data-code", "suspended")
    page.locator("[data-fix] .btn").first.click()
    page.get_by_role("button", name="Reinstate").click()
    page.goto(f"{site}/dashboard/access/inspect/?student=fay@example.com&what=good-bread/bake-it")
    expect(page.locator("[data-verdict]")).to_have_attribute("data-code", "active")


def test_a_school_from_nothing(owner_page, fay_page, site, run_jobs):
    lesson = f"{site}/courses/good-bread/bake-it/"
    build_course(owner_page)
    write_lesson(owner_page)
    publish(owner_page)
    assert fay_page.goto(lesson).status == 403
    let_in(owner_page, run_jobs)

    take_course(fay_page, site)
    suspend(owner_page)

    assert fay_page.goto(lesson).status == 403
    expect(fay_page.locator("main")).to_contain_text("suspended")
    inspect_and_reinstate(owner_page, site)
    assert fay_page.goto(lesson).status == 200
    expect(fay_page.locator("main")).to_contain_text("230 degrees")
