"""The four tiers of seed 004, with its prices; staff may edit names, prices and features."""

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

TIERS = [
    (0, "free", "Free", None, None, ["Free courses", "Preview lessons of every course"]),
    (1, "basic", "Basic", 20_000, 2_000, ["Everything in Free", "All Basic courses"]),
    (2, "main", "Main", 50_000, 5_000, ["Everything in Basic", "All Main courses"]),
    (3, "premium", "Premium", 100_000, 10_000, ["Everything in Main", "All Premium courses"]),
]


def create(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    tier = apps.get_model("access", "Tier")
    for level, slug, name, yearly, monthly, features in TIERS:
        prices = {"price_yearly_minor": yearly, "price_monthly_minor": monthly}
        tier.objects.get_or_create(level=level, defaults={"slug": slug, "name": name, "features": features, **prices})


class Migration(migrations.Migration):
    dependencies = [("access", "0001_initial")]
    operations = [migrations.RunPython(create, migrations.RunPython.noop)]
