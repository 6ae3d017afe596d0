"""`check_videos`: every lesson whose video is missing, not understood, or stored under a wrong id."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from catalog.video_repair import repair_video, video_problems


class Command(BaseCommand):
    help = "List lessons with wrong or missing videos; --fix repairs ids and the form of addresses."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--fix", action="store_true", help="repair what can be repaired without a person")

    def handle(self, *_arguments: Any, **options: Any) -> None:
        problems = video_problems()
        fixed = [problem for problem in problems if options["fix"] and problem.can_be_fixed]
        for problem in fixed:
            repair_video(problem.lesson)
        for problem in problems:
            self.stdout.write(f"  {problem}{' (fixed)' if problem in fixed else ''}")
        left = len(problems) - len(fixed)
        if left:
            raise CommandError(f"{left} of {len(problems)} problems need attention.", returncode=1)
        self.stdout.write(self.style.SUCCESS(f"All videos are in order, {len(fixed)} repaired."))
