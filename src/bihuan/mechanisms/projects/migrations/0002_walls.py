"""The second wall: projects, milestones and blocking points show themselves to offices of the place and the department."""

from django.db import migrations

WALL = """
create policy {table}_visible on {table} using (
    (select current_setting('bihuan.kind', true)) = 'service'
    or region = any ((select bihuan_list('bihuan.regions'))::text[])
    or department_id = any ((select bihuan_list('bihuan.departments')::uuid[])::uuid[])
) with check ((select current_setting('bihuan.kind', true)) = 'service');
alter table {table} enable row level security;
alter table {table} force row level security;
create trigger region_stays before update of region on {table} for each row execute function bihuan_region_stays();
"""


class Migration(migrations.Migration):
    dependencies = [("projects", "0001_initial"), ("cases", "0002_walls"), ("kernel", "0001_roles")]
    operations = [
        migrations.RunSQL(WALL.format(table=table), migrations.RunSQL.noop)
        for table in ("projects_project", "projects_milestone", "projects_block")
    ]
