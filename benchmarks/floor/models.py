"""A row to read and a row to write."""

from django.conf import settings
from django.db import models


class Note(models.Model):
    """A row to read."""

    slug = models.SlugField(unique=True)
    title = models.CharField(max_length=200)
    text = models.TextField()

    def __str__(self) -> str:
        return self.title


class Mark(models.Model):
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE)
    note = models.ForeignKey(Note, on_delete=models.CASCADE)
    seconds = models.FloatField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=["user", "note"], name="mark_once_per_note"),)

    def __str__(self) -> str:
        return str(self.pk)
