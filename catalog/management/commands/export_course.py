"""`export_course SLUG PATH`: a course as a folder of Markdown files that imports to an equal course."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from catalog.folders.writing import FolderNotEmpty, write_course
from catalog.models import Course


class Command(BaseCommand):
    help = "Write a course as a folder of Markdown files."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("slug")
        parser.add_argument("path", type=Path)
        parser.add_argument("--dry-run", action="store_true", help="list the files and write nothing")

    def handle(self, *_arguments: Any, **options: Any) -> None:
        course = Course.objects.kept().select_related("category").filter(slug=options["slug"]).first()
        if course is None:
            raise CommandError(f"There is no course “{options['slug']}”.")
        try:
            paths = write_course(course, options["path"], is_dry_run=options["dry_run"])
        except FolderNotEmpty as error:
            raise CommandError(str(error)) from None
        for path in paths if options["dry_run"] else ():
            self.stdout.write(f"  {path}")
        done = "Would write" if options["dry_run"] else "Wrote"
        self.stdout.write(self.style.SUCCESS(f"{done} {len(paths)} files to {options['path']}"))
