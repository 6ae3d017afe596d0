"""Who may look at the dashboard, and who may change what it shows."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec

from allauth.account.decorators import reauthentication_required
from django.core.exceptions import PermissionDenied
from django.http import HttpResponseBase

from accounts.http import StudentRequest
from accounts.models import User

P = ParamSpec("P")
Page = Callable[Concatenate[StudentRequest, P], HttpResponseBase]


def may_change_access(user: User) -> bool:
    """True of owners, and of staff with Django's permission to change rights; other staff only look."""
    return user.is_staff and user.has_perm("access.change_courseaccess")


def may_edit_content(user: User) -> bool:
    """True of who may change courses, modules, lessons and what hangs on them."""
    return user.is_staff and user.has_perm("catalog.change_course")


def may_edit_groups(user: User) -> bool:
    """True of who may change cohorts, bundles, learning paths and tiers: what gives rights to many."""
    return user.is_staff and user.has_perm("access.change_cohort")


def may_manage_staff(user: User) -> bool:
    """True of owners: who may say what other staff may do, and what is deleted for good."""
    return user.is_staff and user.has_perm("accounts.change_user")


def _only(may_enter: Callable[[User], bool], view: Page[P]) -> Page[P]:
    @wraps(view)
    def gate(request: StudentRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        if not may_enter(request.user):
            raise PermissionDenied
        return view(request, *args, **kwargs)

    return gate


def staff_only(view: Page[P]) -> Page[P]:
    """Let staff in: a student gets the page that says it is not open to them, a visitor was sent to log in."""
    return _only(lambda user: user.is_staff, view)


def changes_access(view: Page[P]) -> Page[P]:
    """Let in who may change rights, of staff."""
    return _only(may_change_access, view)


def edits_content(view: Page[P]) -> Page[P]:
    """Let in who may change what is taught."""
    return _only(may_edit_content, view)


def edits_groups(view: Page[P]) -> Page[P]:
    """Let in who may change cohorts, bundles, learning paths and tiers."""
    return _only(may_edit_groups, view)


def owners_only(view: Page[P]) -> Page[P]:
    """Let in who runs the school."""
    return _only(may_manage_staff, view)


def confirms_identity(view: Page[P]) -> Page[P]:
    """Ask for the password, a code or a passkey first, unless they were given in the last five minutes.

    For the gravest steps; it stands below the gate: `@owners_only`, then `@confirms_identity`. It asks on the way to
    the form, so the form is sent at once; a form sent later than that is kept, asked for and carried out, if its
    address has no query. Files are not kept: take them in a step before.
    """
    asks: Page[P] = reauthentication_required(view)
    return asks
