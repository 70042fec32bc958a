"""The second wall of service items: published ones for everybody; demands and promises for both sides."""

from django.db import migrations

WALL = """
create policy {table}_visible on {table} using (
    (select current_setting('bihuan.kind', true)) = 'service'
    or {above}
) with check ((select current_setting('bihuan.kind', true)) = 'service');
alter table {table} enable row level security;
alter table {table} force row level security;
"""
STAYS = "create trigger region_stays before update of region on {table} for each row execute function bihuan_region_stays();"
REGIONS = "any ((select bihuan_list('bihuan.regions'))::text[])"
UNITS = "any ((select bihuan_list('bihuan.departments')::uuid[])::uuid[])"
FIRMS = "any ((select bihuan_list('bihuan.enterprises')::uuid[])::uuid[])"
SIDE = f"region = {REGIONS} or department_id = {UNITS}"
ABOVE = {
    "policies_item": f"state <> 'draft' or {SIDE}",
    "policies_reform": "item_id in (select id from policies_item)",
    "policies_reform_case": "reform_id in (select id from policies_reform)",
    "policies_demand": f"{SIDE} or enterprise_id = {FIRMS}",
    "policies_promise": f"{SIDE} or enterprise_id = {FIRMS}",
}
KEPT = ("policies_item", "policies_reform", "policies_demand", "policies_promise")


class Migration(migrations.Migration):
    dependencies = [("policies", "0005_items"), ("cases", "0002_walls"), ("kernel", "0001_roles")]
    operations = [
        *(
            migrations.RunSQL(WALL.format(table=table, above=above), migrations.RunSQL.noop)
            for table, above in ABOVE.items()
        ),
        *(migrations.RunSQL(STAYS.format(table=table), migrations.RunSQL.noop) for table in KEPT),
    ]
