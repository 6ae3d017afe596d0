"""Giving and taking roles: who may, whom, and what is written down."""

import pytest
from allauth.account.models import EmailAddress
from django.contrib.auth.models import Permission
from django.core import mail

from accounts.models import StaffAction, User
from dashboard.gates import may_manage_staff
from dashboard.roles import MAY, Role, role_of
from dashboard.staffing import RoleRefused, give_role, take_role
from tests.dashboard.roles import staff_of
from tests.factories import StaffFactory, UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def owner():
    return staff_of(Role.OWNER, name="Olga Owner", email="olga@example.com")


def confirmed(**fields):
    user = UserFactory(**fields)
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    return user


def fresh(user):
    return User.objects.get(pk=user.pk)


def notes():
    return list(StaffAction.objects.order_by("pk").values_list("actor__name", "verb", "label", "detail"))


def test_an_account_becomes_staff(owner):
    user = confirmed(email="new@example.com")

    assert give_role(user=user, role=Role.SUPPORT, actor=owner)

    assert (fresh(user).is_staff, role_of(fresh(user))) == (True, Role.SUPPORT)
    assert notes() == [("Olga Owner", "gave a role to", "new@example.com", "student → Support")]


def test_a_role_becomes_another(owner):
    user = staff_of(Role.SUPPORT)

    give_role(user=user, role=Role.EDITOR, actor=owner)

    assert [group.name for group in fresh(user).groups.all()] == [Role.EDITOR]
    assert notes()[0][3] == "Support → Content editor"


def test_what_was_given_by_hand_goes_with_the_role(owner):
    user = staff_of(Role.SUPPORT)
    user.user_permissions.add(Permission.objects.get(codename="change_user"))

    give_role(user=user, role=Role.READER, actor=owner)

    assert may_manage_staff(fresh(user)) is False


def test_who_gets_a_role_reads_what_they_may(owner, run_jobs):
    give_role(user=confirmed(email="new@example.com"), role=Role.SUPPORT, actor=owner)

    run_jobs()

    sent = mail.outbox[0]
    assert (sent.to, sent.subject) == (["new@example.com"], "You are staff at Coursebook: Support")
    assert [words in sent.body for words in (MAY[Role.SUPPORT], "/dashboard/", "/account/security/")] == [True] * 3


def test_the_same_role_again_changes_nothing(owner):
    user = staff_of(Role.SUPPORT)

    assert (give_role(user=user, role=Role.SUPPORT, actor=owner), notes()) == (False, [])


def test_staff_become_students_again(owner):
    user = staff_of(Role.EDITOR, email="ed@example.com")

    assert take_role(user=user, actor=owner)

    assert (fresh(user).is_staff, fresh(user).groups.count()) == (False, 0)
    assert notes() == [("Olga Owner", "took the role of", "ed@example.com", "Content editor → student")]


def test_a_student_has_no_role_to_take(owner):
    assert (take_role(user=UserFactory(), actor=owner), notes()) == (False, [])


@pytest.mark.parametrize("act", [lambda **who: give_role(role=Role.READER, **who), take_role])
def test_nobody_changes_their_own_role(owner, act):
    with pytest.raises(RoleRefused, match="their own role"):
        act(user=owner, actor=owner)

    assert role_of(fresh(owner)) == Role.OWNER


@pytest.mark.parametrize("role", [Role.EDITOR, Role.SUPPORT, Role.READER])
def test_who_is_no_owner_changes_no_role(owner, role):
    with pytest.raises(RoleRefused, match="no owner"):
        take_role(user=owner, actor=staff_of(role))


def test_an_owner_changes_nobody_who_has_every_right(owner):
    superuser = StaffFactory(is_superuser=True)

    with pytest.raises(RoleRefused, match="every right"):
        take_role(user=superuser, actor=owner)


def test_who_has_every_right_changes_another_who_has(owner):
    first, second = StaffFactory(is_superuser=True), StaffFactory(is_superuser=True)

    give_role(user=second, role=Role.READER, actor=first)

    assert (fresh(second).is_superuser, role_of(fresh(second))) == (False, Role.READER)


def test_nor_is_it_enough_to_have_been_asked_to_confirm_it(owner):
    user = UserFactory()
    EmailAddress.objects.create(user=user, email=user.email, verified=False, primary=True)

    with pytest.raises(RoleRefused, match="not confirmed"):
        give_role(user=user, role=Role.READER, actor=owner)


def test_an_address_that_is_not_confirmed_may_be_somebody_elses(owner):
    with pytest.raises(RoleRefused, match="not confirmed"):
        give_role(user=UserFactory(), role=Role.READER, actor=owner)


def test_a_closed_account_gets_no_role(owner):
    with pytest.raises(RoleRefused, match="closed"):
        give_role(user=confirmed(is_active=False), role=Role.READER, actor=owner)
