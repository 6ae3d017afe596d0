"""Bulk access: checked lists of changes, applied once and kept."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("access", "0009_read_in_time"),
        ("catalog", "0008_old_slugs"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="AccessBatch",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(help_text="Of the file, or how it came", max_length=200)),
                ("sha256", models.CharField(max_length=64)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("draft", "Checked"),
                            ("applying", "Being applied"),
                            ("applied", "Applied"),
                            ("undoing", "Being undone"),
                            ("undone", "Undone"),
                            ("expired", "Not applied"),
                        ],
                        default="draft",
                        max_length=10,
                    ),
                ),
                ("tells", models.BooleanField(default=False, help_text="Whoever is given something gets a mail")),
                (
                    "counts",
                    models.JSONField(
                        default=dict, help_text="How many lines have which verdict, and which outcome of undoing"
                    ),
                ),
                ("total", models.PositiveIntegerField(default=0, help_text="How many lines change something")),
                ("done", models.PositiveIntegerField(default=0, help_text="How many of them the job has been through")),
                ("reached", models.BigIntegerField(default=0)),
                ("told_until", models.BigIntegerField(default=0)),
                ("created_at", models.DateTimeField()),
                ("expires_at", models.DateTimeField()),
                ("applied_at", models.DateTimeField(blank=True, null=True)),
                ("moved_at", models.DateTimeField(blank=True, help_text="When the job last got on", null=True)),
                ("finished_at", models.DateTimeField(blank=True, null=True)),
                ("undone_at", models.DateTimeField(blank=True, null=True)),
                ("cause", models.TextField(blank=True, help_text="Why the job stopped")),
                (
                    "applied_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="access_batches",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "undone_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "access batch",
                "verbose_name_plural": "access batches",
            },
        ),
        migrations.CreateModel(
            name="AccessBatchRow",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("line", models.PositiveIntegerField()),
                ("email", models.CharField(max_length=254)),
                ("slug", models.CharField(max_length=120)),
                ("action", models.CharField(max_length=10)),
                ("until_text", models.CharField(blank=True, max_length=40)),
                ("until", models.DateTimeField(blank=True, null=True)),
                ("note", models.CharField(blank=True, max_length=300)),
                (
                    "verdict",
                    models.CharField(
                        choices=[
                            ("grant", "Grant"),
                            ("extend", "Extend"),
                            ("revoke", "Revoke"),
                            ("held", "Already have it"),
                            ("suspended", "Suspended"),
                            ("staff", "Staff"),
                            ("nothing_held", "Nothing to change"),
                            ("no_end", "Without an end"),
                            ("too_late", "Would have ended"),
                            ("unknown_email", "Unknown e-mail"),
                            ("unknown_course", "Unknown course"),
                            ("repeated", "Repeated line"),
                            ("bad_action", "Unknown action"),
                            ("bad_date", "Bad date"),
                            ("no_reason", "Reason missing"),
                        ],
                        max_length=16,
                    ),
                ),
                ("is_late", models.BooleanField(default=False)),
                ("ended_before", models.DateTimeField(help_text="When an extended right would have ended", null=True)),
                (
                    "status_before",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("pending", "Pending"),
                            ("unlocked", "Unlocked"),
                            ("locked", "Locked"),
                            ("expired", "Expired"),
                            ("revoked", "Revoked"),
                        ],
                        max_length=10,
                    ),
                ),
                (
                    "undo",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("undone", "Undone"),
                            ("changed", "Changed since, left alone"),
                            ("gone", "Revoked for good"),
                        ],
                        max_length=8,
                    ),
                ),
                (
                    "access",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="access.courseaccess",
                    ),
                ),
                (
                    "batch",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="rows", to="access.accessbatch"
                    ),
                ),
                (
                    "course",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="catalog.course",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
        ),
        migrations.AddIndex(
            model_name="accessbatch",
            index=models.Index(
                condition=models.Q(("state", "draft")), fields=["expires_at"], name="batch_still_to_expire"
            ),
        ),
        migrations.AddConstraint(
            model_name="accessbatch",
            constraint=models.CheckConstraint(
                condition=models.Q(("expires_at__gt", models.F("created_at"))), name="batch_expires_after_its_check"
            ),
        ),
        migrations.AddConstraint(
            model_name="accessbatch",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("applied_at", None), ("applied_by", None), ("state__in", ["draft", "expired"])),
                    models.Q(
                        ("state__in", ["applying", "applied", "undoing", "undone"]),
                        ("applied_at__isnull", False),
                        ("applied_by__isnull", False),
                    ),
                    _connector="OR",
                ),
                name="batch_applied_says_when_and_who",
            ),
        ),
        migrations.AddConstraint(
            model_name="accessbatch",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "undone"), ("undone_at__isnull", False)),
                    models.Q(models.Q(("state", "undone"), _negated=True), ("undone_at", None)),
                    _connector="OR",
                ),
                name="batch_undone_says_when",
            ),
        ),
        migrations.AddConstraint(
            model_name="accessbatch",
            constraint=models.CheckConstraint(
                condition=models.Q(("done__lte", models.F("total"))), name="batch_does_at_most_all"
            ),
        ),
        migrations.AddIndex(
            model_name="accessbatchrow",
            index=models.Index(fields=["batch", "user", "line"], name="batch_rows_by_student"),
        ),
        migrations.AddConstraint(
            model_name="accessbatchrow",
            constraint=models.UniqueConstraint(fields=("batch", "line"), name="batch_row_once_per_line"),
        ),
        migrations.AddConstraint(
            model_name="accessbatchrow",
            constraint=models.CheckConstraint(
                condition=models.Q(("access", None), ("verdict__in", ["extend", "revoke"]), _connector="OR"),
                name="batch_row_changed_only_by_its_verdict",
            ),
        ),
        migrations.AddConstraint(
            model_name="accessbatchrow",
            constraint=models.CheckConstraint(
                condition=models.Q(("undo", ""), ("verdict__in", ["grant", "extend", "revoke"]), _connector="OR"),
                name="batch_row_undoes_only_what_it_did",
            ),
        ),
    ]
