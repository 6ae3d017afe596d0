"""What progress hears from below."""

from datetime import datetime
from typing import Any

from django.dispatch import receiver
from django.utils import timezone

from access.signals import enrolled
from catalog.signals import lessons_changed
from progress.services import finish_course, recount_course


@receiver(lessons_changed)
def on_lessons_changed(course_id: int, **_: Any) -> None:
    recount_course(course_id=course_id, now=timezone.now())


@receiver(enrolled)
def on_enrolled(user_id: int, course_id: int, now: datetime, **_: Any) -> None:
    finish_course(user_id=user_id, course_id=course_id, now=now)
