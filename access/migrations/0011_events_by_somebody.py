"""An index for the log of staff: events that somebody caused, by time; added while the site is in use."""

from django.conf import settings
from django.db import migrations, models

from common.indexes import AddIndexWithoutLock


class Migration(migrations.Migration):
    atomic = False

    dependencies = [
        ("access", "0010_batches_of_changes"),
        ("catalog", "0009_uploaded_courses"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        AddIndexWithoutLock(
            model_name="accessevent",
            index=models.Index(
                condition=models.Q(("actor__isnull", False)),
                fields=["at"],
                name="event_by_somebody",
            ),
        ),
    ]
