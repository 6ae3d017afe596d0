"""UX check 33, a CSV imported with scripts off, on a phone: the page is reloaded by its link."""

import pytest
from playwright.sync_api import expect

from tests.browser.lists import check_a_list, confirm, rights, run_queued

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def browser_context_args(browser_context_args):
    return {**browser_context_args, "java_script_enabled": False, "viewport": {"width": 390, "height": 844}}


def test_check_33_a_csv_is_imported(page, site, sign_in):
    check_a_list(page, site, sign_in)
    page.get_by_role("button", name="Apply 2 changes").click()
    confirm(page)
    run_queued()
    page.get_by_role("link", name="Reload").click()

    expect(page.get_by_role("navigation", name="Lines by verdict")).to_contain_text("Granted 2")
    assert rights() == [("fay", "unlocked"), ("gus", "unlocked"), ("kim", "unlocked")]
