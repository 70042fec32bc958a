"""The second wall of delivery: offices of the place, the department responsible, and each enterprise its own."""

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
OWN = (
    " or exists (select from policies_grant g where g.round_id = policies_round.id and g.enterprise_id = " + FIRMS + ")"
)
ABOVE = {
    "policies_round": SIDE + OWN,
    "policies_grant": f"{SIDE} or enterprise_id = {FIRMS}",
    "policies_share": "grant_id in (select id from policies_grant)",
    "policies_batch": SIDE,
    "policies_payment": "batch_id in (select id from policies_batch)",
}
KEPT = ("policies_round", "policies_grant", "policies_batch")


class Migration(migrations.Migration):
    dependencies = [("policies", "0003_delivery"), ("cases", "0002_walls"), ("kernel", "0001_roles")]
    operations = [
        *(
            migrations.RunSQL(WALL.format(table=table, above=above), migrations.RunSQL.noop)
            for table, above in ABOVE.items()
        ),
        *(migrations.RunSQL(STAYS.format(table=table), migrations.RunSQL.noop) for table in KEPT),
    ]
