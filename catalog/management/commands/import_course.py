"""`import_course PATH`: a course folder, or a plain repository of Markdown lessons."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from catalog.folders.drafts import BadFolder
from catalog.folders.importing import import_folder
from catalog.models import CourseStatus


class Command(BaseCommand):
    help = "Import a course from a folder, or update it in place; students keep their progress."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("path", type=Path)
        parser.add_argument("--dry-run", action="store_true", help="show what would change and save nothing")
        parser.add_argument(
            "--slug", default="", help="plain repositories: the course's slug (default: the folder's name)"
        )
        parser.add_argument("--base-url", default="", help="plain repositories: where links to other files shall lead")
        parser.add_argument("--draft", action="store_true", help="plain repositories: a new course stays hidden")

    def handle(self, *_arguments: Any, **options: Any) -> None:
        try:
            slug, report = import_folder(
                options["path"],
                slug=options["slug"],
                base_url=options["base_url"],
                status=CourseStatus.DRAFT if options["draft"] else CourseStatus.ACTIVE,
                is_dry_run=options["dry_run"],
            )
        except BadFolder as error:
            raise CommandError(f"Nothing was imported.\n{error}") from None
        for line in [*report.changes, *(f"note: {note}" for note in report.notes)]:
            self.stdout.write(f"  {line}")
        done = "Would import" if options["dry_run"] else "Imported"
        self.stdout.write(self.style.SUCCESS(f"{done} /courses/{slug}/: {report.summary()}"))
