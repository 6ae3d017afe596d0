"""Staff of each role, as the groups say."""

from django.contrib.auth.models import Group

from accounts.models import User
from dashboard.roles import ensure_roles
from tests.factories import StaffFactory


def staff_of(role, **fields):
    """A member of staff of this role, read anew, so that no permission is remembered."""
    ensure_roles()
    user = StaffFactory(**fields)
    user.groups.add(Group.objects.get(name=role))
    return User.objects.get(pk=user.pk)
