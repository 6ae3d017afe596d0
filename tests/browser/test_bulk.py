"""UX check 37: a list is checked, applied once and undone, and nothing else changes."""

import pytest
from playwright.sync_api import expect

from access.models import AccessEvent
from tests.browser.lists import check_a_list, confirm, rights, run_queued, work_in_a_moment

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
COUNTS = ["Will grant 2", "Already have it 1", "Unknown e-mail 1", "Repeated line 1"]


@pytest.fixture
def batch_page(page, site, sign_in):
    return check_a_list(page, site, sign_in)


def test_check_37_a_list_is_checked_applied_once_and_undone(batch_page):
    chips = batch_page.get_by_role("navigation", name="Lines by verdict").get_by_role("link")
    expect(chips).to_have_text(["All", *COUNTS])
    assert (rights(), AccessEvent.objects.count()) == ([("kim", "unlocked")], 1)
    address = batch_page.url

    batch_page.get_by_role("button", name="Apply 2 changes").click()
    confirm(batch_page)
    expect(batch_page.get_by_text("0 of 2 lines")).to_be_visible()
    work_in_a_moment()
    expect(batch_page.get_by_text("Granted 2")).to_be_visible()
    assert rights() == [("fay", "unlocked"), ("gus", "unlocked"), ("kim", "unlocked")]
    expect(batch_page.get_by_role("button", name="Apply")).to_have_count(0)

    batch_page.get_by_role("link", name="Undo this batch").click()
    batch_page.get_by_role("button", name="Undo 2 changes").click()
    work_in_a_moment()
    expect(batch_page.get_by_role("navigation", name="Lines by verdict")).to_contain_text("Undone 2")

    assert batch_page.url == address
    assert rights() == [("fay", "revoked"), ("gus", "revoked"), ("kim", "unlocked")]


def test_check_37_a_page_from_before_applies_nothing_twice(batch_page, context):
    other = context.new_page()
    other.goto(batch_page.url)
    batch_page.get_by_role("button", name="Apply 2 changes").click()
    confirm(batch_page)
    run_queued()

    other.get_by_role("button", name="Apply 2 changes").click()

    expect(other.get_by_role("status").first).to_contain_text("applied already")
    assert AccessEvent.objects.count() == 3
