"""INSERT ... SELECT for a model: columns as SQL expressions, every other column with the model's own default."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import connection, models

# One statement for both engines: counts from 0; %s is the last number.
NUMBERS = "(WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < %s) SELECT i FROM n) n"


def numbers(count: int) -> tuple[str, list[int]]:
    """A FROM item with the numbers 0 to count - 1 in column n.i."""
    return NUMBERS, [count - 1]


def moment(value: datetime) -> Any:
    """A moment as this engine takes it as a parameter."""
    return connection.ops.adapt_datetimefield_value(value)


def insert_select(
    model: type[models.Model],
    columns: dict[str, str],
    source: str,
    *,
    values: dict[str, Any] | None = None,
    params: Sequence[Any] = (),
) -> int:
    """Insert one row per row of `source`; `columns` are expressions over it, `values` constants.

    `params` fill the %s of the source, in order; expressions take none. Returns the number of rows.
    """
    constants = _defaults(model, set(columns)) | (values or {})
    names = ", ".join(f'"{name}"' for name in [*columns, *constants])
    selected = ", ".join([*columns.values(), *["%s"] * len(constants)])
    statement = f'INSERT INTO "{model._meta.db_table}" ({names}) SELECT {selected} FROM {source}'  # noqa: S608 - own text
    with connection.cursor() as cursor:
        cursor.execute(statement, [*constants.values(), *params])
        return int(cursor.rowcount)


def _defaults(model: type[models.Model], named: set[str]) -> dict[str, Any]:
    return {
        str(field.column): field.get_db_prep_save(field.get_default(), connection)
        for field in model._meta.concrete_fields
        if field.column not in named and not field.primary_key
    }


def scalar(statement: str, params: Sequence[Any] = ()) -> Any:
    with connection.cursor() as cursor:
        cursor.execute(statement, params)
        return cursor.fetchone()[0]
