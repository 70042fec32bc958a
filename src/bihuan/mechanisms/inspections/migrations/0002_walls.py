"""The second wall: a body sees its own checks, an enterprise those of which it was told; ratings only the product reads.

Parts, findings, records and marks are read by the product alone, which shows them by the rule of the check or the firm.
A mark never changes, so that nobody can make it lead anywhere.
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
COMES = "bodies && (select bihuan_list('bihuan.departments')::uuid[])::uuid[]"
DOORS = "enterprise_id = any ((select bihuan_list('bihuan.enterprises')::uuid[])::uuid[])"
ABOVE = {
    "inspections_item": f"\n    or {REGIONS} or {OWN}",
    "inspections_power": f"\n    or {REGIONS} or {OWN}",
    "inspections_officer": f"\n    or {REGIONS} or {OWN}",
    "inspections_sheltered": f"\n    or {REGIONS}",
    "inspections_batch": f"\n    or {REGIONS}",
    "inspections_standing": f"\n    or {REGIONS} or {DOORS}",
    "inspections_check": f"\n    or {REGIONS} or {COMES} or ({DOORS} and told_at is not null)",
    "inspections_part": "",
    "inspections_finding": "",
    "inspections_record": "",
    "inspections_mark": "",
}
STAYS = """
create function inspections_mark_stays() returns trigger language plpgsql as $$
begin
    raise exception 'a rating never changes' using errcode = 'integrity_constraint_violation';
end $$;
create trigger mark_stays before update or delete on inspections_mark
    for each row execute function inspections_mark_stays();
"""


class Migration(migrations.Migration):
    dependencies = [("inspections", "0001_initial"), ("kernel", "0001_roles")]
    operations = [
        *(
            migrations.RunSQL(WALL.format(table=table, above=above), migrations.RunSQL.noop)
            for table, above in ABOVE.items()
        ),
        migrations.RunSQL(STAYS, migrations.RunSQL.noop),
    ]
