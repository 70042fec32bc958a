"""The second wall: what is in force everybody reads; drafts and matches are for offices of the place and the department
responsible; a profile is for offices of the place where the enterprise is now, and for the enterprise.
"""

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
    "policies_policy": f"state in ('in_force', 'ended') or {SIDE}",
    "policies_clause": "policy_id in (select id from policies_policy)",
    "policies_terms": "clause_id in (select id from policies_clause)",
    "policies_profile": f"area = {REGIONS} or enterprise_id = {FIRMS}",
    "policies_past": "profile_id in (select id from policies_profile)",
    "policies_match": SIDE,
    "policies_import": f"region = {REGIONS}",
}
KEPT = ("policies_policy", "policies_clause", "policies_terms", "policies_profile", "policies_match", "policies_import")


class Migration(migrations.Migration):
    dependencies = [("policies", "0001_initial"), ("cases", "0002_walls"), ("kernel", "0001_roles")]
    operations = [
        *(
            migrations.RunSQL(WALL.format(table=table, above=above), migrations.RunSQL.noop)
            for table, above in ABOVE.items()
        ),
        *(migrations.RunSQL(STAYS.format(table=table), migrations.RunSQL.noop) for table in KEPT),
    ]
