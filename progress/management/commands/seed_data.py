"""`seed_data`: the demo courses and accounts, once."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from catalog.folders.drafts import BadFolder
from progress.demo import ACCOUNTS, import_demo_courses, is_seeded, seed_demo

DEMO_FOLDER = "demo"
LOCAL_PASSWORD = "learn-by-doing"  # noqa: S105 - printed on the screen, and refused outside DEBUG


class Command(BaseCommand):
    help = "Load the demo courses, an admin and students with progress; a second run changes nothing."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--path", type=Path, default=settings.BASE_DIR / DEMO_FOLDER)
        parser.add_argument("--password", default=LOCAL_PASSWORD if settings.DEBUG else "")
        parser.add_argument(
            "--update", action="store_true", help="bring the demo courses up to date with their folders"
        )

    def handle(self, *_arguments: Any, **options: Any) -> None:
        try:
            lines = self._seed(options["path"], options["password"], is_update=options["update"])
        except BadFolder as error:
            raise CommandError(f"Nothing was loaded.\n{error}") from None
        for line in lines:
            self.stdout.write(f"  {line}")
        if options["password"] == LOCAL_PASSWORD:
            self._print_accounts()

    def _seed(self, path: Path, password: str, *, is_update: bool) -> list[str]:
        if is_seeded():
            return import_demo_courses(path) if is_update else ["The demo is loaded already."]
        if not password:
            raise CommandError("The demo's password is public. Outside DEBUG choose your own with --password.")
        call_command("ensure_roles")
        return seed_demo(path, password=password, now=timezone.now())

    def _print_accounts(self) -> None:
        self.stdout.write(f"Demo accounts, all with the password {LOCAL_PASSWORD}")
        for account in ACCOUNTS:
            self.stdout.write(f"  {account.email:<20} {account.story}")
