"""Indexes for who was active in a period that may be long past; added while the site is in use."""

from django.conf import settings
from django.db import migrations, models

from common.indexes import AddIndexWithoutLock


class Migration(migrations.Migration):
    atomic = False

    dependencies = [
        ("catalog", "0007_trash"),
        ("progress", "0004_read_in_time"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        AddIndexWithoutLock(
            model_name="lessonprogress",
            index=models.Index(fields=["started_at", "user"], name="progress_begun_in_time"),
        ),
        AddIndexWithoutLock(
            model_name="lessonprogress",
            index=models.Index(fields=["user", "started_at", "completed_at"], name="progress_of_a_student_in_time"),
        ),
    ]
