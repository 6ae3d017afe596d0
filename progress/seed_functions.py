"""The functions of the seeds by their names that ask about progress; the others stand in `access.seed_functions`."""

from accounts.http import Viewer
from catalog.models import Course
from progress.models import LessonProgress, LessonStatus


def started(user: Viewer, course: Course) -> bool:
    """True once a lesson of the course is in progress or completed  [000]."""
    return LessonProgress.objects.filter(user=user.pk, course=course).exclude(status=LessonStatus.NOT_STARTED).exists()
