"""The second wall as strict as the first: drafts of warnings for who circulates them, lessons taken out for keepers."""

import importlib

from django.db import migrations

PLACE = importlib.import_module("bihuan.casework.registers.migrations.0004_more_walls").PLACE


def held(*roles: str) -> str:
    """Return the condition that one of the offices is held in the region of the row."""
    named = ", ".join(f"'{role}:' || region" for role in roles)
    return f"array[{named}]::text[] && (select bihuan_list('bihuan.offices'))::text[]"


KEEPERS = ("supervision_office", "leader", "coordinator")
RULES = {
    "registers_warning": f"{held(*KEEPERS, 'discipline')} or state = 'circulated' and {PLACE}",
    "registers_lesson": f"{held(*KEEPERS)} or state = 'published' and {PLACE}",
}
WALL = """
alter policy {table}_visible on {table} using (
    (select current_setting('bihuan.kind', true)) = 'service'
    or (select current_setting('bihuan.kind', true)) = 'reader' and ({rule})
);
"""


class Migration(migrations.Migration):
    dependencies = [("registers", "0004_more_walls")]
    operations = [
        migrations.RunSQL(WALL.format(table=table, rule=rule), migrations.RunSQL.noop) for table, rule in RULES.items()
    ]
