"""Staff bring a course in as a zip, take a grant back, and choose students in the list."""

import zipfile

import pytest
from playwright.sync_api import expect

from access.models import AccessBatch, CourseAccess
from catalog.models import Course
from tests.browser.people import paid_course, person
from tests.factories import StaffFactory

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
COURSE = "---\ntitle: Bread\nslug: bread\nstatus: active\n---\n"
LESSON = "---\ntitle: Flour\nslug: flour\npublished: true\npreview: true\n---\nSieve it.\n"


@pytest.fixture
def dashboard(page, site, sign_in):
    sign_in(StaffFactory(is_superuser=True))
    page.goto(f"{site}/dashboard/")
    return page


@pytest.fixture
def a_zip(tmp_path):
    """Write a zip of these files, and return where it is."""

    def write(**files):
        path = tmp_path / "bread.zip"
        with zipfile.ZipFile(path, "w") as archive:
            for name, text in files.items():
                archive.writestr(f"bread/{name}.md", text)
        return path

    return write


def test_a_zip_is_looked_at_then_imported(dashboard, a_zip):
    dashboard.get_by_role("link", name="Courses", exact=True).first.click()
    dashboard.get_by_role("link", name="Import").click()
    dashboard.get_by_label("Zip file").set_input_files(a_zip(course=COURSE.replace("slug", "slag")))
    dashboard.get_by_role("button", name="Check file").click()
    expect(dashboard.get_by_role("alert")).to_contain_text("Nothing was imported.")
    expect(dashboard.get_by_role("row", name="course.md")).to_contain_text("slag")

    dashboard.get_by_label("Zip file").set_input_files(a_zip(**{"course": COURSE, "01-flour": LESSON}))
    dashboard.get_by_role("button", name="Check file").click()
    expect(dashboard.get_by_role("row", name="Flour")).to_contain_text("Created")
    assert Course.objects.count() == 0
    dashboard.get_by_role("button", name="Import as a new course").click()

    expect(dashboard.get_by_role("status").first).to_contain_text("Bread is imported.")
    dashboard.get_by_role("link", name="View the course").click()
    expect(dashboard.get_by_role("heading", level=1)).to_have_text("Bread")


def test_a_grant_is_undone_after_looking_elsewhere(dashboard, site):
    paid_course()
    kim = person("kim")
    dashboard.goto(f"{site}/dashboard/students/{kim.pk}/grant-access/?course=camera")
    dashboard.get_by_role("button", name="Grant access").click()
    dashboard.get_by_role("link", name="Students", exact=True).first.click()
    expect(dashboard.get_by_role("status").first).to_contain_text("Kim has access to Camera confidence")

    dashboard.get_by_role("button", name="Undo").click()

    expect(dashboard.get_by_role("status").first).to_contain_text("is taken back")
    expect(dashboard.get_by_role("heading", level=1)).to_have_text("Kim")
    assert CourseAccess.objects.get().status == "revoked"


def test_the_chosen_are_granted_a_course_together(dashboard, site):
    paid_course()
    for name in ("kim", "sam", "lee"):
        person(name)
    dashboard.goto(f"{site}/dashboard/students/")
    expect(dashboard.get_by_role("button", name="Grant…")).to_be_disabled()

    dashboard.get_by_label("Choose Kim").check()
    dashboard.get_by_label("Choose Lee").check()
    expect(dashboard.locator("[data-selection-count]")).to_have_text("2 selected")
    dashboard.get_by_role("button", name="Grant…").click()
    dashboard.get_by_label("Course", exact=True).select_option("Camera confidence")
    dashboard.get_by_role("button", name="Check").click()

    expect(dashboard.get_by_role("heading", level=1)).to_be_visible()
    assert sorted(AccessBatch.objects.get().rows.values_list("email", flat=True)) == [
        "kim@example.com",
        "lee@example.com",
    ]
