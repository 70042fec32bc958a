"""Forms that were sent, so that sending twice raises once."""

from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [("kernel", "0001_roles")]

    operations = [
        migrations.CreateModel(
            name="SentForm",
            fields=[
                ("mark", models.CharField(max_length=64, primary_key=True, serialize=False)),
                ("sealed", models.BinaryField()),
                ("sent_at", models.DateTimeField(db_index=True)),
            ],
            options={
                "db_table": "intake_sent_form",
            },
        ),
    ]
