"""What each role of staff may do, held in Django's groups."""

import pytest
from django.contrib.auth.models import Group
from django.core.management import call_command

from dashboard.gates import may_change_access, may_edit_content, may_edit_groups, may_manage_staff
from dashboard.roles import Role, ensure_roles, is_given, role_of
from tests.dashboard.roles import staff_of
from tests.factories import StaffFactory

pytestmark = pytest.mark.django_db
GATES = (may_change_access, may_edit_content, may_edit_groups, may_manage_staff)


@pytest.mark.parametrize(
    ("role", "may"),
    [
        (Role.OWNER, [True, True, True, True]),
        (Role.EDITOR, [False, True, False, False]),
        (Role.SUPPORT, [True, False, False, False]),
        (Role.READER, [False, False, False, False]),
    ],
)
def test_each_role_passes_its_gates(role, may):
    user = staff_of(role)

    assert [gate(user) for gate in GATES] == may


@pytest.mark.parametrize("role", Role)
def test_nobody_writes_into_a_log_by_hand(role):
    forbidden = ["accounts.change_staffaction", "access.delete_accessevent"]

    assert [is_given(role, name) for name in forbidden] == [False, False]


def test_owners_read_the_logs():
    assert is_given(Role.OWNER, "accounts.view_staffaction")


def test_editors_delete_no_course_for_good():
    assert [is_given(Role.EDITOR, f"catalog.delete_{name}") for name in ("course", "lesson", "module")] == [
        False,
        False,
        True,
    ]


def permissions():
    return {group.name: sorted(group.permissions.values_list("codename", flat=True)) for group in Group.objects.all()}


def test_the_command_makes_the_groups_and_a_second_run_changes_nothing():
    call_command("ensure_roles")
    once = permissions()

    call_command("ensure_roles")

    assert (permissions(), set(once)) == (once, set(Role))


def test_the_command_takes_away_what_was_added_by_hand():
    ensure_roles()
    reader, owner = Group.objects.get(name=Role.READER), Group.objects.get(name=Role.OWNER)
    reader.permissions.add(owner.permissions.first())

    call_command("ensure_roles")

    assert reader.permissions.count() == 0


def test_who_has_every_right_is_an_owner_and_who_has_no_group_only_looks():
    superuser = StaffFactory(is_superuser=True)

    assert [role_of(superuser), role_of(StaffFactory()), role_of(staff_of(Role.SUPPORT))] == [
        Role.OWNER,
        Role.READER,
        Role.SUPPORT,
    ]
