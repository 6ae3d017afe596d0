"""With which lesson a student goes on."""

from datetime import datetime

from django.db.models import Exists, OuterRef

from access.decisions import Standing, decide_course, decide_lesson_in
from catalog.models import Lesson
from progress.models import LessonProgress, LessonStatus


def next_lesson(standing: Standing, now: datetime) -> Lesson | None:
    """The first unfinished open lesson in reading order, as in the outline, which loads all of them: one query."""
    done = LessonProgress.objects.filter(user=standing.user.pk, lesson=OuterRef("pk"), status=LessonStatus.COMPLETED)
    lessons = Lesson.objects.filter(~Exists(done), course=standing.course, is_published=True).in_reading_order()
    course = decide_course(standing, now)
    return next(
        (
            lesson
            for lesson in lessons.only("title", "slug", "is_preview", "is_published", "available_after_days")
            if decide_lesson_in(course, standing, lesson, now, is_completed=False).is_allowed
        ),
        None,
    )
