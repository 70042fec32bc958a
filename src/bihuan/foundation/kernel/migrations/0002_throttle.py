"""How often something was tried lately."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("kernel", "0001_roles")]
    operations = [
        migrations.CreateModel(
            name="Throttle",
            fields=[
                ("key", models.CharField(max_length=40, primary_key=True, serialize=False)),
                ("full_until", models.DateTimeField(db_index=True)),
            ],
            options={"db_table": "kernel_throttle"},
        ),
        migrations.RunSQL("alter table kernel_throttle set unlogged", migrations.RunSQL.noop),
    ]
