"""Several courses sold as one  [001]. What a bundle costs is a matter of billing."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse

from catalog.models import Course


class BundleType(models.TextChoices):
    FIXED = "fixed", "Fixed: all its courses"
    PICK_YOUR_OWN = "pick_your_own", "Pick your own: some of its courses"
    TIERED = "tiered", "Tiered: Bronze, Silver, Gold"


class BundleLevel(models.IntegerChoices):
    """A level includes the levels below it."""

    BRONZE = 1, "Bronze"
    SILVER = 2, "Silver"
    GOLD = 3, "Gold"


class Bundle(models.Model):
    """A set of courses bought together. One with purchases is archived (`is_active` off), never deleted."""

    name = models.CharField(max_length=120)
    slug = models.SlugField(max_length=120, unique=True)
    description = models.TextField(blank=True)
    bundle_type = models.CharField(max_length=14, choices=BundleType.choices, default=BundleType.FIXED)
    courses = models.ManyToManyField(Course, through="BundleCourse", related_name="bundles")
    max_course_selections = models.PositiveSmallIntegerField(null=True, blank=True, help_text="Pick your own: at most")
    is_active = models.BooleanField(default=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(
                    bundle_type="pick_your_own", max_course_selections__isnull=False, max_course_selections__gte=1
                )
                | (~Q(bundle_type="pick_your_own") & Q(max_course_selections__isnull=True)),
                name="bundle_to_pick_from_says_how_many",
            ),
        )

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("bundle_detail", args=[self.slug])


class BundleCourse(models.Model):
    """A course of a bundle; in a tiered one, from which level upward. So Bronze is in Silver by construction."""

    bundle = models.ForeignKey(Bundle, on_delete=models.CASCADE, related_name="entries")
    course = models.ForeignKey(Course, on_delete=models.PROTECT, related_name="bundle_entries")
    level = models.PositiveSmallIntegerField(choices=BundleLevel.choices, default=BundleLevel.BRONZE)
    order = models.PositiveSmallIntegerField(default=0)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["bundle", "course"], name="bundle_names_a_course_once"),
            models.CheckConstraint(condition=Q(level__gte=1, level__lte=3), name="bundle_level_is_one_to_three"),
        )

    def __str__(self) -> str:
        return f"{self.course_id} in {self.bundle_id}"


class BundlePurchase(models.Model):
    """A bundle somebody bought or was given, with what they chose. Its rights are rows that name it."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="bundle_purchases")
    bundle = models.ForeignKey(Bundle, on_delete=models.PROTECT, related_name="purchases")
    source_key = models.CharField(max_length=120, help_text="order:12, staff:...; unique per student and bundle")
    level = models.PositiveSmallIntegerField(choices=BundleLevel.choices, null=True, blank=True)
    selected_courses = models.ManyToManyField(Course, related_name="+", blank=True)
    purchased_at = models.DateTimeField()
    granted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["user", "bundle", "source_key"], name="bundle_purchase_once_per_source"),
            models.CheckConstraint(condition=~Q(source_key=""), name="bundle_purchase_names_its_source"),
            models.CheckConstraint(
                condition=Q(level=None) | Q(level__gte=1, level__lte=3), name="bundle_purchase_level_is_one_to_three"
            ),
        )

    def __str__(self) -> str:
        return f"{self.user} has {self.bundle}"
