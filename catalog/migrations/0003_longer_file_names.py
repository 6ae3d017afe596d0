"""Names of stored files hold the folders of courses and lessons, which 100 characters could not."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("catalog", "0002_search_index")]
    operations = [
        migrations.AlterField("course", name, models.ImageField(blank=True, max_length=255, upload_to="courses/"))
        for name in ("thumbnail", "cover", "logo")
    ] + [
        migrations.AlterField("material", "file", models.FileField(blank=True, max_length=255, upload_to="materials/"))
    ]
