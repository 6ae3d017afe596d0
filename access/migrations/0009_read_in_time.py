"""Indexes by time, for the overview and the analytics of the dashboard; added while the site is in use."""

from django.conf import settings
from django.db import migrations, models

from common.indexes import AddIndexWithoutLock


class Migration(migrations.Migration):
    atomic = False

    dependencies = [
        ("access", "0008_when_groups_were_saved"),
        ("catalog", "0007_trash"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        AddIndexWithoutLock(
            model_name="accessevent",
            index=models.Index(fields=["at"], name="event_in_time"),
        ),
        AddIndexWithoutLock(
            model_name="courseaccess",
            index=models.Index(
                condition=models.Q(("status__in", ["locked", "expired", "revoked"])),
                fields=["user"],
                name="access_over_of_a_student",
            ),
        ),
        AddIndexWithoutLock(
            model_name="courseaccess",
            index=models.Index(
                condition=models.Q(("status__in", ["pending", "unlocked"])),
                fields=["starts_at"],
                name="access_open_in_time",
            ),
        ),
        AddIndexWithoutLock(
            model_name="courseenrollment",
            index=models.Index(fields=["enrolled_at", "user"], name="enrollment_in_time"),
        ),
        AddIndexWithoutLock(
            model_name="courseenrollment",
            index=models.Index(
                condition=models.Q(("completed_at__isnull", False)),
                fields=["completed_at", "user"],
                name="completion_in_time",
            ),
        ),
    ]
