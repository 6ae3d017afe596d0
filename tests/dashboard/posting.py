"""How the tests press a button on the page of a student."""

import re

from access.models import AccessEvent
from tests.dashboard import undo


def address(student, action, **query):
    asked = "&".join(f"{name}={value}" for name, value in query.items())
    return f"/dashboard/students/{student.pk}/{action}/" + (f"?{asked}" if asked else "")


def once_of(response):
    """What the form was given to be told apart from the same form sent twice."""
    return re.search(r'name="once" value="(\w+)"', response.text).group(1)


def errors(response):
    return {name: list(found) for name, found in response.context["form"].errors.items()}


def told(client, student):
    """What the student's page says after the change."""
    return undo.told(client, f"/dashboard/students/{student.pk}/")


def ledger(student):
    """What the ledger says, oldest first: action, who, why."""
    events = AccessEvent.objects.filter(user=student).select_related("actor").order_by("pk")
    return [(event.action, event.actor and event.actor.name, event.reason) for event in events]
