"""Nobody changes or deletes an event: the model refuses, and on PostgreSQL the database too."""

import pytest
from django.db import DatabaseError, connection, transaction

from access.models import AccessEvent, AccessType
from access.services import grant_access
from common.append_only import LedgerIsAppendOnly
from tests.factories import NOW, CourseFactory

pytestmark = pytest.mark.django_db
TRIGGER = "access_event_is_append_only"


@pytest.fixture
def event(student):
    grant_access(user=student, course=CourseFactory(), access_type=AccessType.MANUAL, source_key="k", now=NOW)
    return AccessEvent.objects.get()


def raise_reason(event):
    event.reason = "Another"
    event.save()


@pytest.mark.parametrize(
    "attempt",
    [
        raise_reason,
        lambda event: event.delete(),
        lambda event: AccessEvent.objects.update(reason="Another"),
        lambda event: AccessEvent.objects.filter(pk=event.pk).update(reason="Another"),
        lambda event: AccessEvent.objects.all().delete(),
        lambda event: AccessEvent.objects.bulk_update([event], ["reason"]),
        lambda event: AccessEvent.objects.update_or_create(pk=event.pk, defaults={"reason": "Another"}),
        lambda event: event.access.events.update(reason="Another"),
        lambda event: event.access.events.all().delete(),
    ],
)
def test_the_model_refuses(event, attempt):
    before = AccessEvent.objects.values().get()

    with pytest.raises(LedgerIsAppendOnly), transaction.atomic():
        attempt(event)

    assert AccessEvent.objects.values().get() == before


def refused_by_sql(statement):
    """The database's answer to this statement; None when it did as it was told."""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
    except DatabaseError as error:
        return str(error).splitlines()[0]
    return None


UPDATE = "UPDATE access_accessevent SET reason = 'Another'"
DELETE = "DELETE FROM access_accessevent"
ON_POSTGRES = "access events are append-only"


@pytest.mark.parametrize("statement", [UPDATE, DELETE])
def test_the_database_refuses(event, statement):
    expected = ON_POSTGRES if connection.vendor == "postgresql" else None

    assert refused_by_sql(statement) == expected


@pytest.mark.parametrize("statement", [UPDATE, DELETE])
def test_twin_without_the_trigger_the_database_does_as_it_is_told(event, statement):
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(f"DROP TRIGGER {TRIGGER} ON access_accessevent")

    assert refused_by_sql(statement) is None
