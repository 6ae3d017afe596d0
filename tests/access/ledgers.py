"""Rights with their events, the command that compares the two, and ways to make them differ."""

from io import StringIO

from django.core.management import CommandError, call_command

from access.models import AccessEvent, AccessType
from access.services import grant_access
from tests.factories import NOW


def give(user, course, key="k", **fields):
    fields = {"access_type": AccessType.MANUAL, "now": NOW} | fields
    return grant_access(user=user, course=course, source_key=key, **fields)


def rebuild(*arguments):
    """What it printed, line by line, and whether it ended well."""
    out = StringIO()
    try:
        call_command("rebuild_access", *arguments, stdout=out)
    except CommandError as error:
        return [*out.getvalue().splitlines(), str(error)], error.returncode
    return out.getvalue().splitlines(), 0


def tampered(row, **columns):
    type(row).objects.filter(pk=row.pk).update(**columns)


def write_event(row, action, **fields):
    """An event that no service wrote."""
    facts = {"access": row, "user": row.user, "course": row.course, "at": NOW, "starts_at": NOW}
    return AccessEvent.objects.create(**facts | {"action": action} | fields)
