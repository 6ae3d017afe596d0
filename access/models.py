"""Access is a thing, not a side effect: every right is a row here, and every change of a row leaves an event."""

from datetime import datetime
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from catalog.models import Course


class AccessType(models.TextChoices):
    """Where a right came from  [001]."""

    PURCHASE = "purchase", "Purchase"
    MANUAL = "manual", "Granted by staff"
    COHORT = "cohort", "Cohort"
    SUBSCRIPTION = "subscription", "Subscription"
    BUNDLE = "bundle", "Bundle"
    FREE = "free", "Free"
    PATH = "path", "Learning path"


class AccessStatus(models.TextChoices):
    """pending -> unlocked <-> locked;  unlocked -> expired -> unlocked;  any -> revoked  [001]."""

    PENDING = "pending", "Pending"
    UNLOCKED = "unlocked", "Unlocked"
    LOCKED = "locked", "Locked"
    EXPIRED = "expired", "Expired"
    REVOKED = "revoked", "Revoked"


class AccessAction(models.TextChoices):
    """What happened to a right."""

    GRANTED = "granted", "Granted"
    ACTIVATED = "activated", "Activated"
    EXTENDED = "extended", "Extended"
    LOCKED = "locked", "Locked"
    UNLOCKED = "unlocked", "Unlocked"
    EXPIRED = "expired", "Expired"
    REVOKED = "revoked", "Revoked"
    SUSPENDED = "suspended", "Suspended"
    REINSTATED = "reinstated", "Reinstated"


class Tier(models.Model):
    """A membership level. A higher one includes the lower ones  [004, T-1]."""

    level = models.PositiveSmallIntegerField(unique=True)
    slug = models.SlugField(max_length=40, unique=True)
    name = models.CharField(max_length=60)
    features = models.JSONField(default=list, blank=True)
    price_yearly_minor = models.PositiveIntegerField(null=True, blank=True)
    price_monthly_minor = models.PositiveIntegerField(null=True, blank=True)
    currency = models.CharField(max_length=3, default="EUR")

    class Meta:
        constraints = (models.CheckConstraint(condition=Q(level__lte=3), name="tier_level_is_at_most_three"),)

    def __str__(self) -> str:
        return self.name


class CourseAccessQuerySet(models.QuerySet["CourseAccess"]):
    def open_at(self, now: datetime) -> "CourseAccessQuerySet":
        """Rights that open something at this moment: [starts_at, expires_at), never the end itself."""
        return self.filter(status=AccessStatus.UNLOCKED, starts_at__lte=now).filter(
            Q(expires_at=None) | Q(expires_at__gt=now)
        )

    def for_course(self, course: Course) -> "CourseAccessQuerySet":
        """Rights on the course itself, and memberships whose level reaches it."""
        covers = Q(course=course)
        if course.required_level >= 1:
            covers |= Q(tier_level__gte=course.required_level)
        return self.filter(covers)


