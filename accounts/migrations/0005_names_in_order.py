"""An index of names, by which the list of students may be sorted; added while the site is in use."""

import django.db.models.functions.text
from django.db import migrations, models

from common.indexes import AddIndexWithoutLock


class Migration(migrations.Migration):
    atomic = False

    dependencies = [
        ("accounts", "0004_read_in_time"),
        ("auth", "0012_alter_user_first_name_max_length"),
    ]

    operations = [
        AddIndexWithoutLock(
            model_name="user",
            index=models.Index(django.db.models.functions.text.Lower("name"), models.F("id"), name="user_by_name"),
        ),
    ]
