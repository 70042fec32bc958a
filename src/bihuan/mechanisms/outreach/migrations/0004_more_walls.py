"""The second wall of visits: an enterprise sees announced ones and those that were made; reports only the product reads.

The product shows reports and photos to those who went, their body and staff of the region; positions to supervisors.
"""

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
GOES = "(select nullif(current_setting('bihuan.person', true), '')::uuid) = any (officials)"
ABOVE = {
    "outreach_team": f"\n    or {REGIONS}",
    "outreach_plan": f"\n    or {REGIONS}",
    "outreach_visit": f"\n    or {REGIONS} or {OWN} or ({DOORS} and (announced or state = 'done')) or {GOES}",
    "outreach_report": "",
    "outreach_photo": "",
    "outreach_photo_place": "",
}


class Migration(migrations.Migration):
    dependencies = [("outreach", "0003_visits"), ("kernel", "0001_roles")]
    operations = [
        migrations.RunSQL(WALL.format(table=table, above=above), migrations.RunSQL.noop)
        for table, above in ABOVE.items()
    ]
