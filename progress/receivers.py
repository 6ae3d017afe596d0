"""What progress hears from below."""

from typing import Any

from django.dispatch import receiver
from django.utils import timezone

from catalog.signals import lessons_changed
from progress.services import recount_course


@receiver(lessons_changed)
def on_lessons_changed(course_id: int, **_: Any) -> None:
    recount_course(course_id=course_id, now=timezone.now())
