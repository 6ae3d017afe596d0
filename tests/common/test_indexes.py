"""Indexes added while a table is written to."""

import pytest
from django.apps import apps
from django.db import connection, models
from django.db.migrations.state import ProjectState

from common.indexes import AddIndexWithoutLock
from common.models import Job

pytestmark = pytest.mark.django_db(transaction=True)
INDEX = models.Index(fields=["created_at"], name="job_in_time")


def indexes():
    with connection.cursor() as cursor:
        return set(connection.introspection.get_constraints(cursor, Job._meta.db_table))


@pytest.fixture
def run():
    """`run(forwards=True)` does what `migrate` does with the operation."""
    operation, before = AddIndexWithoutLock("job", INDEX), ProjectState.from_apps(apps)
    after = before.clone()
    operation.state_forwards("common", after)

    def apply(*, forwards):
        with connection.schema_editor(atomic=False) as editor:
            if forwards:
                operation.database_forwards("common", editor, before, after)
            else:
                operation.database_backwards("common", editor, after, before)

    yield apply
    if INDEX.name in indexes():
        apply(forwards=False)


def test_it_is_added_and_taken_away(run):
    run(forwards=True)
    there = INDEX.name in indexes()
    run(forwards=False)

    assert (there, INDEX.name in indexes()) == (True, False)


def test_what_a_killed_run_left_is_no_obstacle(run):
    if connection.vendor == "postgresql":  # SQLite adds an index in a transaction: there is no half of it
        with connection.cursor() as cursor:
            cursor.execute(f"CREATE INDEX {INDEX.name} ON {Job._meta.db_table} (id)")

    run(forwards=True)

    with connection.cursor() as cursor:
        found = connection.introspection.get_constraints(cursor, Job._meta.db_table)[INDEX.name]
    assert found["columns"] == ["created_at"]
