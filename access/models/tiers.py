"""Membership levels: what they are called, include and cost. A membership itself is a `CourseAccess` row."""

from django.db import models
from django.db.models import Q

OVERRIDE = "override"  # the source key of a membership staff gave for a time; a student has at most one


class Tier(models.Model):
    """A membership level. A higher one includes the lower ones  [004, T-1]."""

    level = models.PositiveSmallIntegerField(unique=True)
    slug = models.SlugField(max_length=40, unique=True)
    name = models.CharField(max_length=60)
    features = models.JSONField(default=list, blank=True)
    price_yearly_minor = models.PositiveIntegerField(null=True, blank=True)
    price_monthly_minor = models.PositiveIntegerField(null=True, blank=True)
    currency = models.CharField(max_length=3, default="EUR")
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = (models.CheckConstraint(condition=Q(level__lte=3), name="tier_level_is_at_most_three"),)

    def __str__(self) -> str:
        return self.name
