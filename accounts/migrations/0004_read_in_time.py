"""Indexes by time, for the overview and the analytics of the dashboard; added while the site is in use."""

from django.db import migrations, models

from common.indexes import AddIndexWithoutLock


class Migration(migrations.Migration):
    atomic = False

    dependencies = [
        ("accounts", "0003_log_is_append_only"),
        ("auth", "0012_alter_user_first_name_max_length"),
    ]

    operations = [
        AddIndexWithoutLock(
            model_name="user",
            index=models.Index(fields=["date_joined"], name="user_in_time"),
        ),
        AddIndexWithoutLock(
            model_name="user",
            index=models.Index(condition=models.Q(("is_staff", True)), fields=["email"], name="user_of_staff"),
        ),
    ]
