"""The second wall: items and decisions with their case, meetings with their region and those invited to them."""

from django.db import migrations

WALL = """
create policy {table}_visible on {table} using (
    (select current_setting('bihuan.kind', true)) = 'service' or {rule}
) with check ((select current_setting('bihuan.kind', true)) = 'service');
alter table {table} enable row level security;
alter table {table} force row level security;
create trigger region_stays before update of region on {table} for each row execute function bihuan_region_stays();
"""
MEETING = "exists (select 1 from conference_meeting m where m.id = {table}.meeting_id)"
CASE = "exists (select 1 from cases_case c where c.id = {table}.case_id)"
DEPARTMENTS = "(select bihuan_list('bihuan.departments')::uuid[])::uuid[]"
RULES = {
    "conference_member": "(select current_setting('bihuan.kind', true)) = 'reader'",
    "conference_meeting": "region = any ((select bihuan_list('bihuan.regions'))::text[])"
    f" or department_ids && {DEPARTMENTS}",
    "conference_attendee": MEETING,
    "conference_institution": MEETING,
    "conference_issue": f"{MEETING} and {CASE}",
    "conference_minute": f"{MEETING} and (case_id is null or {CASE} or department_ids && {DEPARTMENTS})",
    "conference_item": CASE,
    "conference_decision": f"{CASE} or owner_department_id = any ({DEPARTMENTS})",
}


class Migration(migrations.Migration):
    dependencies = [("conference", "0001_initial"), ("cases", "0002_walls"), ("kernel", "0001_roles")]
    operations = [
        migrations.RunSQL(WALL.format(table=table, rule=rule.format(table=table)), migrations.RunSQL.noop)
        for table, rule in RULES.items()
    ]
