"""On PostgreSQL nobody changes or deletes an event, not even by SQL. On SQLite the model alone refuses."""

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

FORBID = """
CREATE FUNCTION access_event_is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'access events are append-only';
END $$;
CREATE TRIGGER access_event_is_append_only BEFORE UPDATE OR DELETE ON access_accessevent
FOR EACH ROW EXECUTE FUNCTION access_event_is_append_only();
"""
ALLOW = """
DROP TRIGGER access_event_is_append_only ON access_accessevent;
DROP FUNCTION access_event_is_append_only();
"""


def forbid(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(FORBID)


def allow(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(ALLOW)


class Migration(migrations.Migration):
    dependencies = [("access", "0004_sources_and_starts_of_rights")]

    operations = [migrations.RunPython(forbid, allow)]
