"""Answers given under an Idempotency-Key."""

from django.db import migrations, models

import bihuan.foundation.kernel.ids


class Migration(migrations.Migration):
    initial = True
    dependencies = [("kernel", "0002_throttle")]
    operations = [
        migrations.CreateModel(
            name="GivenAnswer",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=bihuan.foundation.kernel.ids.uuid7, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("principal", models.CharField(max_length=80)),
                ("key", models.CharField(max_length=200)),
                ("fingerprint", models.CharField(max_length=64)),
                ("status", models.SmallIntegerField()),
                ("location", models.CharField(blank=True, default="", max_length=200)),
                ("body", models.BinaryField()),
                ("created_at", models.DateTimeField(db_index=True)),
            ],
            options={
                "db_table": "rest_given_answer",
                "constraints": [
                    models.UniqueConstraint(fields=("principal", "key"), name="rest_answer_once"),
                ],
            },
        ),
    ]
