from argparse import ArgumentParser, ArgumentTypeError
from collections.abc import Iterable, Iterator
from datetime import datetime
from itertools import chain
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.dateparse import parse_datetime

from access.auditing import BOOKS, Difference, differences_in_rows, differences_in_seats
from access.history import open_rights_at
from access.invariants import violations
from access.models import CourseAccess, Suspension
from access.services.repairing import repair_rows, repair_seats
from accounts.models import User


class Command(BaseCommand):
    help = "Make the rows of access say what their events say; with --check only look, with --at look into the past."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--check", action="store_true", help="write nothing; exit code 1 if anything differs")
        parser.add_argument("--at", type=_moment, help="say what was open at a moment, such as 2026-05-01T12:00Z")
        parser.add_argument("--user", help="with --at: only this student's, by e-mail")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["at"]:
            found = self._say_what_was_open(options["at"], options["user"])
        elif options["check"]:
            found = self._say_each(self._differences())
        else:
            found = self._repair()
        counted = (
            f"Rights: {CourseAccess.objects.count()}, suspensions: {Suspension.objects.count()}, differences: {found}."
        )
        if found:
            raise CommandError(counted)
        self.stdout.write(counted)

    def _differences(self) -> Iterator[object]:
        for book in BOOKS:
            yield from differences_in_rows(book)
        yield from differences_in_seats()
        yield from violations(timezone.now())

    def _say_each(self, found: Iterable[object]) -> int:
        count = 0
        for count, one in enumerate(found, 1):  # noqa: B007 - how many there were
            self.stdout.write(str(one))
        return count

    def _repair(self) -> int:
        """Print each repair; returns how many differences are left."""
        left = 0
        for repair in chain(*(repair_rows(book=book) for book in BOOKS), repair_seats()):
            self.stdout.write(f"{'repaired' if repair.is_done else 'left'}: {repair.difference}")
            left += not repair.is_done
        return left + self._say_each(violations(timezone.now()))

    def _say_what_was_open(self, moment: datetime, email: str | None) -> int:
        """Print it; returns how many rows tell otherwise."""
        user = _user(email) if email else None
        found = 0
        for told in open_rights_at(moment, user):
            self.stdout.write(str(told))
            found += isinstance(told, Difference)
        return found


def _moment(text: str) -> datetime:
    moment = parse_datetime(text)
    if moment is None or timezone.is_naive(moment):
        raise ArgumentTypeError("Write a moment with its zone, such as 2026-05-01T12:00Z.")
    return moment


def _user(email: str) -> User:
    try:
        return User.objects.get_by_natural_key(email)
    except User.DoesNotExist:
        raise CommandError(f"There is no account {email}.") from None
