"""Bulk access: a batch is a checked list of changes; it is applied once, kept for good, and undone within a day."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from access.models.rights import AccessStatus, CourseAccess
from catalog.models import Course

CHECK_LASTS = timedelta(hours=1)
UNDO_LASTS = timedelta(hours=24)
STALLED_AFTER = timedelta(minutes=10)


class BatchState(models.TextChoices):
    """draft -> applying -> applied -> undoing -> undone;  draft -> expired."""

    DRAFT = "draft", "Checked"
    APPLYING = "applying", "Being applied"
    APPLIED = "applied", "Applied"
    UNDOING = "undoing", "Being undone"
    UNDONE = "undone", "Undone"
    EXPIRED = "expired", "Not applied"


WORKING = (BatchState.APPLYING, BatchState.UNDOING)


class BatchAction(models.TextChoices):
    GRANT = "grant", "Grant"
    EXTEND = "extend", "Extend"
    REVOKE = "revoke", "Revoke"


class Verdict(models.TextChoices):
    """What becomes of a line: the first three change something, the others say why nothing is."""

    GRANT = "grant", "Grant"
    EXTEND = "extend", "Extend"
    REVOKE = "revoke", "Revoke"
    HELD = "held", "Already have it"
    SUSPENDED = "suspended", "Suspended"
    STAFF = "staff", "Staff"
    NOTHING_HELD = "nothing_held", "Nothing to change"
    NO_END = "no_end", "Without an end"
    TOO_LATE = "too_late", "Would have ended"
    UNKNOWN_EMAIL = "unknown_email", "Unknown e-mail"
    UNKNOWN_COURSE = "unknown_course", "Unknown course"
    REPEATED = "repeated", "Repeated line"
    BAD_ACTION = "bad_action", "Unknown action"
    BAD_DATE = "bad_date", "Bad date"
    NO_REASON = "no_reason", "Reason missing"


CHANGING = (Verdict.GRANT, Verdict.EXTEND, Verdict.REVOKE)


class UndoOutcome(models.TextChoices):
    UNDONE = "undone", "Undone"
    CHANGED = "changed", "Changed since, left alone"
    GONE = "gone", "Revoked for good"


class AccessBatch(models.Model):
    """One list of changes, as it was checked. `reached` and `told_until` are the last students done, for a job that
    was killed to go on behind them.
    """

    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="access_batches")
    name = models.CharField(max_length=200, help_text="Of the file, or how it came")
    sha256 = models.CharField(max_length=64)
    state = models.CharField(max_length=10, choices=BatchState.choices, default=BatchState.DRAFT)
    tells = models.BooleanField(default=False, help_text="Whoever is given something gets a mail")
    counts = models.JSONField(default=dict, help_text="How many lines have which verdict, and which outcome of undoing")
    total = models.PositiveIntegerField(default=0, help_text="How many lines change something")
    done = models.PositiveIntegerField(default=0, help_text="How many of them the job has been through")
    reached = models.BigIntegerField(default=0)
    told_until = models.BigIntegerField(default=0)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    applied_at = models.DateTimeField(null=True, blank=True)
    applied_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    moved_at = models.DateTimeField(null=True, blank=True, help_text="When the job last got on")
    finished_at = models.DateTimeField(null=True, blank=True)
    undone_at = models.DateTimeField(null=True, blank=True)
    undone_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    cause = models.TextField(blank=True, help_text="Why the job stopped")

    class Meta:
        verbose_name = "access batch"
        verbose_name_plural = "access batches"
        constraints = (
            models.CheckConstraint(condition=Q(expires_at__gt=F("created_at")), name="batch_expires_after_its_check"),
            models.CheckConstraint(
                condition=Q(state__in=["draft", "expired"], applied_at=None, applied_by=None)
                | (
                    Q(state__in=["applying", "applied", "undoing", "undone"])
                    & Q(applied_at__isnull=False, applied_by__isnull=False)
                ),
                name="batch_applied_says_when_and_who",
            ),
            models.CheckConstraint(
                condition=(Q(state="undone") & Q(undone_at__isnull=False)) | (~Q(state="undone") & Q(undone_at=None)),
                name="batch_undone_says_when",
            ),
            models.CheckConstraint(condition=Q(done__lte=F("total")), name="batch_does_at_most_all"),
        )
        indexes = (models.Index(fields=["expires_at"], condition=Q(state="draft"), name="batch_still_to_expire"),)

    def __str__(self) -> str:
        return f"Batch {self.pk}: {self.name}"

    @property
    def source_key(self) -> str:
        """Ties the rights this batch gives, and its events, to it."""
        return f"batch:{self.pk}"

    @property
    def is_working(self) -> bool:
        return self.state in WORKING

    def state_at(self, now: datetime) -> BatchState:
        """What it is at this moment, also before the sweep writes down that the check is too old."""
        too_old = self.state == BatchState.DRAFT and now >= self.expires_at
        return BatchState.EXPIRED if too_old else BatchState(self.state)

    def can_be_applied(self, now: datetime) -> bool:
        return self.state_at(now) == BatchState.DRAFT and self.total > 0

    @property
    def changed(self) -> int:
        """How many lines change something, or did."""
        return sum(self.counts.get("verdicts", {}).get(verdict, 0) for verdict in CHANGING)

    @property
    def undo_until(self) -> datetime | None:
        return self.finished_at + UNDO_LASTS if self.finished_at else None

    def can_be_undone(self, now: datetime) -> bool:
        """For a day, where anything was changed."""
        until = self.undo_until
        return self.state == BatchState.APPLIED and until is not None and now < until and self.changed > 0

    def is_halted(self, now: datetime) -> bool:
        """Its job said why it stopped, or was not heard of for a while: somebody may let it go on."""
        silent = self.moved_at is not None and now - self.moved_at >= STALLED_AFTER
        return self.is_working and (bool(self.cause) or silent)


class AccessBatchRow(models.Model):
    """One line. Its verdict is that of the check until it is applied, and then what it really came to.

    `is_late` says that the verdict is another than the check's: something changed in between.
    """

    batch = models.ForeignKey(AccessBatch, on_delete=models.CASCADE, related_name="rows")
    line = models.PositiveIntegerField()
    email = models.CharField(max_length=254)
    slug = models.CharField(max_length=120)
    action = models.CharField(max_length=10)
    until_text = models.CharField(max_length=40, blank=True)
    until = models.DateTimeField(null=True, blank=True)
    note = models.CharField(max_length=300, blank=True)
    # Without indexes of their own: a batch writes a hundred thousand of these, and they are read by batch.
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+", db_index=False
    )
    course = models.ForeignKey(Course, null=True, on_delete=models.SET_NULL, related_name="+", db_index=False)
    verdict = models.CharField(max_length=16, choices=Verdict.choices)
    is_late = models.BooleanField(default=False)
    # Of an extension or a revocation; what a grant gave is found by the batch's source key.
    access = models.ForeignKey(CourseAccess, null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    ended_before = models.DateTimeField(null=True, help_text="When an extended right would have ended")
    status_before = models.CharField(max_length=10, choices=AccessStatus.choices, blank=True)
    undo = models.CharField(max_length=8, choices=UndoOutcome.choices, blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["batch", "line"], name="batch_row_once_per_line"),
            models.CheckConstraint(
                condition=Q(access=None) | Q(verdict__in=["extend", "revoke"]),
                name="batch_row_changed_only_by_its_verdict",
            ),
            models.CheckConstraint(
                condition=Q(undo="") | Q(verdict__in=["grant", "extend", "revoke"]),
                name="batch_row_undoes_only_what_it_did",
            ),
        )
        indexes = (models.Index(fields=["batch", "user", "line"], name="batch_rows_by_student"),)

    def __str__(self) -> str:
        return f"{self.line}: {self.action} {self.email} {self.slug}"
