import pytest
from django.urls import reverse

from accounts.models import User
from tests.accounts.helpers import is_in, logged_in
from tests.conftest import client_of
from tests.factories import PASSWORD, UserFactory

pytestmark = pytest.mark.django_db
USERS = "/django-admin/accounts/user/"


@pytest.fixture
def admin(db):
    return client_of(UserFactory(is_staff=True, is_superuser=True))


def saved(admin, user, **changes):
    form = {
        "email": user.email,
        "name": user.name,
        "time_zone": "",
        "is_active": "on",
        "date_joined_0": "2026-01-01",
        "date_joined_1": "00:00",
    }
    form = {key: value for key, value in (form | changes).items() if value is not None}
    return admin.post(f"{USERS}{user.pk}/change/", form)


def test_admin_log_in_goes_through_the_sites_log_in(client):
    response = client.get("/django-admin/login/")

    assert response.url.startswith(reverse("account_login"))


def test_admin_refuses_students(student_client):
    assert student_client.get("/django-admin/login/").status_code == 403


def test_admin_lists_and_finds_users(admin, student):
    assert student.email in admin.get(USERS, {"q": "student"}).text


def test_admin_adds_a_user_in_lower_case(admin):
    form = {"email": "New@Example.com", "usable_password": "true", "password1": PASSWORD, "password2": PASSWORD}

    admin.post(f"{USERS}add/", form)

    assert User.objects.filter(email="new@example.com").exists()


def test_admin_refuses_an_address_twice(admin, student):
    form = {"email": "STUDENT@example.com", "usable_password": "true", "password1": PASSWORD, "password2": PASSWORD}

    assert "already exists" in admin.post(f"{USERS}add/", form).text


def test_closing_an_account_ends_its_sessions_for_good(admin, student):
    """T75"""
    device = logged_in(student)

    saved(admin, student, is_active=None)
    assert not is_in(device)
    saved(admin, student)

    assert User.objects.get(pk=student.pk).is_active
    assert not is_in(device)


def test_a_new_name_ends_no_session(admin, student):
    device = logged_in(student)

    saved(admin, student, name="Samira")

    assert is_in(device)
    student.refresh_from_db()
    assert student.name == "Samira"


def test_log_out_everywhere_is_for_the_chosen_users(admin, student, stranger):
    """T75"""
    device, other = logged_in(student), logged_in(stranger)

    admin.post(USERS, {"action": "log_out_everywhere", "_selected_action": [student.pk]})

    assert [is_in(device), is_in(other)] == [False, True]


def test_staff_without_rights_see_no_users(staff_client):
    assert staff_client.get(USERS).status_code == 403
