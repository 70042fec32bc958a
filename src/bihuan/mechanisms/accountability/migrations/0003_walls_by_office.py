"""The second wall as strict as the first: of a region only the offices that run or watch the procedure see a row.

Before, every office that sees all cases of a region (a seat, say) saw the rows too, if a query forgot to ask. And
whoever works in a unit that is concerned sees of an inquiry what the unit sees, whatever office they hold besides.
"""

from django.db import migrations

ROLES = ("coordinator", "catch_all", "discipline", "supervision_office", "leader")
OFFICES = "(select bihuan_list('bihuan.offices'))::text[]"
MINE = "(select bihuan_list('bihuan.departments'))::text[]"
HELD = "array[" + ", ".join(f"'{role}:' || region" for role in ROLES) + f"]::text[] && {OFFICES}"
"""Somebody watches the procedure of the region. Offices are null where nobody holds one: then no row is seen."""
CONCERNED = f"coalesce(unit_ids::text[] && {MINE}, false)"
MY_DEPARTMENT = f"coalesce(department_id::text = any ({MINE}), false)"
MY_BOARD = "(board <> '' and region || ':' || board = any ((select bihuan_list('bihuan.boards'))::text[]))"
RULES = {
    "accountability_inquiry": f"case when {CONCERNED} then state not in ('applied', 'not_accepted') else {HELD} end",
    "accountability_relief": f"{MY_DEPARTMENT} or {HELD}",
    "accountability_sign": f"{MY_DEPARTMENT} or {HELD}",
    "accountability_point": HELD,
    "accountability_entry": f"{HELD} or {MY_DEPARTMENT} or {MY_BOARD}",
    "accountability_check": f"{HELD} or id in (select e.check_round_id from accountability_entry e)",  # noqa: S608
}
WALL = """
alter policy {table}_visible on {table} using (
    (select current_setting('bihuan.kind', true)) = 'service'
    or (select current_setting('bihuan.kind', true)) = 'reader' and ({rule})
);
"""


class Migration(migrations.Migration):
    dependencies = [("accountability", "0002_walls")]
    operations = [
        migrations.RunSQL(WALL.format(table=table, rule=rule), migrations.RunSQL.noop) for table, rule in RULES.items()
    ]
