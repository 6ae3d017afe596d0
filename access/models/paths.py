"""Courses in an order, one opening the next  [001]."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from catalog.models import Course


class LearningPath(models.Model):
    """An ordered list of courses. Joining opens the first; completing the required ones before it opens the next."""

    title = models.CharField(max_length=160)
    slug = models.SlugField(max_length=120, unique=True)
    description = models.TextField(blank=True)
    courses = models.ManyToManyField(Course, through="PathStep", related_name="paths")
    is_active = models.BooleanField(default=True)
    is_free = models.BooleanField(default=False, help_text="Students may start it themselves")
    updated_at = models.DateTimeField(auto_now=True)

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("path_detail", args=[self.slug])


class PathStep(models.Model):
    """A course's place in a path; the later ones wait for it if it is required."""

    path = models.ForeignKey(LearningPath, on_delete=models.CASCADE, related_name="steps")
    course = models.ForeignKey(Course, on_delete=models.PROTECT, related_name="path_steps")
    order = models.PositiveSmallIntegerField(default=0)
    is_required = models.BooleanField(default=True)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["path", "course"], name="path_names_a_course_once"),)

    def __str__(self) -> str:
        return f"{self.course_id} in {self.path_id}"


class PathMembership(models.Model):
    """A student on a path; left, never deleted."""

    path = models.ForeignKey(LearningPath, on_delete=models.PROTECT, related_name="memberships")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="path_memberships")
    joined_at = models.DateTimeField()
    left_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["path", "user"], condition=Q(left_at=None), name="path_membership_once_per_path"
            ),
            models.CheckConstraint(
                condition=Q(left_at=None) | Q(left_at__gte=F("joined_at")), name="path_membership_ends_after_it_starts"
            ),
        )

    def __str__(self) -> str:
        return f"{self.user} on {self.path}"
