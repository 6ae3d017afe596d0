"""Which mails about the end of a right have been written, so that each goes out once."""

from django.db import models

from access.models.rights import CourseAccess


class NoticeKind(models.TextChoices):
    ENDING = "ending", "Ends soon"
    ENDED = "ended", "Ended"


class AccessNotice(models.Model):
    """One mail about one end of one right; a renewal gives the right another end, and so another notice."""

    access = models.ForeignKey(CourseAccess, on_delete=models.CASCADE, related_name="notices")
    kind = models.CharField(max_length=8, choices=NoticeKind.choices)
    ends_at = models.DateTimeField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=["access", "kind", "ends_at"], name="notice_once_per_end"),)

    def __str__(self) -> str:
        return f"{self.kind} {self.access_id}"
