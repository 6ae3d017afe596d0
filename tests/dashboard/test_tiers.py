"""The four plans in the dashboard: names, features and prices, which only owners change."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import Permission

from access.models import Tier
from access.services.managing import version_of
from accounts.models import StaffAction
from tests import factories as make
from tests.accounts.helpers import confirm_it_is_you
from tests.conftest import client_of, counted_queries
from tests.dashboard.posting import errors
from tests.factories import NOW

pytestmark = pytest.mark.django_db
URL = "/dashboard/tiers/"


@pytest.fixture
def owner_client(owner_client):
    """Of an owner who has just said who they are: prices are grave."""
    confirm_it_is_you(owner_client)
    return owner_client


def form_of(level=2, **fields):
    tier = Tier.objects.get(level=level)
    said = {"name": tier.name, "features": "One\nTwo", "price_yearly_minor": "500", "price_monthly_minor": "50"}
    return said | {"currency": "EUR", "version": version_of(tier)} | fields


def save(client, level=2, **fields):
    return client.post(f"{URL}{level}/edit/", form_of(level, **fields))


def test_the_list_shows_prices_members_and_courses(staff_client, student):
    make.CourseAccessFactory(user=student, course=None, tier_level=2, access_type="subscription")
    make.CourseAccessFactory(course=None, tier_level=2, access_type="subscription", expires_at=NOW + timedelta(days=1))
    make.CourseFactory(required_level=2, enrollment_method="purchase")
    answer = staff_client.get(URL)

    assert [(line.tier.level, line.members, line.courses) for line in answer.context["lines"]][2] == (2, 1, 1)
    assert ("€500" in answer.text, "tiers/2/edit/" in answer.text) == (True, False)


def test_the_list_asks_as_much_for_three_members_as_for_one(staff_client):
    counts = []
    for number in (1, 2):
        make.CourseAccessFactory.create_batch(number, course=None, tier_level=2, access_type="subscription")
        with counted_queries() as queries:
            staff_client.get(URL)
        counts.append(len(queries))

    assert (counts[0] == counts[1], counts[1] <= 8) == (True, True)


def test_prices_are_written_in_whole_money_and_kept_in_cents(owner_client):
    save(owner_client, price_yearly_minor="499.90", price_monthly_minor="", features="One\n\n Two ")
    tier = Tier.objects.get(level=2)

    assert (tier.price_yearly_minor, tier.price_monthly_minor, tier.features) == (49990, None, ["One", "Two"])
    assert StaffAction.objects.get().detail == "Features, Price yearly, Price monthly"


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("price_yearly_minor", "-1"), ("price_yearly_minor", "1.999"), ("price_yearly_minor", "NaN"),
        ("price_yearly_minor", "1e400000"), ("price_monthly_minor", "9" * 5000), ("price_monthly_minor", "\0"),
        ("name", ""), ("name", "x" * 10_000), ("name", "\0"), ("currency", "EURO"), ("currency", "E1"),
        ("features", "x" * 10_000),
    ],
)  # fmt: skip
def test_what_cannot_be_is_refused_at_its_field(owner_client, field, value):
    answer = save(owner_client, **{field: value})

    assert (answer.status_code, list(errors(answer)), StaffAction.objects.count()) == (422, [field], 0)


def test_prices_follow_the_currency(owner_client):
    saved = save(owner_client, currency="jpy", price_yearly_minor="60000", price_monthly_minor="")
    refused = save(owner_client, currency="JPY", price_monthly_minor="1.5")

    assert (saved.status_code, errors(refused)) == (302, {"price_monthly_minor": ["Use at most 0 decimals."]})
    assert Tier.objects.values_list("price_yearly_minor", "currency").get(level=2) == (60_000, "JPY")


def test_the_form_shows_what_is_stored(owner_client):
    Tier.objects.filter(level=2).update(features=["One", "Two"], price_yearly_minor=48_050, price_monthly_minor=None)

    text = owner_client.get(f"{URL}2/edit/").text

    assert ("One\nTwo</textarea>" in text, 'value="480.50"' in text) == (True, True)


def test_the_page_says_whom_new_prices_concern(owner_client, student):
    make.CourseAccessFactory(user=student, course=None, tier_level=2, access_type="subscription")

    assert "1 member now. Prices apply to new purchases only" in owner_client.get(f"{URL}2/edit/").text


def test_of_two_editors_the_second_sees_both_prices(owner_client):
    mine, theirs = form_of(price_yearly_minor="600"), form_of(price_yearly_minor="700", features="Other")
    owner_client.post(f"{URL}2/edit/", theirs)
    answer = owner_client.post(f"{URL}2/edit/", mine)

    assert (answer.status_code, Tier.objects.get(level=2).price_yearly_minor) == (409, 70_000)
    assert [(each.mine, each.theirs) for each in answer.context["conflict"]] == [
        ("One; Two", "Other"),
        ("€600", "€700"),
    ]


@pytest.mark.parametrize("level", [4, 2**63, 10**30])
def test_a_level_that_is_none_is_a_404(owner_client, level):
    assert owner_client.get(f"{URL}{level}/edit/").status_code == 404


@pytest.mark.parametrize("codename", ["change_tier", "change_cohort"])
def test_only_owners_change_prices(staff, codename):
    staff.user_permissions.add(Permission.objects.get(codename=codename))

    assert save(client_of(staff)).status_code == 403


def test_prices_ask_first_who_it_is(owner):
    assert client_of(owner).get(f"{URL}2/edit/").url == "/account/confirm/?next=%2Fdashboard%2Ftiers%2F2%2Fedit%2F"
