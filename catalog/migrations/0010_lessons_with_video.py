"""An index of the lessons with a video, for the count of those without captions; added while the site is in use."""

from django.db import migrations, models

from common.indexes import AddIndexWithoutLock


class Migration(migrations.Migration):
    atomic = False

    dependencies = [
        ("catalog", "0009_uploaded_courses"),
    ]

    operations = [
        AddIndexWithoutLock(
            model_name="lesson",
            index=models.Index(
                condition=models.Q(("is_published", True), models.Q(("video_url", ""), _negated=True)),
                fields=["course", "id"],
                name="lesson_with_video",
            ),
        ),
    ]
