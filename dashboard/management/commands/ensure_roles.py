"""`ensure_roles`: the groups of staff and what each may do."""

from typing import Any

from django.core.management.base import BaseCommand
from django.db import transaction

from dashboard.roles import ensure_roles


class Command(BaseCommand):
    help = "Make the groups of staff and give each the permissions of its role; a second run changes nothing."

    @transaction.atomic
    def handle(self, *_arguments: Any, **_options: Any) -> None:
        ensure_roles()
