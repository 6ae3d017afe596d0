"""The feed of the overview: new things are offered, never pushed; a button and a page out of sight stop the asking."""

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from tests.browser.people import paid_course, person
from tests.factories import StaffActionFactory, StaffFactory

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
HIDE = "Object.defineProperty(document, 'hidden', { configurable: true, get: () => true })"


@pytest.fixture
def feed(page, site, sign_in):
    """The page of an owner, with a clock in the test's hand."""
    paid_course()
    person("kim")
    sign_in(StaffFactory(email="olga@example.com", name="Olga", is_superuser=True))
    page.clock.install()
    page.goto(f"{site}/dashboard/")
    expect(page.get_by_role("button", name="Pause")).to_be_visible()
    return page


def happen(label):
    StaffActionFactory(actor__name="Stan", verb="changed", label=label, at=timezone.now())


def test_what_is_new_is_offered_and_shown_when_asked_for(feed):
    happen("Bread")
    feed.clock.fast_forward(31_000)
    offer = feed.get_by_role("link", name="1 new")

    expect(offer).to_be_visible()
    expect(feed.locator("#live")).to_have_text("1 new in the activity")
    expect(feed.locator(".feed-lines")).not_to_contain_text("Bread")

    offer.click()

    expect(feed.locator(".feed-lines li").first).to_contain_text("Stan changed: course Bread")
    expect(offer).to_have_count(0)
    expect(feed.get_by_role("button", name="Pause")).to_be_visible()


def test_paused_or_out_of_sight_it_does_not_ask(feed):
    asked = []
    feed.on("request", lambda request: asked.append(request.url))
    feed.get_by_role("button", name="Pause").click()
    feed.clock.fast_forward(61_000)
    feed.get_by_role("button", name="Go on").click()
    expect(feed.get_by_role("button", name="Pause")).to_be_visible()
    feed.evaluate(HIDE)
    feed.clock.fast_forward(61_000)

    assert len([url for url in asked if "/dashboard/activity/" in url]) == 1  # on going on


def test_one_kind_is_chosen_without_leaving_the_page(feed):
    happen("Bread")
    feed.get_by_label("Kind of activity").select_option("Work of staff")

    expect(feed.locator(".feed-lines li")).to_have_count(1)
    expect(feed.get_by_label("Kind of activity")).to_have_value("staff")