class CourseAccess(models.Model):
    """A right to open one course, or every course of a tier, from one source, for a time.

    It is revoked, never deleted. A student may hold several; ending one never touches another.
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="accesses")
    course = models.ForeignKey(Course, null=True, blank=True, on_delete=models.PROTECT, related_name="accesses")
    tier_level = models.PositiveSmallIntegerField(null=True, blank=True)
    access_type = models.CharField(max_length=12, choices=AccessType.choices)
    source_key = models.CharField(max_length=120, help_text="What gave it: unique per student, target and type")
    status = models.CharField(max_length=10, choices=AccessStatus.choices, default=AccessStatus.UNLOCKED)
    must_join = models.BooleanField(default=False)
    granted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    granted_at = models.DateTimeField()
    starts_at = models.DateTimeField()
    expires_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)
    revoked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    revocation_reason = models.CharField(max_length=300, blank=True)
    notes = models.TextField(blank=True)

    objects: ClassVar[models.Manager["CourseAccess"]] = CourseAccessQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "course accesses"
        constraints = (
            models.UniqueConstraint(
                fields=["user", "course", "access_type", "source_key"],
                condition=~Q(status="revoked") & Q(course__isnull=False),
                name="access_one_live_row_per_course_and_source",
            ),
            models.UniqueConstraint(
                fields=["user", "tier_level", "access_type", "source_key"],
                condition=~Q(status="revoked") & Q(tier_level__isnull=False),
                name="access_one_live_row_per_tier_and_source",
            ),
            models.CheckConstraint(
                condition=(Q(course__isnull=False) & Q(tier_level__isnull=True))
                | (Q(course__isnull=True) & Q(tier_level__isnull=False)),
                name="access_covers_a_course_or_a_tier",
            ),
            models.CheckConstraint(
                condition=Q(tier_level__isnull=True) | Q(tier_level__gte=1, tier_level__lte=3),
                name="access_tier_is_one_to_three",
            ),
            models.CheckConstraint(
                condition=Q(expires_at=None) | Q(expires_at__gt=F("starts_at")),
                name="access_ends_after_it_starts",
            ),
            models.CheckConstraint(
                condition=(Q(status="revoked") & Q(revoked_at__isnull=False) & ~Q(revocation_reason=""))
                | (~Q(status="revoked") & Q(revoked_at__isnull=True) & Q(revocation_reason="")),
                name="access_revoked_says_when_and_why",
            ),
            models.CheckConstraint(condition=~Q(source_key=""), name="access_names_its_source"),
        )
        indexes = (
            models.Index(fields=["user", "course"], name="access_of_a_student"),
            models.Index(fields=["expires_at"], condition=Q(status="unlocked"), name="access_still_to_expire"),
        )

    def __str__(self) -> str:
        return f"{self.get_access_type_display()}: {self.user_id} -> {self.course_id or f'tier {self.tier_level}'}"

    def is_open(self, now: datetime) -> bool:
        """True while the row opens its course; the same rule as `open_at` in SQL."""
        if self.status != AccessStatus.UNLOCKED or self.starts_at > now:
            return False
        return self.expires_at is None or now < self.expires_at


class AccessEvent(models.Model):
    """One change of a right or a suspension. Appended, never changed; the present is a fold over these rows."""

    access = models.ForeignKey(CourseAccess, null=True, blank=True, on_delete=models.PROTECT, related_name="events")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="access_events")
    course = models.ForeignKey(Course, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    action = models.CharField(max_length=10, choices=AccessAction.choices)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    at = models.DateTimeField()
    reason = models.CharField(max_length=300, blank=True)
    cause = models.CharField(max_length=120, blank=True, help_text="order:12, cohort:3, sweep, ...")
    starts_at = models.DateTimeField(null=True, blank=True)
    expires_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = (models.Index(fields=["user", "course", "at"], name="event_timeline"),)

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.action} {self.user_id}/{self.course_id}"


class PaymentType(models.TextChoices):
    FULL = "full", "Paid in full"
    INSTALLMENT = "installment", "Instalments"


class CourseEnrollment(models.Model):
    """A student takes part in a course. Not a right: it survives the loss of access  [002, X-2]."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="enrollments")
    course = models.ForeignKey(Course, on_delete=models.PROTECT, related_name="enrollments")
    enrolled_at = models.DateTimeField()
    payment_type = models.CharField(max_length=12, choices=PaymentType.choices, default=PaymentType.FULL)
    completed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["user", "course"], name="enrollment_once_per_course"),)

    def __str__(self) -> str:
        return f"{self.user_id} takes {self.course_id}"


class Suspension(models.Model):
    """Staff closed a course to a student. Beats every right and ends only by staff  [002, X-6]."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="suspensions")
    course = models.ForeignKey(Course, on_delete=models.PROTECT, related_name="suspensions")
    reason = models.CharField(max_length=300, help_text="For staff")
    public_note = models.CharField(max_length=300, blank=True, help_text="The student reads this")
    suspended_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    suspended_at = models.DateTimeField()
    lifted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    lifted_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["user", "course"], condition=Q(lifted_at=None), name="suspension_one_open_per_course"
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="suspension_gives_a_reason"),
            models.CheckConstraint(
                condition=Q(lifted_at__isnull=True, lifted_by__isnull=True)
                | Q(lifted_at__isnull=False, lifted_by__isnull=False),
                name="suspension_is_lifted_by_someone",
            ),
        )

    def __str__(self) -> str:
        return f"{self.user_id} suspended from {self.course_id}"
