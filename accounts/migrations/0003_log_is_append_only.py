"""On PostgreSQL nobody changes or deletes a line of the log of staff, not even by SQL. On SQLite the model alone refuses."""

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

FORBID = """
CREATE FUNCTION staff_action_is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the log of staff is append-only';
END $$;
CREATE TRIGGER staff_action_is_append_only BEFORE UPDATE OR DELETE ON accounts_staffaction
FOR EACH ROW EXECUTE FUNCTION staff_action_is_append_only();
"""
ALLOW = """
DROP TRIGGER staff_action_is_append_only ON accounts_staffaction;
DROP FUNCTION staff_action_is_append_only();
"""


def forbid(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(FORBID)


def allow(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(ALLOW)


class Migration(migrations.Migration):
    dependencies = [("accounts", "0002_log_of_staff")]

    operations = [migrations.RunPython(forbid, allow)]
