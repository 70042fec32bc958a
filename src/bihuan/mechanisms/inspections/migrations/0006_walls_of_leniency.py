"""The second wall of lenient lists and repairs: a body its own, an enterprise its repairs, staff those of the region."""

from django.db import migrations

WALL = """
create policy {table}_visible on {table} using (
    (select current_setting('bihuan.kind', true)) = 'service'{above}
) with check ((select current_setting('bihuan.kind', true)) = 'service');
alter table {table} enable row level security;
alter table {table} force row level security;
create trigger region_stays before update of region on {table} for each row execute function bihuan_region_stays();
"""
REGIONS = "region = any ((select bihuan_list('bihuan.regions'))::text[])"
OWN = "department_id = any ((select bihuan_list('bihuan.departments')::uuid[])::uuid[])"
DOORS = "enterprise_id = any ((select bihuan_list('bihuan.enterprises')::uuid[])::uuid[])"
ABOVE = {
    "inspections_leniency": f"\n    or {REGIONS} or {OWN}",
    "inspections_repair": f"\n    or {REGIONS} or {OWN} or {DOORS}",
}


class Migration(migrations.Migration):
    dependencies = [("inspections", "0005_leniency"), ("kernel", "0001_roles")]
    operations = [
        migrations.RunSQL(WALL.format(table=table, above=above), migrations.RunSQL.noop)
        for table, above in ABOVE.items()
    ]
