"""The second wall of what is learnt: for all of the place; drafts for who oversees it; ballots for nobody."""

import importlib

from django.db import migrations

BEFORE = importlib.import_module("bihuan.casework.registers.migrations.0002_walls")
PLACE = f"({BEFORE.REGIONS} or {BEFORE.DEPUTIES} or {BEFORE.UNITS} or {BEFORE.BOARDS})"
RULES = {
    "registers_competition": PLACE,
    "registers_exemplar": PLACE,
    "registers_adoption": PLACE,
    "registers_reading": PLACE,
    "registers_warning": f"{BEFORE.REGIONS} or state = 'circulated' and {PLACE}",
    "registers_lesson": f"{BEFORE.REGIONS} or state = 'published' and {PLACE}",
    "registers_ballot": "false",
}
STAYS = """
create function registers_ballot_stays() returns trigger language plpgsql as $$
begin
    raise exception 'a vote never changes' using errcode = 'integrity_constraint_violation';
end $$;
create trigger ballot_stays before update or delete on registers_ballot
    for each row execute function registers_ballot_stays();
"""


class Migration(migrations.Migration):
    dependencies = [("registers", "0003_shelves"), ("cases", "0002_walls"), ("kernel", "0001_roles")]
    operations = [
        *(
            migrations.RunSQL(BEFORE.WALL.format(table=table, rule=rule), migrations.RunSQL.noop)
            for table, rule in RULES.items()
        ),
        migrations.RunSQL(STAYS, migrations.RunSQL.noop),
    ]
