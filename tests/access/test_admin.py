"""Django's admin: staff look at rights and grant by hand; nothing is edited around the services."""

from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse

from access.models import AccessAction, AccessEvent, AccessType, CourseAccess, Tier
from tests.conftest import client_of
from tests.factories import NOW, CourseFactory, UserFactory


@pytest.fixture
def owner_client(db):
    return client_of(UserFactory(is_staff=True, is_superuser=True))


def grant(client, **fields):
    return client.post(reverse("admin:access_courseaccess_add"), {"expires_at_0": "", "expires_at_1": "", **fields})


def test_granting_by_hand_writes_a_right_and_its_event(owner_client, student):
    course = CourseFactory()

    grant(owner_client, user=student.pk, course=course.pk, notes="promised by phone")

    access = CourseAccess.objects.get()
    event = AccessEvent.objects.get()
    assert (access.user, access.course, access.access_type) == (student, course, AccessType.MANUAL)
    assert (event.access, event.action, event.reason) == (access, AccessAction.GRANTED, "promised by phone")


@pytest.mark.parametrize("both", [True, False])
def test_a_grant_of_nothing_or_of_two_things_is_refused_in_words(owner_client, student, both):
    typed = {"course": CourseFactory().pk, "tier_level": 1} if both else {}

    answer = grant(owner_client, user=student.pk, **typed)

    assert answer.context["adminform"].form.errors == {
        "course": ["Choose a course or type a tier level, one of the two."]
    }
    assert CourseAccess.objects.count() == 0


def test_two_grants_by_hand_are_two_rights(owner_client, student):
    course = CourseFactory()

    for _ in range(2):
        grant(owner_client, user=student.pk, course=course.pk)

    assert CourseAccess.objects.count() == 2


@pytest.mark.parametrize(
    ("rules", "typed"),
    [({}, {"expires_at_0": "2020-01-01", "expires_at_1": "00:00"}), ({"access_until": NOW}, {})],
    ids=["its own end", "the course's end"],
)
def test_a_right_that_would_have_ended_is_refused_in_words(owner_client, student, rules, typed):
    course = CourseFactory(access_duration_type="until_date" if rules else "lifetime", **rules)

    with time_machine.travel(NOW, tick=False):
        answer = grant(owner_client, user=student.pk, course=course.pk, **typed)

    page = owner_client.get(answer.url).content.decode()
    assert ("Access would have ended" in page, CourseAccess.objects.count()) == (True, 0)


def test_a_right_until_the_end_of_the_calendar_is_refused_at_its_field(owner_client, student):
    course = CourseFactory()

    answer = grant(owner_client, user=student.pk, course=course.pk, expires_at_0="9999-12-31", expires_at_1="23:59")

    assert answer.context["adminform"].errors == {"expires_at": ["Choose a day before the year 3000."]}


@pytest.mark.parametrize("model", ["courseaccess", "accessevent", "courseenrollment", "suspension", "tier"])
def test_lists_open_for_the_owner(owner_client, model):
    assert owner_client.get(reverse(f"admin:access_{model}_changelist")).status_code == 200


@pytest.mark.parametrize("model", ["accessevent", "courseenrollment", "tier"])
def test_rows_of_the_ledger_cannot_be_added(owner_client, model):
    assert owner_client.get(reverse(f"admin:access_{model}_add")).status_code == 403


def test_a_right_cannot_be_edited_or_deleted(owner_client, student):
    grant(owner_client, user=student.pk, course=CourseFactory().pk)
    access = CourseAccess.objects.get()

    changed = owner_client.post(reverse("admin:access_courseaccess_change", args=[access.pk]), {"notes": "x"})
    deleted = owner_client.post(reverse("admin:access_courseaccess_delete", args=[access.pk]), {"post": "yes"})

    assert (changed.status_code, deleted.status_code, CourseAccess.objects.count()) == (403, 403, 1)


def test_a_tier_cannot_be_deleted(owner_client):
    assert owner_client.get(reverse("admin:access_tier_delete", args=[1])).status_code == 403


