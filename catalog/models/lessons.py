"""Modules, lessons and what hangs on them."""

from typing import ClassVar

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from catalog.models.courses import Course


class LessonType(models.TextChoices):
    VIDEO = "video", "Video"
    AUDIO = "audio", "Audio"
    TEXT = "text", "Text"
    FILE = "file", "File"
    LIVE = "live", "Live"
    REPLAY = "replay", "Replay"


class MaterialKind(models.TextChoices):
    WORKBOOK = "workbook", "Workbook"
    RESOURCE = "resource", "Resource"
    DOWNLOAD = "download", "Download"


class Module(models.Model):
    """A chapter of a course."""

    course = models.ForeignKey(Course, on_delete=models.CASCADE, related_name="modules")
    title = models.CharField(max_length=200)
    description = models.TextField(blank=True, help_text="Markdown")
    description_html = models.TextField(blank=True, editable=False)
    order = models.PositiveIntegerField(default=0)

    class Meta:
        indexes = (models.Index(fields=["course", "order"], name="module_in_course_order"),)

    def __str__(self) -> str:
        return self.title


RESERVED_LESSON_SLUGS = frozenset(
    {"quiz", "exam", "edit", "enroll", "join", "leave", "cohorts", "favorite", "continue"}
)


class LessonQuerySet(models.QuerySet["Lesson"]):
    def kept(self) -> "LessonQuerySet":
        """Not in the trash."""
        return self.filter(trashed_at=None)

    def published(self) -> "LessonQuerySet":
        return self.filter(is_published=True)

    def in_reading_order(self) -> "LessonQuerySet":
        """Lessons without a module first, then module by module; ends in the id so that ties never swap."""
        return self.order_by(F("module__order").asc(nulls_first=True), "module_id", "order", "id")


class Lesson(models.Model):
    """One thing to watch, read or do. Its body, video and homework are protected; its title is not."""

    course = models.ForeignKey(Course, on_delete=models.CASCADE, related_name="lessons")
    module = models.ForeignKey(Module, null=True, blank=True, on_delete=models.SET_NULL, related_name="lessons")
    title = models.CharField(max_length=200)
    slug = models.SlugField(max_length=120)
    order = models.PositiveIntegerField(default=0)
    is_published = models.BooleanField(default=True)
    description = models.TextField(blank=True)
    body = models.TextField(blank=True, help_text="Markdown")
    body_html = models.TextField(blank=True, editable=False)
    homework = models.TextField(blank=True, help_text="Markdown")
    homework_html = models.TextField(blank=True, editable=False)
    lesson_type = models.CharField(max_length=10, choices=LessonType.choices, default=LessonType.VIDEO)

    video_url = models.CharField(max_length=500, blank=True, help_text="As pasted; the rest is derived")
    video_provider = models.CharField(max_length=20, blank=True, editable=False)
    video_id = models.CharField(max_length=200, blank=True, editable=False)
    video_thumbnail_url = models.URLField(max_length=500, blank=True)
    video_duration_seconds = models.PositiveIntegerField(null=True, blank=True)
    completion_threshold = models.PositiveSmallIntegerField(
        default=90, validators=[MinValueValidator(1), MaxValueValidator(100)]
    )
    timestamps = models.JSONField(default=list, blank=True)
    key_takeaways = models.JSONField(default=list, blank=True)

    is_preview = models.BooleanField(default=False)
    available_after_days = models.PositiveSmallIntegerField(null=True, blank=True)
    live_starts_at = models.DateTimeField(null=True, blank=True)
    meeting_url = models.URLField(max_length=300, blank=True)
    # In the trash: unpublished, so no student sees it; whether it was comes back with it.
    trashed_at = models.DateTimeField(null=True, blank=True, editable=False)
    was_published = models.BooleanField(default=False, editable=False)
    updated_at = models.DateTimeField(auto_now=True)

    objects: ClassVar[models.Manager["Lesson"]] = LessonQuerySet.as_manager()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["course", "slug"], name="lesson_slug_is_unique_in_its_course"),
            models.CheckConstraint(
                condition=~Q(slug__in=sorted(RESERVED_LESSON_SLUGS)), name="lesson_slug_is_not_reserved"
            ),
            models.CheckConstraint(
                condition=Q(completion_threshold__gte=1, completion_threshold__lte=100),
                name="lesson_threshold_is_a_percentage",
            ),
            models.CheckConstraint(
                condition=Q(trashed_at=None) | Q(is_published=False), name="lesson_in_trash_is_not_published"
            ),
        )
        indexes = (
            models.Index(fields=["course", "order"], name="lesson_in_course_order"),
            # Counts those without captions without reading lessons, whose texts make their rows large.
            models.Index(
                fields=["course", "id"], condition=Q(is_published=True) & ~Q(video_url=""), name="lesson_with_video"
            ),
        )

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("lesson_detail", args=[self.course.slug, self.slug])


class OldLessonSlug(models.Model):
    """An address in its course that the lesson had: it leads to the present one until another lesson takes it."""

    course = models.ForeignKey(Course, on_delete=models.CASCADE, related_name="+")
    lesson = models.ForeignKey(Lesson, on_delete=models.CASCADE, related_name="old_slugs")
    slug = models.SlugField(max_length=120)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["course", "slug"], name="old_lesson_slug_once_per_course"),)

    def __str__(self) -> str:
        return self.slug


class Transcript(models.Model):
    """What is said in a lesson: a caption file, or plain text. Beside the lesson, for lists never need it."""

    lesson = models.OneToOneField(Lesson, on_delete=models.CASCADE, related_name="transcript", primary_key=True)
    captions = models.TextField(blank=True, help_text="WebVTT")
    text = models.TextField(blank=True)
    # [[start_seconds, end_seconds, text], ...], read from the captions once, by catalog.services.save_transcript.
    cues = models.JSONField(default=list, editable=False)

    def __str__(self) -> str:
        return f"Transcript of {self.lesson_id}"


class Material(models.Model):
    """A workbook, resource or download of a lesson: an uploaded file or an address, exactly one."""

    lesson = models.ForeignKey(Lesson, on_delete=models.CASCADE, related_name="materials")
    kind = models.CharField(max_length=10, choices=MaterialKind.choices, default=MaterialKind.RESOURCE)
    title = models.CharField(max_length=200)
    file = models.FileField(upload_to="materials/", max_length=255, blank=True)
    url = models.URLField(max_length=500, blank=True)
    order = models.PositiveSmallIntegerField(default=0)

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=(Q(file="") & ~Q(url="")) | (~Q(file="") & Q(url="")),
                name="material_is_a_file_or_an_address",
            ),
        )

    def __str__(self) -> str:
        return self.title
