"""What the session remembers of who logs in."""

from typing import Any

from django.contrib.auth.signals import user_logged_in
from django.dispatch import receiver
from django.http import HttpRequest

from accounts.models import User
from dashboard.gates import may_manage_staff

MANAGES_STAFF = "manages_staff"


@receiver(user_logged_in)
def remember_who_leads_to_staff(sender: object, request: HttpRequest, user: User, **_: Any) -> None:
    """The menu of every page shows owners the way to Staff, without asking for permissions each time. The page itself
    asks; and a change of role ends the session.
    """
    if user.is_staff:
        request.session[MANAGES_STAFF] = may_manage_staff(user)
