"""What each kind of staff may do, as Django permissions of a group; `manage.py ensure_roles` writes it down."""

from collections.abc import Iterable
from enum import StrEnum
from fnmatch import fnmatchcase

from django.contrib.auth.models import Group, Permission

from accounts.models import User


class Role(StrEnum):
    """A kind of staff; the value is the name of its group. Who has every right of Django counts as an owner."""

    OWNER = "Owner"
    EDITOR = "Content editor"
    SUPPORT = "Support"
    READER = "Read-only"


MAY = {
    Role.OWNER: "Everything, also prices, other staff and deleting for good.",
    Role.EDITOR: "Changes courses, modules and lessons. Sees the rest.",
    Role.SUPPORT: "Changes what students may open, and sees the site as a student. Sees the rest.",
    Role.READER: "Sees everything, changes nothing.",
}
OURS = ("common", "accounts", "catalog", "access", "progress")
OF_STUDENTS = (
    "courseaccess", "suspension", "cohortmembership", "pathmembership", "bundlepurchase", "courseenrollment",
)  # fmt: skip
GIVEN: dict[Role, tuple[str, ...]] = {
    Role.OWNER: tuple(f"{app}.*" for app in OURS),
    Role.EDITOR: ("catalog.*",),
    Role.SUPPORT: (
        "access.view_*",
        "progress.*",
        *(f"access.{verb}_{name}" for verb in ("add", "change") for name in OF_STUDENTS),
    ),
    Role.READER: (),
}
# The logs are written by what staff do and by nothing else; a course is deleted for good by owners, from the trash.
LOGS = ("*_staffaction", "*_accessevent")
WITHHELD: dict[Role, tuple[str, ...]] = {
    Role.OWNER: (),
    Role.EDITOR: ("catalog.delete_course", "catalog.delete_lesson"),
    Role.SUPPORT: (),
    Role.READER: (),
}


def is_given(role: Role, permission: str) -> bool:
    """True if staff of this role hold the permission, such as `catalog.change_course`."""
    is_log = _fits(permission, LOGS) and ".view_" not in permission
    return _fits(permission, GIVEN[role]) and not is_log and permission not in WITHHELD[role]


def _fits(permission: str, patterns: Iterable[str]) -> bool:
    return any(fnmatchcase(permission, pattern) for pattern in patterns)


def ensure_roles() -> None:
    """Make the groups, and give each exactly the permissions of the table; a second run changes nothing."""
    ours = list(Permission.objects.filter(content_type__app_label__in=OURS).select_related("content_type"))
    for role in Role:
        group, _ = Group.objects.get_or_create(name=role)
        names = ((each, f"{each.content_type.app_label}.{each.codename}") for each in ours)
        group.permissions.set([each for each, name in names if is_given(role, name)])


def role_of(user: User) -> Role:
    """The role of a member of staff; who is in no group of ours only looks. Groups may be prefetched."""
    if user.is_superuser:
        return Role.OWNER
    names = {group.name for group in user.groups.all()}
    return next((role for role in Role if role in names), Role.READER)
