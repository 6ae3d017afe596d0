"""What a student has done in each lesson, and the counters of a course."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q

from catalog.models import Course, Lesson


class LessonStatus(models.TextChoices):
    """not_started -> in_progress <-> completed  [001, X-16].

    Only the student's own un-marking goes back, and staff who reset a course: any -> not_started.
    """

    NOT_STARTED = "not_started", "Not started"
    IN_PROGRESS = "in_progress", "In progress"
    COMPLETED = "completed", "Completed"


class LessonProgress(models.Model):
    """One student in one lesson. Never deleted; the watch percentage falls only when staff reset the course."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="lesson_progress")
    lesson = models.ForeignKey(Lesson, on_delete=models.PROTECT, related_name="progress")
    course = models.ForeignKey(Course, on_delete=models.PROTECT, related_name="+")
    status = models.CharField(max_length=12, choices=LessonStatus.choices, default=LessonStatus.IN_PROGRESS)
    started_at = models.DateTimeField()
    completed_at = models.DateTimeField(null=True, blank=True)
    # Stays when the student un-marks the lesson: what was once completed never locks by drip again  [PRODUCT 2].
    was_completed = models.BooleanField(default=False)
    watch_percentage = models.FloatField(default=0)
    watched_ranges = models.JSONField(default=list, help_text="[[from, to], ...] in whole seconds, merged")
    last_position_seconds = models.FloatField(default=0)
    position_at = models.DateTimeField(null=True, blank=True)
    # What the player said the video lasts; used only while the lesson itself does not know.
    duration_seconds = models.PositiveIntegerField(null=True, blank=True)
    last_accessed = models.DateTimeField()
    # Seconds watched since then cannot exceed the time since, times the rate; credited seconds move it on, so that two
    # reports at once both count. Empty means since `last_accessed`.
    clock_started_at = models.DateTimeField(null=True, blank=True)
    # Counts writes: a heartbeat that read an older revision writes nothing and reads again.
    revision = models.PositiveIntegerField(default=0)

    objects: ClassVar[models.Manager["LessonProgress"]] = models.Manager()

    class Meta:
        verbose_name_plural = "lesson progress"
        constraints = (
            models.UniqueConstraint(fields=["user", "lesson"], name="progress_once_per_lesson"),
            models.CheckConstraint(
                condition=Q(watch_percentage__gte=0, watch_percentage__lte=100),
                name="progress_watch_is_a_percentage",
            ),
            models.CheckConstraint(condition=Q(last_position_seconds__gte=0), name="progress_position_is_not_negative"),
            models.CheckConstraint(
                condition=(Q(status="completed") & Q(completed_at__isnull=False))
                | (~Q(status="completed") & Q(completed_at__isnull=True)),
                name="progress_completed_says_when",
            ),
        )
        indexes = (
            models.Index(fields=["user", "course"], name="progress_of_a_student"),
            # Reports of the school read these alone; a heartbeat changes no column of them.
            models.Index(
                fields=["completed_at", "user"],
                condition=Q(completed_at__isnull=False),
                name="progress_completed_in_time",
            ),
            # Who began in a few days is read by the first, who was active in many days student by student.
            models.Index(fields=["started_at", "user"], name="progress_begun_in_time"),
            models.Index(fields=["user", "started_at", "completed_at"], name="progress_of_a_student_in_time"),
        )

    def __str__(self) -> str:
        return f"{self.user_id} in lesson {self.lesson_id}: {self.status}"

    @property
    def is_completed(self) -> bool:
        return self.status == LessonStatus.COMPLETED


class CourseProgress(models.Model):
    """Counters of one student in one course: always equal to a recount over LessonProgress."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="course_progress")
    course = models.ForeignKey(Course, on_delete=models.PROTECT, related_name="student_progress")
    completed_lessons = models.PositiveIntegerField(default=0)
    last_active_at = models.DateTimeField()

    class Meta:
        verbose_name_plural = "course progress"
        constraints = (models.UniqueConstraint(fields=["user", "course"], name="course_progress_once"),)
        indexes = (models.Index(fields=["last_active_at", "user"], name="course_progress_in_time"),)

    def __str__(self) -> str:
        return f"{self.user_id} in {self.course_id}: {self.completed_lessons}"
