"""The pricing page: four tiers in order, real prices and courses, and only what one can really do."""

import re
from datetime import timedelta

import pytest
from django.core.cache import caches
from django.utils import timezone

from access.models import Tier
from access.services import override_tier
from tests import factories as make
from tests.conftest import counted_queries

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def page(client, query=""):
    return " ".join(client.get(f"/pricing/{query}").content.decode().split())


def plans(client, query=""):
    """The text of each tier's column, without markup."""
    columns = re.findall(r'<section class="plan.*?</section>', page(client, query))
    return [" ".join(re.sub(r"<[^>]+>", " ", column).split()) for column in columns]


def marks(client):
    return re.findall(r'aria-labelledby="plan-(\w+)"(?: data-mark="(\w+)")?', page(client))


def test_four_tiers_in_order_with_yearly_prices(client):
    shown = plans(client)

    assert [text.split(" a year")[0] for text in shown[1:]] == [
        "Basic €200",
        "Main Most popular €500",
        "Premium €1,000",
    ]
    assert shown[0].startswith("Free €0 For ever Sign up free")


def test_months_are_a_switch_that_needs_no_script(client):
    shown = plans(client, "?billing=monthly")

    assert [re.search(r"€\S+ a month Or €\S+ a year", text)[0] for text in shown[1:]] == [
        "€20 a month Or €200 a year",
        "€50 a month Or €500 a year",
        "€100 a month Or €1,000 a year",
    ]


def test_the_saving_of_a_year_is_said(client):
    assert "you save about 17 %." in page(client)


def test_only_main_is_most_popular(client):
    assert ["Most popular" in text for text in plans(client)] == [False, False, True, False]


def test_a_tier_begins_with_everything_in_the_one_below_by_its_present_name(client):
    Tier.objects.filter(level=1).update(name="Reader")

    found = [re.findall(r"Everything in \w+", text) for text in plans(client)]

    assert found == [[], ["Everything in Free"], ["Everything in Reader"], ["Everything in Main"]]


@pytest.mark.parametrize(
    ("query", "words"), [("", "Not offered by the year"), ("?billing=monthly", "Not offered by the month")]
)
def test_a_tier_without_a_price_says_so(client, query, words):
    Tier.objects.filter(level=3).update(price_yearly_minor=None, price_monthly_minor=None)

    assert words in plans(client, query)[3]


def test_courses_are_named_and_linked(client):
    make.CourseFactory(enrollment_method="purchase", required_level=2, title="Light", slug="light")

    text = page(client)

    assert '<a href="/courses/light/">Light</a>' in text
    assert [("Opens 1 course" in column) for column in plans(client)] == [False, False, True, True]
    assert [("The same as Main for now" in column) for column in plans(client)] == [False, False, False, True]


def test_each_viewer_is_offered_what_they_can_do(client, student_client, staff_client):
    offered = [
        [re.search(r"(Sign up|Ask for) \w+|$", text)[0] for text in plans(who)]
        for who in (client, student_client, staff_client)
    ]

    assert offered == [
        ["Sign up free", "Sign up and", "Sign up and", "Sign up and"],
        ["", "Ask for Basic", "Ask for Main", "Ask for Premium"],
        ["", "", "", ""],
    ]


def test_a_student_sees_their_plan_and_what_was_added(student, student_client, staff):
    now = timezone.now()
    make.CourseAccessFactory(user=student, course=None, tier_level=1, access_type="subscription")
    override_tier(user=student, level=2, until=now + DAY, actor=staff, reason="trial", now=now)

    text = page(student_client)

    assert marks(student_client) == [("free", "included"), ("basic", "current"), ("main", "added"), ("premium", "")]
    assert ("Your plan: <strong>Basic</strong>." in text, "We added <strong>Main</strong> until" in text) == (
        True,
        True,
    )


def test_a_membership_that_ends_says_when(student, student_client):
    make.CourseAccessFactory(
        user=student, course=None, tier_level=1, access_type="subscription", expires_at=timezone.now() + 30 * DAY
    )

    assert "Your plan: <strong>Basic</strong>, until <time" in page(student_client)


@pytest.mark.parametrize("is_priced", [True, False])
def test_menus_lead_here_only_if_something_has_a_price(client, is_priced):
    if not is_priced:
        Tier.objects.update(price_yearly_minor=None, price_monthly_minor=None)
    caches["pages"].clear()

    text = client.get("/legal/").content.decode()

    assert text.count('href="/pricing/"') == (3 if is_priced else 0)


def test_menus_ask_for_prices_once_a_minute(client):
    caches["pages"].clear()

    counts = []
    for _ in range(2):
        with counted_queries() as queries:
            client.get("/legal/")
        counts.append(len(queries))

    assert counts == [1, 0]


def test_the_number_of_courses_costs_no_queries(student_client):
    counts = []
    for _ in range(2):
        make.CourseFactory(enrollment_method="purchase", required_level=1)
        with counted_queries() as queries:
            student_client.get("/pricing/")
        counts.append(len(queries))

    assert counts == [5, 5]
