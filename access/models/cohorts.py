"""Groups of students, with dates, seats and courses  [001, 004]."""

from datetime import datetime

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from catalog.models import Course
from common.moments import DAY_BEFORE_LATEST, start_of_day


class Cohort(models.Model):
    """A group. With `grants_access` joining writes rights; without it only those who hold one may join  [X-23]."""

    name = models.CharField(max_length=120, unique=True)
    description = models.TextField(blank=True)
    is_active = models.BooleanField(default=True)
    courses = models.ManyToManyField(Course, related_name="cohorts", blank=True)
    starts_on = models.DateField(null=True, blank=True, validators=[DAY_BEFORE_LATEST])
    ends_on = models.DateField(null=True, blank=True)
    max_participants = models.PositiveIntegerField(null=True, blank=True, help_text="Empty: no limit")
    grants_access = models.BooleanField(default=True)
    remove_access_on_leave = models.BooleanField(default=True)
    # Taken by one conditional UPDATE, so that the last seat is sold once.
    member_count = models.PositiveIntegerField(default=0, editable=False)
    # When staff last saved it: for two editors at once. Taking a seat leaves it alone.
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(max_participants=None) | Q(member_count__lte=F("max_participants")),
                name="cohort_has_a_seat_for_every_member",
            ),
            models.CheckConstraint(
                condition=Q(starts_on=None) | Q(ends_on=None) | Q(ends_on__gte=F("starts_on")),
                name="cohort_ends_after_it_starts",
            ),
        )

    def __str__(self) -> str:
        return self.name

    @property
    def starts_at(self) -> datetime | None:
        """Midnight of the first day in the site's time zone; None without a date."""
        return start_of_day(self.starts_on) if self.starts_on else None

    @property
    def seats_left(self) -> int | None:
        """Free seats; None without a limit."""
        return None if self.max_participants is None else self.max_participants - self.member_count


class CohortMembership(models.Model):
    """A student in a group; left, never deleted."""

    cohort = models.ForeignKey(Cohort, on_delete=models.PROTECT, related_name="memberships")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="cohort_memberships")
    joined_at = models.DateTimeField()
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    left_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["cohort", "user"], condition=Q(left_at=None), name="membership_once_per_cohort"
            ),
            models.CheckConstraint(
                condition=Q(left_at=None) | Q(left_at__gte=F("joined_at")), name="membership_ends_after_it_starts"
            ),
        )

    def __str__(self) -> str:
        return f"{self.user} in {self.cohort}"
