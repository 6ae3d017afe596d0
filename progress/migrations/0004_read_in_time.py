"""Indexes by time, for the overview and the analytics of the dashboard; added while the site is in use."""

from django.conf import settings
from django.db import migrations, models

from common.indexes import AddIndexWithoutLock


class Migration(migrations.Migration):
    atomic = False

    dependencies = [
        ("catalog", "0007_trash"),
        ("progress", "0003_once_completed"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        AddIndexWithoutLock(
            model_name="courseprogress",
            index=models.Index(fields=["last_active_at", "user"], name="course_progress_in_time"),
        ),
        AddIndexWithoutLock(
            model_name="lessonprogress",
            index=models.Index(
                condition=models.Q(("completed_at__isnull", False)),
                fields=["completed_at", "user"],
                name="progress_completed_in_time",
            ),
        ),
    ]
