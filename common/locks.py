"""A lock that Django has no word for."""

from django.db import connection
from django.db.models import Model


def hold_against_deletion(row: Model) -> bool:
    """Keep a row from being deleted until the transaction ends; False if it is gone already. Call it inside one.

    Unlike `select_for_update` it makes nobody wait but who deletes: any number may hold the same row at once. Django's
    foreign keys do the same, but only when the transaction commits, too late to refuse politely.
    """
    lock = "FOR KEY SHARE" if connection.features.has_select_for_update else ""
    quote = connection.ops.quote_name
    table, key = quote(row._meta.db_table), quote(str(row._meta.pk.column))
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT 1 FROM {table} WHERE {key} = %s {lock}", [row.pk])  # noqa: S608 - names of our own tables
        return cursor.fetchone() is not None
