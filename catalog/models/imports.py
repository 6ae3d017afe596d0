"""A course that somebody uploaded as a zip, on its way into the database."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import models
from django.db.models import Q

HELD_FOR = timedelta(hours=1)


class CourseImport(models.Model):
    """A zip held for an hour with the report of what importing it would do; it is imported once at most."""

    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    name = models.CharField(max_length=200, help_text="What the file was called")
    sha256 = models.CharField(max_length=64)
    stored_name = models.CharField(max_length=120, unique=True)
    # Said by who uploads it, for a plain repository: a course folder says these itself.
    slug = models.SlugField(max_length=120, blank=True)
    base_url = models.URLField(max_length=300, blank=True)
    is_draft = models.BooleanField(default=False)
    # What the check found: of which course, what that course held then (empty: there was none), what would change.
    course_slug = models.SlugField(max_length=120)
    fingerprint = models.CharField(max_length=64, blank=True)
    report = models.JSONField()
    checked_at = models.DateTimeField()
    imported_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = (
            models.CheckConstraint(condition=~Q(sha256="") & ~Q(course_slug=""), name="import_says_of_what"),
        )
        indexes = (models.Index(fields=["checked_at"], name="import_by_age"),)

    def __str__(self) -> str:
        return self.name

    def is_over(self, now: datetime) -> bool:
        """Whether it was held long enough; checking it again holds it anew."""
        return now - self.checked_at > HELD_FOR
