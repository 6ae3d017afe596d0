"""The pages on which owners see and change who is staff."""

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator

from accounts.models import User
from dashboard.roles import Role, role_of
from tests.accounts.helpers import confirm_it_is_you, is_in, logged_in
from tests.conftest import client_of, counted_queries
from tests.dashboard.roles import staff_of
from tests.factories import NOW, StaffActionFactory, UserFactory

pytestmark = pytest.mark.django_db
LIST = "/dashboard/staff/"


@pytest.fixture
def olga():
    return staff_of(Role.OWNER, name="Olga Owner", email="olga@example.com")


@pytest.fixture
def client(olga):
    """Of an owner who has just said who she is."""
    client = client_of(olga)
    confirm_it_is_you(client)
    return client


@pytest.fixture
def sue():
    return staff_of(Role.SUPPORT, name="Sue Support", email="sue@example.com")


@pytest.fixture
def newcomer():
    user = UserFactory(email="new@example.com", name="Nora New")
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    return user


def fresh(user):
    return User.objects.get(pk=user.pk)


def members(client):
    found = client.get(LIST).context["members"]
    return [(m.user.name, m.role, m.last_seen, m.has_second_step, m.is_changeable) for m in found]


def test_the_list_says_role_last_visit_and_second_step(client, olga, sue):
    Authenticator.objects.create(user=sue, type=Authenticator.Type.TOTP, data={})
    StaffActionFactory(actor=sue, at=NOW)

    olga.refresh_from_db()
    assert members(client) == [
        ("Olga Owner", Role.OWNER, olga.last_login, False, False),
        ("Sue Support", Role.SUPPORT, NOW, True, True),
    ]


def test_recovery_codes_are_no_second_step(client, sue):
    Authenticator.objects.create(user=sue, type=Authenticator.Type.RECOVERY_CODES, data={})

    assert members(client)[1][3] is False


def test_a_closed_account_is_marked(client, sue):
    User.objects.filter(pk=sue.pk).update(is_active=False)

    assert "Cannot log in" in client.get(LIST).text


def test_the_list_costs_the_same_for_three_more(client, sue):
    with counted_queries() as few:
        client.get(LIST)
    for _ in range(3):
        staff_of(Role.READER)
    with counted_queries() as many:
        client.get(LIST)

    assert (len(few), len(few) <= 12) == (len(many), True)


def test_an_owner_adds_somebody(client, newcomer):
    answer = client.post(f"{LIST}add/", {"email": "New@Example.com", "role": "Support"}, follow=True)

    assert "Nora New is staff: Support." in answer.text
    assert (fresh(newcomer).is_staff, role_of(fresh(newcomer))) == (True, Role.SUPPORT)


@pytest.mark.parametrize(
    ("email", "words"),
    [
        ("", "Enter the address of an account."),
        ("nobody@example.com", "Nobody has an account with this address."),
        ("sue@example.com", "This account is staff already."),
        ("no address\x00", "Null characters are not allowed."),
        ("two words", "Enter an address."),
        ("a" * 10_000 + "@example.com", "Ensure this value has at most 254 characters"),
    ],
)
def test_an_address_that_cannot_be_is_refused(client, sue, email, words):
    answer = client.post(f"{LIST}add/", {"email": email, "role": "Support"})

    assert (answer.status_code, words in answer.text) == (422, True)


@pytest.mark.parametrize("role", ["", "Boss", "owner", "Owner\x00"])
def test_a_role_that_is_none_is_refused(client, newcomer, role):
    answer = client.post(f"{LIST}add/", {"email": newcomer.email, "role": role})

    assert (answer.status_code, fresh(newcomer).is_staff) == (422, False)


def test_what_the_service_refuses_is_said_on_the_page(client):
    UserFactory(email="new@example.com")

    answer = client.post(f"{LIST}add/", {"email": "new@example.com", "role": "Support"})

    assert (answer.status_code, "not confirmed this address" in answer.text) == (422, True)


def test_an_owner_changes_a_role(client, sue):
    answer = client.post(f"{LIST}{sue.pk}/role/", {"role": "Content editor"}, follow=True)

    assert ("Sue Support is now Content editor." in answer.text, role_of(fresh(sue))) == (True, Role.EDITOR)


def test_the_form_begins_with_the_present_role(client, sue):
    assert client.get(f"{LIST}{sue.pk}/role/").context["form"].initial == {"role": Role.SUPPORT}


def test_the_same_role_again_is_said(client, sue):
    answer = client.post(f"{LIST}{sue.pk}/role/", {"role": "Support"}, follow=True)

    assert "Sue Support was Support already." in answer.text


def test_an_owner_takes_somebody_off_staff_and_their_sessions_end(client, sue):
    device = logged_in(sue)

    answer = client.post(f"{LIST}{sue.pk}/remove/", follow=True)

    assert "Sue Support is no longer staff." in answer.text
    assert (fresh(sue).is_staff, is_in(device)) == (False, False)


def test_the_own_role_is_refused_on_the_page_too(client, olga):
    answer = client.post(f"{LIST}{olga.pk}/remove/")

    assert (answer.status_code, "Nobody changes their own role." in answer.text) == (422, True)


def test_a_changed_role_ends_the_sessions_and_its_rights(client, sue):
    device = logged_in(sue)
    page = f"/dashboard/students/{UserFactory().pk}/grant-access/"
    assert device.get(page).status_code == 200

    client.post(f"{LIST}{sue.pk}/role/", {"role": "Read-only"})

    assert (device.get(page).url, client_of(fresh(sue)).get(page).status_code) == (f"/login/?next={page}", 403)


def test_rights_taken_otherwise_end_with_the_next_click(sue):
    device = logged_in(sue)

    sue.groups.clear()

    assert device.get(f"/dashboard/students/{UserFactory().pk}/grant-access/").status_code == 403


@pytest.mark.parametrize("step", ["role", "remove"])
def test_who_is_no_staff_has_no_such_page(client, newcomer, step):
    assert client.get(f"{LIST}{newcomer.pk}/{step}/").status_code == 404
    assert client.get(f"{LIST}{2**63}/{step}/").status_code == 404


def test_only_owners_are_led_to_the_list(client, sue):
    pages = [visitor.get("/dashboard/audit/").text for visitor in (client, client_of(sue))]

    assert [f'href="{LIST}"' in page for page in pages] == [True, False]


def test_the_menu_asks_for_no_permission(sue):
    client = client_of(sue)

    with counted_queries() as queries:
        client.get("/dashboard/search/")

    assert [sql for sql in queries if "auth_permission" in sql] == []
