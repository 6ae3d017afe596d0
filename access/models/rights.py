"""Access is a thing, not a side effect: every right is a row here, and every change of a row leaves an event."""

from datetime import datetime
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from catalog.models import Course
from common.append_only import AppendOnlyModel
from common.moments import BEFORE_LATEST


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
    """pending -> unlocked <-> locked;  unlocked -> expired -> unlocked;  any -> revoked  [001].

    Readers need no job: a pending right with a date opens by itself, an unlocked one closes by itself. The sweep only
    writes down later what readers already say.
    """

    PENDING = "pending", "Pending"
    UNLOCKED = "unlocked", "Unlocked"
    LOCKED = "locked", "Locked"
    EXPIRED = "expired", "Expired"
    REVOKED = "revoked", "Revoked"


OPENING = (AccessStatus.PENDING, AccessStatus.UNLOCKED)


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


class CourseAccessQuerySet(models.QuerySet["CourseAccess"]):
    def open_at(self, now: datetime) -> "CourseAccessQuerySet":
        """Rights that open something at this moment: [starts_at, expires_at), never the end itself."""
        return self.filter(status__in=OPENING, starts_at__lte=now).filter(Q(expires_at=None) | Q(expires_at__gt=now))

    def to_come_at(self, now: datetime) -> "CourseAccessQuerySet":
        """Rights that have not begun and still may, with a day or without one."""
        return self.filter(Q(starts_at=None) | Q(starts_at__gt=now), status__in=OPENING).filter(
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
    cohort = models.ForeignKey("Cohort", null=True, blank=True, on_delete=models.PROTECT, related_name="accesses")
    bundle_purchase = models.ForeignKey(
        "BundlePurchase", null=True, blank=True, on_delete=models.PROTECT, related_name="accesses"
    )
    path = models.ForeignKey("LearningPath", null=True, blank=True, on_delete=models.PROTECT, related_name="accesses")
    source_key = models.CharField(max_length=120, help_text="What gave it: unique per student, target and type")
    status = models.CharField(max_length=10, choices=AccessStatus.choices, default=AccessStatus.UNLOCKED)
    must_join = models.BooleanField(default=False)
    granted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    granted_at = models.DateTimeField()
    # Empty while a pending right waits for something without a date: a payment, the course before it in a path.
    starts_at = models.DateTimeField(null=True, blank=True)
    expires_at = models.DateTimeField(null=True, blank=True, validators=[BEFORE_LATEST])
    # Of a right without a start: how many days it lasts once it starts. Copied at the grant, like an end.
    duration_days = models.PositiveIntegerField(null=True, blank=True)
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
                condition=Q(expires_at=None) | Q(starts_at=None) | Q(expires_at__gt=F("starts_at")),
                name="access_ends_after_it_starts",
            ),
            models.CheckConstraint(
                condition=(Q(status="revoked") & Q(revoked_at__isnull=False) & ~Q(revocation_reason=""))
                | (~Q(status="revoked") & Q(revoked_at__isnull=True) & Q(revocation_reason="")),
                name="access_revoked_says_when_and_why",
            ),
            models.CheckConstraint(condition=~Q(source_key=""), name="access_names_its_source"),
            models.CheckConstraint(
                condition=Q(status__in=["pending", "revoked"]) | Q(starts_at__isnull=False),
                name="access_starts_unless_pending",
            ),
            models.CheckConstraint(
                condition=(Q(access_type="cohort") & Q(cohort__isnull=False))
                | (~Q(access_type="cohort") & Q(cohort__isnull=True)),
                name="access_by_cohort_names_the_cohort",
            ),
            models.CheckConstraint(
                condition=(Q(access_type="bundle") & Q(bundle_purchase__isnull=False))
                | (~Q(access_type="bundle") & Q(bundle_purchase__isnull=True)),
                name="access_by_bundle_names_the_purchase",
            ),
            models.CheckConstraint(
                condition=(Q(access_type="path") & Q(path__isnull=False))
                | (~Q(access_type="path") & Q(path__isnull=True)),
                name="access_by_path_names_the_path",
            ),
        )
        indexes = (
            models.Index(fields=["user", "course"], name="access_of_a_student"),
            models.Index(
                fields=["expires_at"], condition=Q(status__in=["pending", "unlocked"]), name="access_still_to_expire"
            ),
            models.Index(fields=["starts_at"], condition=Q(status="pending"), name="access_still_to_start"),
            # What is over and what has not begun, of which there is less than of what runs.
            models.Index(
                fields=["user"],
                condition=Q(status__in=["locked", "expired", "revoked"]),
                name="access_over_of_a_student",
            ),
            models.Index(
                fields=["starts_at"], condition=Q(status__in=["pending", "unlocked"]), name="access_open_in_time"
            ),
        )

    def __str__(self) -> str:
        return f"{self.get_access_type_display()}: {self.user_id} -> {self.course_id or f'tier {self.tier_level}'}"

    @property
    def source_label(self) -> str:
        """Where it came from, in words: the bundle, cohort or path by its name, else the type  [001, V-3]."""
        if self.bundle_purchase:
            return f"Bundle: {self.bundle_purchase.bundle}"
        if self.cohort or self.path:
            return f"{self.get_access_type_display()}: {self.cohort or self.path}"
        return self.get_access_type_display()

    def is_open(self, now: datetime) -> bool:
        """True while the row opens its course; the same rule as `open_at` in SQL."""
        if self.status not in OPENING or self.starts_at is None or self.starts_at > now:
            return False
        return self.expires_at is None or now < self.expires_at

    def is_to_come(self, now: datetime) -> bool:
        """True of a right that has not begun and still may; the same rule as `to_come_at` in SQL."""
        if self.status not in OPENING or (self.expires_at and self.expires_at <= now):
            return False
        return self.starts_at is None or self.starts_at > now


class AccessEvent(AppendOnlyModel):
    """One change of a right or a suspension. Appended, never changed; the present is a fold over these rows."""

    access = models.ForeignKey(CourseAccess, null=True, blank=True, on_delete=models.PROTECT, related_name="events")
    suspension = models.ForeignKey("Suspension", null=True, blank=True, on_delete=models.PROTECT, related_name="events")
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
        constraints = (
            models.CheckConstraint(
                condition=(Q(access__isnull=False) & Q(suspension__isnull=True))
                | (Q(access__isnull=True) & Q(suspension__isnull=False)),
                name="event_is_about_a_right_or_a_suspension",
            ),
            models.CheckConstraint(
                condition=~Q(action__in=["revoked", "suspended"]) | ~Q(reason=""), name="event_of_a_loss_gives_a_reason"
            ),
        )
        indexes = (
            models.Index(fields=["user", "course", "at"], name="event_timeline"),
            models.Index(fields=["at"], name="event_in_time"),
            # The log of staff: what somebody did, without what happened by itself.
            models.Index(fields=["at"], condition=Q(actor__isnull=False), name="event_by_somebody"),
        )

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
    # The lowest of the best scores in the course's required quizzes, kept by whoever marks them; empty counts as 0.
    lowest_quiz_score = models.PositiveSmallIntegerField(null=True, blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["user", "course"], name="enrollment_once_per_course"),
            models.CheckConstraint(
                condition=Q(lowest_quiz_score=None) | Q(lowest_quiz_score__lte=100),
                name="enrollment_quiz_score_is_a_percentage",
            ),
        )
        indexes = (
            models.Index(fields=["enrolled_at", "user"], name="enrollment_in_time"),
            models.Index(
                fields=["completed_at", "user"], condition=Q(completed_at__isnull=False), name="completion_in_time"
            ),
        )

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
