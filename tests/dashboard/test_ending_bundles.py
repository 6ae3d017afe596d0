"""Ending a bundle from a student's page: what closes, what stays open, what is written down."""

import pytest

from access.models import CourseAccess
from access.services import grant_access, suspend
from accounts.models import StaffAction
from tests import factories as make
from tests.conftest import counted_queries
from tests.dashboard.grouping import courses, enter, group_of, url
from tests.dashboard.posting import address, errors, ledger, told
from tests.factories import NOW

pytestmark = pytest.mark.django_db


@pytest.fixture
def held():
    return courses("Bread", "Camera", "Sewing")


@pytest.fixture
def purchase(student, held):
    return enter(group_of("bundle", name="Studio", courses=held), student)


def page_of(purchase):
    return address(purchase.user, "end-bundle", purchase=purchase.pk)


def end(client, purchase, reason="Refund"):
    return client.post(page_of(purchase), {"reason": reason})


def through_staff(student, course):
    return grant_access(user=student, course=course, access_type="manual", source_key="staff:1", now=NOW)


def says(client, purchase):
    return client.get(page_of(purchase)).context["change"].says[1:-2]


def live(student):
    rights = CourseAccess.objects.filter(user=student).exclude(status="revoked").order_by("pk")
    return list(rights.values_list("course__title", "access_type"))


def written(purchase):
    purchase.refresh_from_db()
    return purchase.ended_at, ledger(purchase.user), StaffAction.objects.count()


def test_the_page_says_which_courses_close_and_which_stay_open(owner_client, owner, purchase, held):
    suspend(user=purchase.user, course=held[0], actor=owner, reason="abuse", now=NOW)
    through_staff(purchase.user, held[2])

    assert says(owner_client, purchase) == [
        "“Camera” closes.",
        "“Bread” is not open to them now; the right to it ends.",
        "“Sewing” stays open through another right: Granted by staff.",
    ]


def test_ending_takes_what_the_bundle_gave_and_nothing_else(owner_client, purchase, held):
    through_staff(purchase.user, held[2])
    answer = end(owner_client, purchase)
    purchase.refresh_from_db()

    assert (answer.url, purchase.ended_at is None) == (f"/dashboard/students/{purchase.user_id}/", False)
    assert live(purchase.user) == [("Sewing", "manual")]
    assert ledger(purchase.user)[-3:] == [("revoked", "Olga Owner", "Refund")] * 3


def test_twice_changes_nothing_and_says_so(owner_client, purchase):
    end(owner_client, purchase)
    before = written(purchase)
    end(owner_client, purchase, "Again")

    assert told(owner_client, purchase.user)[-1] == "Sam Student did not have Studio any more."
    assert (written(purchase), "Nothing more is taken." in owner_client.get(page_of(purchase)).text) == (before, True)


def test_a_purchase_without_a_right_left_is_ended_under_a_name(owner_client, purchase):
    CourseAccess.objects.update(status="revoked", revoked_at=NOW, revocation_reason="Abuse")
    said = says(owner_client, purchase)
    end(owner_client, purchase)

    assert said == ["None of the rights it gave is left."]
    assert list(StaffAction.objects.values_list("actor__name", "verb", "label", "detail")) == [
        ("Olga Owner", "ended", "student@example.com has Studio", "Refund")
    ]


@pytest.mark.parametrize("reason", ["", "  ", "x" * 301, "a\0b"])
def test_a_reason_is_needed(owner_client, purchase, reason):
    answer = end(owner_client, purchase, reason)
    purchase.refresh_from_db()

    assert (answer.status_code, list(errors(answer)), purchase.ended_at) == (422, ["reason"], None)


@pytest.mark.parametrize("number", ["", "0", "-1", "x", "%00", 2**63, "9" * 5000, "1&purchase=x"])
def test_what_is_no_purchase_of_theirs_is_a_404(owner_client, student, stranger, number):
    foreign = enter(group_of("bundle", courses=courses("Light")), stranger).pk
    asked = [address(student, "end-bundle", purchase=each) for each in (number, foreign)]

    assert [owner_client.post(each, {"reason": "x"}).status_code for each in asked] == [404, 404]


def test_who_gave_it_and_at_which_level_stands_first(owner_client, owner, student):
    bundle = group_of("bundle", bundle_type="tiered")
    purchase = make.BundlePurchaseFactory(user=student, bundle=bundle, level=2, granted_by=owner)

    assert "Silver. Given by Olga Owner " in owner_client.get(page_of(purchase)).context["change"].says[0]


def test_the_buttons_are_beside_what_has_not_ended_for_who_may(owner_client, staff_client, purchase):
    pages = [f"/dashboard/students/{purchase.user_id}/", url(purchase.bundle)]
    link = f'href="{page_of(purchase)}"'
    before = [link in client.get(page).text for client in (owner_client, staff_client) for page in pages]
    end(owner_client, purchase)

    assert before == [True, True, False, False]
    assert [link in owner_client.get(page).text for page in pages] == [False, False]


def test_as_many_queries_for_many_courses_as_for_one(owner_client, student, stranger, held):
    counts = []
    for user, given in ((student, held[:1]), (stranger, held)):
        purchase = enter(group_of("bundle", courses=given), user)
        for course in given:
            through_staff(user, course)
        with counted_queries() as queries:
            owner_client.get(page_of(purchase))
        counts.append(len(queries))

    assert counts[0] == counts[1] <= 12
