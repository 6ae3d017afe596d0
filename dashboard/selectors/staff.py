"""Who is staff: role, when they were last here, and whether a second step guards their log-in."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from allauth.mfa.models import Authenticator
from django.db.models import Exists, F, OuterRef, QuerySet, Subquery

from accounts.models import StaffAction, User
from dashboard.roles import Role, role_of

STEPS = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)


@dataclass(frozen=True)
class Member:
    """A line of the list."""

    user: User
    role: Role
    last_seen: datetime | None
    has_second_step: bool
    is_changeable: bool


def all_staff() -> QuerySet[User]:
    """Everybody who gets into the dashboard, by name; the closed accounts last."""
    steps = Authenticator.objects.filter(user=OuterRef("pk"), type__in=STEPS)
    actions = StaffAction.objects.filter(actor=OuterRef("pk")).order_by("-at")
    staff = User.objects.filter(is_staff=True).prefetch_related("groups")
    found = staff.annotate(has_second_step=Exists(steps), last_action_at=Subquery(actions.values("at")[:1]))
    return found.order_by(F("is_active").desc(), "name", "email")


def members_of(staff: Iterable[User], viewer: User) -> list[Member]:
    """The same as lines; what the viewer may change is marked."""
    return [_member(user, viewer) for user in staff]


def _member(user: User, viewer: User) -> Member:
    seen = [moment for moment in (user.last_login, getattr(user, "last_action_at", None)) if moment]
    return Member(
        user=user,
        role=role_of(user),
        last_seen=max(seen, default=None),
        has_second_step=bool(getattr(user, "has_second_step", False)),
        is_changeable=user != viewer and (viewer.is_superuser or not user.is_superuser),
    )
