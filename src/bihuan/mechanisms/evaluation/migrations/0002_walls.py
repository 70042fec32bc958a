"""The second wall: nobody who works in a department that was rated reads what it was rated.

Bad marks and callbacks are visible region-wide, but never to the units concerned; invitations, devices and draws only
to the product itself, which shows draws to everybody.
"""

from django.db import migrations

WALL = """
create policy {table}_visible on {table} using (
    (select current_setting('bihuan.kind', true)) = 'service' or ({readers})
) with check ((select current_setting('bihuan.kind', true)) = 'service');
alter table {table} enable row level security;
alter table {table} force row level security;
create trigger region_stays before update of region on {table} for each row execute function bihuan_region_stays();
"""
HEARD = """
    region = any ((select bihuan_list('bihuan.regions'))::text[])
    and not coalesce(unit_ids && (select bihuan_list('bihuan.departments')::uuid[])::uuid[], false)
"""
ASKED = """
    region = any ((select bihuan_list('bihuan.regions'))::text[])
    and not coalesce(department_id = any ((select bihuan_list('bihuan.departments')::uuid[])::uuid[]), false)
"""
# Counting over a year of invitations for the export needs them; nothing in a row says what was rated or who.
REGION = "region = any ((select bihuan_list('bihuan.regions'))::text[])"
READERS = {
    "evaluation_mark": HEARD,
    "evaluation_callback": HEARD,
    "evaluation_question": ASKED,
    "evaluation_invitation": REGION,
    "evaluation_device": "false",
    "evaluation_draw": "false",
}


class Migration(migrations.Migration):
    dependencies = [("evaluation", "0001_initial"), ("cases", "0002_walls"), ("kernel", "0001_roles")]
    operations = [
        migrations.RunSQL(WALL.format(table=table, readers=readers), migrations.RunSQL.noop)
        for table, readers in READERS.items()
    ]
