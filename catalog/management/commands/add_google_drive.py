"""`add_google_drive COURSE LESSON=ADDRESS …`: give lessons their videos on Google Drive."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction

from catalog.models import Lesson
from catalog.video_repair import NotGoogleDrive, set_google_drive_video


class Command(BaseCommand):
    help = "Set Google Drive videos of lessons; without arguments, list the lessons that have no video."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("course", nargs="?", default="", help="the course's slug")
        parser.add_argument("lessons", nargs="*", metavar="lesson=address", help="a lesson's slug and the address")

    def handle(self, *_arguments: Any, **options: Any) -> None:
        if not options["lessons"]:
            self._list_lessons_without_video(options["course"])
            return
        try:
            with transaction.atomic():
                for pair in options["lessons"]:
                    self._set_video(options["course"], pair)
        except NotGoogleDrive as error:
            raise CommandError(f"Nothing was changed. {error}") from None

    def _list_lessons_without_video(self, course: str) -> None:
        lessons = (
            Lesson.objects.kept().filter(video_url="").select_related("course").order_by("course__slug", "order", "pk")
        )
        for lesson in lessons.filter(course__slug=course) if course else lessons:
            self.stdout.write(f"  {lesson.course.slug} {lesson.slug}")
        self.stdout.write("Set a video with: add_google_drive COURSE LESSON=ADDRESS")

    def _set_video(self, course: str, pair: str) -> None:
        slug, _, address = pair.partition("=")
        lesson = Lesson.objects.kept().filter(course__slug=course, slug=slug).first()
        if lesson is None:
            raise CommandError(f"Nothing was changed. There is no lesson “{slug}” in “{course}”.")
        set_google_drive_video(lesson, address)
        self.stdout.write(self.style.SUCCESS(f"{course}/{slug}: {lesson.video_url}"))
