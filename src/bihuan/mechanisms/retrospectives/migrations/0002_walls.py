"""The second wall: the administration's own look at itself is seen by those of its staff who see the case by office.

The enterprise, which sees its case, does not see the retrospective; a guest does, through the product's own eyes. A
version of a report never changes.
"""

from django.db import migrations

WALL = """
create policy {table}_visible on {table} using (
    (select current_setting('bihuan.kind', true)) = 'service' or {above}
) with check ((select current_setting('bihuan.kind', true)) = 'service');
alter table {table} enable row level security;
alter table {table} force row level security;
create trigger region_stays before update of region on {table} for each row execute function bihuan_region_stays();
"""
OF_CASE = """exists (select 1 from cases_case c where c.id = retrospectives_retrospective.case_id and (
        c.region = any ((select bihuan_list('bihuan.regions'))::text[])
        or c.lead_department_id = any ((select bihuan_list('bihuan.departments'))::uuid[])
        or c.co_department_ids && (select bihuan_list('bihuan.departments'))::uuid[]
        or (c.region || ':' || c.board) = any ((select bihuan_list('bihuan.boards'))::text[])))"""
PARTS = ("cause", "link", "guest", "version", "output")
OF_RETROSPECTIVE = "exists (select 1 from retrospectives_retrospective r where r.id = {table}.retrospective_id)"
STAYS = """
create function retrospectives_version_stays() returns trigger language plpgsql as $$
begin
    raise exception 'a version of a report never changes' using errcode = 'integrity_constraint_violation';
end $$;
create trigger version_stays before update or delete on retrospectives_version
    for each row execute function retrospectives_version_stays();
"""


def _walls() -> list[migrations.RunSQL]:
    above = {"retrospectives_retrospective": OF_CASE}
    for part in PARTS:
        table = f"retrospectives_{part}"
        above[table] = OF_RETROSPECTIVE.format(table=table)
    return [
        migrations.RunSQL(WALL.format(table=table, above=rule), migrations.RunSQL.noop) for table, rule in above.items()
    ]


class Migration(migrations.Migration):
    dependencies = [("retrospectives", "0001_initial"), ("cases", "0002_walls"), ("kernel", "0001_roles")]
    operations = [*_walls(), migrations.RunSQL(STAYS, migrations.RunSQL.noop)]
