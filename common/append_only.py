"""Tables nobody changes: what is written stays. On PostgreSQL a trigger refuses it to everybody else too."""

from typing import Any

from django.db import models


class LedgerIsAppendOnly(Exception):
    """Somebody tried to change or delete what was noted; write another row."""


class AppendOnlyQuerySet(models.QuerySet[Any]):
    """Refuses to change or delete."""

    def update(self, **values: Any) -> int:
        raise LedgerIsAppendOnly

    def delete(self) -> tuple[int, dict[str, int]]:
        raise LedgerIsAppendOnly


class AppendOnlyModel(models.Model):
    """A row that is written once."""

    objects = AppendOnlyQuerySet.as_manager()

    class Meta:
        abstract = True

    def save(self, *args: Any, **options: Any) -> None:
        if not self._state.adding:
            raise LedgerIsAppendOnly
        super().save(*args, **options)

    def delete(self, *args: Any, **options: Any) -> tuple[int, dict[str, int]]:
        raise LedgerIsAppendOnly
