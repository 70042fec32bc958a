"""The second wall: an inquiry is visible in its region, and to the units it concerns; its responsibilities to nobody.

Responsibilities, visits, observers and what is remembered of matters are read by the product alone, which shows of them
what a reader may know. A finding report never changes once it is given.
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
REGIONS = "\n    or region = any ((select bihuan_list('bihuan.regions'))::text[])"
MINE = "(select bihuan_list('bihuan.departments'))::text[]"
DEPARTMENT = f"\n    or department_id::text = any ({MINE})"
BOARD = "\n    or (board <> '' and region || ':' || board = any ((select bihuan_list('bihuan.boards'))::text[]))"
ANSWERED = "\n    or id in (select e.check_round_id from accountability_entry e)"
ABOVE = {
    "accountability_inquiry": f"{REGIONS}\n    or unit_ids::text[] && {MINE}",
    "accountability_relief": REGIONS + DEPARTMENT,
    "accountability_sign": REGIONS + DEPARTMENT,
    "accountability_point": REGIONS,
    "accountability_entry": REGIONS + DEPARTMENT + BOARD,
    "accountability_check": REGIONS + ANSWERED,
    "accountability_duty": "",
    "accountability_visit": "",
    "accountability_watch": "",
    "accountability_answered": "",
    "accountability_observer": "",
}
GIVEN = """
create function accountability_finding_stays() returns trigger language plpgsql as $$
begin
    if old.found_at is not null and (old.finding, old.outcome, old.found_at)
        is distinct from (new.finding, new.outcome, new.found_at) then
        raise exception 'a finding report never changes' using errcode = 'integrity_constraint_violation';
    end if;
    return new;
end $$;
create trigger finding_stays before update on accountability_inquiry
    for each row execute function accountability_finding_stays();
"""


class Migration(migrations.Migration):
    dependencies = [("accountability", "0001_initial"), ("cases", "0002_walls"), ("kernel", "0001_roles")]
    operations = [
        *(
            migrations.RunSQL(WALL.format(table=table, above=above), migrations.RunSQL.noop)
            for table, above in ABOVE.items()
        ),
        migrations.RunSQL(GIVEN, migrations.RunSQL.noop),
    ]