def edit_tier(client, **fields):
    level = Tier.objects.get(level=2)
    form = {"name": "Main", "features": "", "price_yearly_minor": "", "price_monthly_minor": "", "currency": "EUR"}
    return client.post(reverse("admin:access_tier_change", args=[level.pk]), form | fields)


def test_staff_edit_a_tier_in_whole_money_and_lines(owner_client):
    edit_tier(owner_client, price_yearly_minor="480.50", price_monthly_minor="45", features="One\n\n Two \n")

    tier = Tier.objects.get(level=2)
    assert (tier.price_yearly_minor, tier.price_monthly_minor, tier.features) == (48_050, 4_500, ["One", "Two"])


def test_the_form_of_a_tier_shows_what_is_stored(owner_client):
    Tier.objects.filter(level=2).update(features=["One", "Two"], price_yearly_minor=48_050, price_monthly_minor=None)

    text = owner_client.get(reverse("admin:access_tier_change", args=[Tier.objects.get(level=2).pk])).content.decode()

    assert ("One\nTwo</textarea>" in text, 'value="480.50"' in text) == (True, True)


@pytest.mark.parametrize(
    "wrong",
    [
        {"price_yearly_minor": "1.005"},
        {"price_yearly_minor": "-1"},
        {"currency": "JPY", "price_monthly_minor": "1.5"},
        {"currency": "E1"},
    ],
)
def test_a_wrong_price_is_refused(owner_client, wrong):
    answer = edit_tier(owner_client, **wrong)

    assert (answer.status_code, Tier.objects.get(level=2).price_yearly_minor) == (200, 50_000)


def test_prices_follow_the_currency(owner_client):
    edit_tier(owner_client, currency="jpy", price_yearly_minor="60000")

    assert Tier.objects.values_list("price_yearly_minor", "currency").get(level=2) == (60_000, "JPY")


def give(client, level=2, **fields):
    form = {"email": "Student@example.com", "duration": "14d", "reason": "trial"} | fields
    return client.post(reverse("admin:access_tier_give", args=[Tier.objects.get(level=level).pk]), form, follow=True)


@pytest.mark.parametrize(("duration", "days"), [("14d", 14), ("1m", 31), ("12m", 365)])
def test_staff_give_a_tier_for_a_time(owner_client, student, duration, days):
    with time_machine.travel(NOW, tick=False):
        answer = give(owner_client, duration=duration)

    access = CourseAccess.objects.get()
    assert (access.user, access.tier_level, access.source_key) == (student, 2, "override")
    assert (access.expires_at - NOW) // timedelta(hours=23) >= days
    assert "has Main until" in answer.content.decode()


@pytest.mark.parametrize("wrong", [{"email": "nobody@example.com"}, {"reason": ""}, {"duration": "99y"}])
def test_giving_needs_a_student_a_duration_and_a_reason(owner_client, student, wrong):
    give(owner_client, **wrong)

    assert CourseAccess.objects.count() == 0


def test_the_free_tier_is_not_given(owner_client, student):
    assert give(owner_client, level=0).status_code == 404


def test_staff_without_permission_give_nothing(staff_client, student):
    assert (give(staff_client).status_code, CourseAccess.objects.count()) == (403, 0)


def test_staff_end_what_was_given_for_a_time_and_nothing_else(owner_client, student):
    give(owner_client)
    grant(owner_client, user=student.pk, course=CourseFactory().pk)
    form = {"action": "end_overrides", "_selected_action": CourseAccess.objects.values_list("pk", flat=True)}

    owner_client.post(reverse("admin:access_courseaccess_changelist"), form)

    assert list(CourseAccess.objects.order_by("pk").values_list("status", flat=True)) == ["revoked", "unlocked"]


def test_ending_an_override_that_was_replaced_leaves_the_one_that_runs(owner_client, student):
    give(owner_client, level=1)
    give(owner_client, level=2)
    form = {"action": "end_overrides", "_selected_action": CourseAccess.objects.get(tier_level=1).pk}

    owner_client.post(reverse("admin:access_courseaccess_changelist"), form)

    assert CourseAccess.objects.get(tier_level=2).status == "unlocked"
