"""Filters of lists that people keep under names of their own."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import bihuan.foundation.kernel.ids


class Migration(migrations.Migration):
    initial = True
    dependencies = [("kernel", "0001_roles"), migrations.swappable_dependency(settings.AUTH_USER_MODEL)]
    operations = [
        migrations.CreateModel(
            name="SavedView",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=bihuan.foundation.kernel.ids.uuid7, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("page", models.CharField(max_length=40)),
                ("name", models.CharField(max_length=20)),
                ("query", models.CharField(max_length=1000)),
                ("created_at", models.DateTimeField()),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "db_table": "portal_saved_view",
                "constraints": [
                    models.UniqueConstraint(fields=("person", "page", "name"), name="saved_view_name_once")
                ],
            },
        ),
    ]
