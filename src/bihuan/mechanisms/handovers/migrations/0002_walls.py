"""The second wall: a hand-over and its accounts show themselves to offices of the place and to both departments."""

from django.db import migrations

WALL = """
create policy {table}_visible on {table} using (
    (select current_setting('bihuan.kind', true)) = 'service'
    or region = any ((select bihuan_list('bihuan.regions'))::text[])
    or units && ((select bihuan_list('bihuan.departments')::uuid[])::uuid[])
) with check ((select current_setting('bihuan.kind', true)) = 'service');
alter table {table} enable row level security;
alter table {table} force row level security;
create trigger region_stays before update of region on {table} for each row execute function bihuan_region_stays();
"""


class Migration(migrations.Migration):
    dependencies = [("handovers", "0001_initial"), ("cases", "0002_walls"), ("kernel", "0001_roles")]
    operations = [
        migrations.RunSQL(WALL.format(table=table), migrations.RunSQL.noop)
        for table in ("handovers_handover", "handovers_account")
    ]
