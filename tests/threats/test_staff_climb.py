"""T83: staff raise nobody, themselves least of all, by the forms of Django's admin or by those for students."""

import pytest

from accounts.models import StaffAction, User
from dashboard.roles import Role
from tests.accounts.helpers import is_in, logged_in
from tests.conftest import client_of
from tests.dashboard.roles import staff_of
from tests.factories import (
    PASSWORD,
    CourseFactory,
    StaffFactory,
    UserFactory,
)
from tests.threats.state import unchanged

pytestmark = pytest.mark.django_db
USERS = "/django-admin/accounts/user/"
RAISED = {"is_staff": "on", "is_superuser": "on", "groups": "1", "user_permissions": "1"}
NEW_PASSWORD = {"password1": "another long phrase", "password2": "another long phrase", "usable_password": "true"}
SURE = {"post": "yes"}
LIMITED = [Role.EDITOR, Role.SUPPORT, Role.READER]


@pytest.fixture
def superuser():
    return StaffFactory(is_superuser=True)


def form_of(user):
    said = {"email": user.email, "name": user.name, "time_zone": "", "is_active": "on"}
    return said | {"date_joined_0": "2026-01-01", "date_joined_1": "00:00"}


def rank(user):
    user = User.objects.get(pk=user.pk)
    return user.is_staff, user.is_superuser, user.groups.count(), user.user_permissions.count()


@pytest.mark.parametrize("role", LIMITED)
def test_limited_staff_do_not_get_to_accounts_in_the_admin(superuser, role):
    member = staff_of(role)
    client = client_of(member)
    pages = [USERS, f"{USERS}add/", *(f"{USERS}{user.pk}/change/" for user in (member, superuser))]

    with unchanged():
        answers = [client.post(page, RAISED).status_code for page in [*pages, f"{USERS}{superuser.pk}/password/"]]

    assert answers == [403] * 5


def test_an_owner_by_role_changes_no_staff_in_the_admin(superuser):
    owner = staff_of(Role.OWNER)
    client = client_of(owner)
    targets = [owner, superuser, staff_of(Role.READER)]

    with unchanged():
        answers = [client.post(f"{USERS}{user.pk}/change/", form_of(user) | RAISED).status_code for user in targets]
        answers += [client.post(f"{USERS}{user.pk}/password/", NEW_PASSWORD).status_code for user in targets]
        answers += [client.post(f"{USERS}{user.pk}/delete/", {"post": "yes"}).status_code for user in targets]

    assert answers == [403] * 9


def test_nobody_becomes_staff_in_the_admin(superuser, student):
    owner, form = staff_of(Role.OWNER), form_of(student) | RAISED

    answers = [client_of(user).post(f"{USERS}{student.pk}/change/", form).status_code for user in (owner, superuser)]

    assert (answers, rank(student)) == ([302, 302], (False, False, 0, 0))


def test_nobody_is_made_as_staff_in_the_admin(superuser):
    form = {"email": "new@example.com", "usable_password": "true", "password1": PASSWORD, "password2": PASSWORD}

    client_of(superuser).post(f"{USERS}add/", form | RAISED)

    assert rank(User.objects.get(email="new@example.com")) == (False, False, 0, 0)


def test_an_account_of_staff_is_closed_by_nobody_before_its_role_is_taken(superuser):
    owner = staff_of(Role.OWNER)
    form = form_of(owner)
    del form["is_active"]

    client_of(superuser).post(f"{USERS}{owner.pk}/change/", form)

    assert User.objects.get(pk=owner.pk).is_active


def test_an_account_of_staff_is_deleted_by_nobody(superuser):
    client, other = client_of(superuser), StaffFactory()
    chosen = {"action": "delete_selected", "_selected_action": [other.pk], "post": "yes"}

    with unchanged():
        answers = [client.post(page, chosen).status_code for page in (USERS, f"{USERS}{other.pk}/delete/")]

    assert answers == [403, 403]


def test_an_owner_by_role_logs_no_staff_out(superuser, student):
    devices = [logged_in(superuser), logged_in(student)]
    chosen = {"action": "log_out_everywhere", "_selected_action": [superuser.pk, student.pk]}

    client_of(staff_of(Role.OWNER)).post(USERS, chosen)

    assert [is_in(device) for device in devices] == [True, False]


def test_what_a_role_may_is_no_form(superuser):
    assert client_of(superuser).get("/django-admin/auth/group/").status_code == 404


@pytest.mark.parametrize("role", list(Role))
def test_staff_give_themselves_nothing_as_if_they_were_students(role):
    member, course = staff_of(role), CourseFactory()
    client = client_of(member)
    start = f"/dashboard/students/{member.pk}"

    with unchanged():
        answers = {client.post(f"{start}/grant-access/", {"course": course.pk, "once": "x" * 12}).status_code}
        answers |= {client.post(f"{start}/give-membership/", {"level": 3}).status_code}

    assert answers == ({404} if role in {Role.OWNER, Role.SUPPORT} else {403})


def test_what_was_done_is_in_the_log(superuser):
    client, user = logged_in(superuser), UserFactory()
    client.post("/account/confirm/", {"password": PASSWORD})
    member = staff_of(Role.READER)

    client.post(f"/dashboard/staff/{member.pk}/role/", {"role": "Support"})
    client.post(f"/dashboard/staff/{user.pk}/role/", {"role": "Support"})

    assert list(StaffAction.objects.values_list("actor", "object_id")) == [(superuser.pk, member.pk)]
