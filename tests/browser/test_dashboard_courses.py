"""Courses of staff in a browser: leaving unsaved settings asks first, and the trash takes and gives back (check 39)."""

import re

import pytest
from playwright.sync_api import expect

from catalog.models import Course
from catalog.services import recount_lessons
from progress.models import CourseProgress
from tests.browser.axe import violations
from tests.browser.people import buyer, paid_course
from tests.factories import StaffFactory

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def course():
    return paid_course()


@pytest.fixture
def settings_page(page, site, sign_in, course):
    """The settings of the course, opened by an owner."""
    sign_in(StaffFactory(is_superuser=True))
    page.goto(f"{site}/dashboard/courses/camera/")
    return page


def test_leaving_unsaved_settings_asks_first(settings_page):
    asked = []
    settings_page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.dismiss()))
    note = settings_page.locator("[data-unsaved-note]")
    expect(note).to_be_hidden()
    settings_page.get_by_label("Title", exact=True).fill("Lens confidence")
    expect(note).to_be_visible()

    settings_page.get_by_role("link", name="Outline", exact=True).click()

    expect(settings_page).to_have_url(re.compile("/dashboard/courses/camera/$"))
    assert asked == ["beforeunload"]


def test_what_is_typed_and_taken_back_is_no_change(settings_page):
    title = settings_page.get_by_label("Title", exact=True)
    title.fill("Lens confidence")

    title.fill("Camera confidence")

    expect(settings_page.locator("[data-unsaved-note]")).to_be_hidden()


def test_saving_with_the_keyboard_asks_nothing(settings_page):
    settings_page.on("dialog", lambda dialog: pytest.fail("it asked"))
    settings_page.get_by_label("Title", exact=True).fill("Lens confidence")

    settings_page.keyboard.press("Control+s")

    expect(settings_page.get_by_role("status").first).to_contain_text("Lens confidence is saved.")


def test_only_what_the_chosen_length_needs_is_shown(settings_page):
    days = settings_page.get_by_label("Days", exact=False).and_(settings_page.locator("#id_access_duration_days"))
    expect(days).to_be_hidden()

    settings_page.get_by_label("A number of days").check()

    expect(days).to_be_visible()


def test_axe_finds_nothing_on_refused_settings_and_on_a_conflict(settings_page):
    settings_page.get_by_label("Title", exact=True).fill("")
    settings_page.get_by_role("button", name="Save", exact=True).click()
    expect(settings_page.locator("[data-error-summary]")).to_be_focused()
    refused = violations(settings_page)
    Course.objects.get().save()
    settings_page.get_by_label("Title", exact=True).fill("Lens confidence")
    settings_page.get_by_role("button", name="Save", exact=True).click()
    expect(settings_page.get_by_role("heading", name="This changed meanwhile")).to_be_visible()

    assert (refused, violations(settings_page)) == ([], [])


@pytest.fixture
def kim(course):
    kim, _ = buyer("kim", course, started=7)
    recount_lessons(course.pk)
    return kim


def test_the_trash_takes_a_course_from_students_and_gives_it_back_with_progress(page, site, sign_in, kim):
    owner = StaffFactory(is_superuser=True)
    sign_in(owner)
    page.goto(f"{site}/dashboard/courses/camera/delete/")
    page.get_by_label("Its name").fill("Camera confidence")
    page.get_by_role("button", name="Move to trash").click()
    expect(page.get_by_role("button", name="Undo")).to_be_visible()
    sign_in(kim)
    gone = [page.goto(f"{site}{path}").status for path in ("/courses/camera/", "/courses/camera/lesson-8/")]
    page.goto(f"{site}/my-dashboard/")
    expect(page.locator("main")).not_to_contain_text("Camera confidence")

    sign_in(owner)
    page.goto(f"{site}/dashboard/trash/")
    row = page.get_by_role("row").filter(has_text="Camera confidence")
    expect(row.locator("a, button")).to_have_text(["Restore Camera confidence"])
    row.get_by_role("button").click()

    sign_in(kim)
    assert (gone, page.goto(f"{site}/courses/camera/lesson-8/").status) == ([404, 404], 200)
    assert CourseProgress.objects.get(user=kim).completed_lessons == 7


def test_a_course_is_made_published_and_thrown_away_without_scripts(browser, page, site, sign_in):
    sign_in(StaffFactory(is_superuser=True))
    plain = browser.new_context(java_script_enabled=False, storage_state=page.context.storage_state())
    step = plain.new_page()
    step.goto(f"{site}/dashboard/courses/")
    step.get_by_role("link", name="New course").first.click()
    step.get_by_label("Title").fill("Sour dough")
    step.get_by_role("button", name="Create course").click()
    step.get_by_label("Tags").fill("Oven, flour")
    step.get_by_role("button", name="Save", exact=True).click()
    step.get_by_role("button", name="Publish").click()
    expect(step.get_by_role("status").first).to_contain_text("Sour dough is published now.")

    step.get_by_role("link", name="Delete…").click()
    step.get_by_role("button", name="Move to trash").click()
    step.get_by_role("button", name="Undo").click()

    expect(step.get_by_role("status").first).to_contain_text("Sour dough is back.")
    course = Course.objects.get()
    assert (course.slug, course.status, course.tags.count()) == ("sour-dough", "active", 2)
    plain.close()
