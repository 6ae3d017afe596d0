"""Keys of the dashboard, the site seen with a student's eyes, and the pages that ask first who it is."""

import pytest
from playwright.sync_api import expect

from progress.models import LessonProgress
from tests.browser.axe import audit
from tests.browser.people import buyer, paid_course, tiers
from tests.factories import PASSWORD, StaffFactory

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def course():
    return paid_course()


@pytest.fixture
def kim(course):
    return buyer("kim", course, started=3)[0]


@pytest.fixture
def owner(sign_in):
    owner = StaffFactory(is_superuser=True, name="Olga Owner")
    sign_in(owner)
    return owner


@pytest.fixture
def dashboard(page, site, owner, kim):
    page.goto(f"{site}/dashboard/students/")
    return page


def test_a_key_leads_to_the_search_and_typing_is_typing(dashboard, site):
    dashboard.keyboard.press("/")
    field = dashboard.get_by_label("Search the dashboard", exact=True).first
    expect(field).to_be_focused()
    dashboard.keyboard.type("ki?/")
    expect(field).to_have_value("ki?/")
    expect(dashboard.get_by_role("dialog")).to_have_count(0)
    field.fill("kim@")
    dashboard.keyboard.press("Enter")

    expect(dashboard).to_have_url(f"{site}/dashboard/search/?q=kim%40")
    expect(dashboard.locator(".search-hit")).to_have_text(["Kim kim@example.com"])


def test_ctrl_k_works_from_within_a_field(dashboard):
    dashboard.get_by_label("Name or e-mail").focus()
    dashboard.keyboard.press("Control+k")

    expect(dashboard.locator("#staff-search")).to_be_focused()


def test_the_keys_are_listed_and_can_be_switched_off(dashboard):
    dashboard.keyboard.press("?")
    dialog = dashboard.get_by_role("dialog", name="Shortcuts")
    expect(dialog).to_be_visible()
    dialog.get_by_role("checkbox").check()
    dashboard.keyboard.press("Escape")
    dashboard.reload()
    dashboard.keyboard.press("?")
    expect(dialog).to_be_hidden()
    dashboard.keyboard.press("/")
    expect(dashboard.locator("#staff-search")).not_to_be_focused()
    dashboard.keyboard.press("Control+k")

    expect(dashboard.locator("#staff-search")).to_be_focused()


def test_on_a_phone_the_key_opens_the_page_of_the_search(dashboard, site):
    dashboard.set_viewport_size({"width": 390, "height": 844})
    dashboard.keyboard.press("/")

    expect(dashboard).to_have_url(f"{site}/dashboard/search/")


def test_staff_see_a_lesson_as_the_student_and_save_nothing(dashboard, site, kim):
    dashboard.get_by_role("link", name="Kim").click()
    dashboard.get_by_role("button", name="View as").click()
    banner = dashboard.get_by_role("region", name="Viewing as somebody else")
    expect(banner).to_contain_text("You see what Kim sees. Nothing is saved.")
    dashboard.goto(f"{site}/courses/camera/lesson-4/")
    dashboard.locator("#complete button").click()
    expect(dashboard.locator("#complete button")).to_be_focused()
    banner.get_by_role("button", name="Stop").click()

    expect(dashboard.get_by_role("heading", level=1)).to_have_text("Kim")
    expect(banner).to_have_count(0)
    assert LessonProgress.objects.filter(status="completed").count() == 3


def test_axe_finds_nothing_where_staff_say_first_who_they_are(page, site, owner):
    tiers()
    member = StaffFactory(name="Sue Support")
    page.goto(f"{site}/dashboard/staff/add/")
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Continue").click()
    pages = [f"{site}/dashboard/staff/{path}" for path in ("add/", f"{member.pk}/role/", f"{member.pk}/remove/")]
    pages.append(f"{site}/dashboard/tiers/2/edit/")

    assert [line for each in pages for line in audit(page, each)] == []


def test_axe_finds_nothing_while_staff_view_as_a_student(page, site, dashboard, kim):
    page.goto(f"{site}/dashboard/students/{kim.pk}/")
    page.get_by_role("button", name="View as").click()
    pages = [site + path for path in ("/my-dashboard/", "/courses/camera/lesson-4/", "/account/")]

    assert [line for each in pages for line in audit(page, each)] == []


def test_the_line_fits_the_smallest_screen(page, site, dashboard, kim):
    kim.name = "Wolfeschlegelsteinhausenbergerdorff" * 3
    kim.save()
    page.goto(f"{site}/dashboard/students/{kim.pk}/")
    page.get_by_role("button", name="View as").click()
    page.set_viewport_size({"width": 320, "height": 640})

    assert page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth") is False
