"""Who is staff, and as what: given and taken by owners, never by oneself, each change in the log of staff."""

from allauth.account.models import EmailAddress
from django.contrib.auth.models import Group
from django.db import transaction

from accounts.models import User
from accounts.services import end_all_sessions, note_action
from dashboard.emails import announce_role
from dashboard.gates import may_manage_staff
from dashboard.roles import MAY, Role, role_of


class RoleRefused(Exception):
    """The role stays as it is; the message says why."""


@transaction.atomic
def give_role(*, user: User, role: Role, actor: User) -> bool:
    """Make somebody staff, or give staff another role, and tell them; False if they have it already.

    :raises RoleRefused: if the actor may not, or the account is closed or its address not confirmed
    """
    member = _locked(user, actor)
    if not member.is_active:
        raise RoleRefused("This account is closed.")
    if not member.is_staff and not _has_confirmed(member):
        raise RoleRefused("They have not confirmed this address yet. Ask them to, on their account page.")
    before = role_of(member).value if member.is_staff else "student"
    if before == role:
        return False
    _set(member, is_staff=True, groups=[Group.objects.get(name=role)])
    note_action(actor=actor, verb="gave a role to", about=member, detail=f"{before} → {role}")
    announce_role(user=member, role=role, may=MAY[role])
    return True


@transaction.atomic
def take_role(*, user: User, actor: User) -> bool:
    """Make staff a student again; False if they are one.

    :raises RoleRefused: if the actor may not
    """
    member = _locked(user, actor)
    if not member.is_staff:
        return False
    before = role_of(member)
    _set(member, is_staff=False, groups=[])
    note_action(actor=actor, verb="took the role of", about=member, detail=f"{before} → student")
    return True


def _locked(user: User, actor: User) -> User:
    """The account as it is now. One change of roles waits for the other, so two owners cannot dismiss each other."""
    Group.objects.select_for_update().get(name=Role.OWNER)
    present = User.objects.get(pk=actor.pk)
    member = User.objects.select_for_update().get(pk=user.pk)
    if not may_manage_staff(present):
        raise RoleRefused("You are no owner any more.")
    if member == present:
        raise RoleRefused("Nobody changes their own role. Ask another owner.")
    if member.is_superuser and not present.is_superuser:
        raise RoleRefused(f"{member.display_name} has every right of the site. Only one who has too may change that.")
    return member


def _has_confirmed(member: User) -> bool:
    return bool(EmailAddress.objects.filter(user=member, email=member.email, verified=True).exists())


def _set(member: User, *, is_staff: bool, groups: list[Group]) -> None:
    """The role is all they may: nothing given by hand before stays, and no session."""
    member.is_staff, member.is_superuser = is_staff, False
    member.save(update_fields=["is_staff", "is_superuser"])
    member.groups.set(groups)
    member.user_permissions.clear()
    end_all_sessions(user=member)
