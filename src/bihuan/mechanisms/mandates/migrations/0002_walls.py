"""The second wall: offices of the place, the window's department, and holders; tasks and stays show with their mandate."""

from django.db import migrations

WINDOWS = """
create policy mandates_window_visible on mandates_window using (
    (select current_setting('bihuan.kind', true)) = 'service'
    or region = any ((select bihuan_list('bihuan.regions'))::text[])
    or department_id = any ((select bihuan_list('bihuan.departments')::uuid[])::uuid[])
) with check ((select current_setting('bihuan.kind', true)) = 'service');
"""
MANDATES = """
create policy mandates_mandate_visible on mandates_mandate using (
    (select current_setting('bihuan.kind', true)) = 'service'
    or region = any ((select bihuan_list('bihuan.regions'))::text[])
    or department_id = any ((select bihuan_list('bihuan.departments')::uuid[])::uuid[])
    or enterprise_id = any ((select bihuan_list('bihuan.enterprises')::uuid[])::uuid[])
    or person_id::text = (select current_setting('bihuan.person', true))
) with check ((select current_setting('bihuan.kind', true)) = 'service');
"""
WITH_IT = """
create policy {table}_visible on {table} using (
    (select current_setting('bihuan.kind', true)) = 'service'
    or exists (select from mandates_mandate m where m.id = mandate_id)
) with check ((select current_setting('bihuan.kind', true)) = 'service');
"""
FORCED = "alter table {table} enable row level security; alter table {table} force row level security;"
STAYS = "create trigger region_stays before update of region on {table} for each row execute function bihuan_region_stays();"
TABLES = ("mandates_window", "mandates_mandate", "mandates_stay", "mandates_task")


class Migration(migrations.Migration):
    dependencies = [("mandates", "0001_initial"), ("cases", "0002_walls"), ("kernel", "0001_roles")]
    operations = [
        migrations.RunSQL(WINDOWS, migrations.RunSQL.noop),
        migrations.RunSQL(MANDATES, migrations.RunSQL.noop),
        *(migrations.RunSQL(WITH_IT.format(table=table), migrations.RunSQL.noop) for table in TABLES[2:]),
        *(migrations.RunSQL(FORCED.format(table=table), migrations.RunSQL.noop) for table in TABLES),
        *(migrations.RunSQL(STAYS.format(table=table), migrations.RunSQL.noop) for table in TABLES[:2]),
    ]
