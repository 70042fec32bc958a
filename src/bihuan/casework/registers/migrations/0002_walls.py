"""The second wall: what is in force for all of the place and for raisers of its cases, drafts for keepers and owner."""

from django.db import migrations

WALL = """
create policy {table}_visible on {table} using (
    (select current_setting('bihuan.kind', true)) = 'service' or {rule}
) with check ((select current_setting('bihuan.kind', true)) = 'service');
alter table {table} enable row level security;
alter table {table} force row level security;
create trigger region_stays before update of region on {table} for each row execute function bihuan_region_stays();
"""
REGIONS = "region = any ((select bihuan_list('bihuan.regions'))::text[])"
DEPUTIES = "region = any ((select bihuan_list('bihuan.refusal_regions'))::text[])"
DEPARTMENTS = "(select bihuan_list('bihuan.departments')::uuid[])::uuid[]"
THEIRS = f"select left(d.region, 6) from directory_department d where d.id = any ({DEPARTMENTS})"  # noqa: S608
UNITS = f"region = any ((select array({THEIRS}))::text[])"
BOARDS = (
    "region = any ((select array(select split_part(b, ':', 1) from unnest(bihuan_list('bihuan.boards')::text[]) b))"
    "::text[])"
)
LINKED = "exists (select 1 from registers_link l where l.institution_id = registers_institution.id)"
RULES = {
    "registers_institution": f"{REGIONS} or owner_id = any ({DEPARTMENTS})"
    f" or state <> 'drafted' and ({DEPUTIES} or {UNITS} or {BOARDS} or {LINKED})",
    "registers_link": "exists (select 1 from cases_case c where c.id = registers_link.case_id)",
    "registers_proposal": f"{REGIONS} or {DEPUTIES}",
}


class Migration(migrations.Migration):
    dependencies = [("registers", "0001_initial"), ("cases", "0002_walls"), ("kernel", "0001_roles")]
    operations = [
        migrations.RunSQL(WALL.format(table=table, rule=rule), migrations.RunSQL.noop) for table, rule in RULES.items()
    ]
