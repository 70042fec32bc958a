"""The second wall: a refusal is visible to whoever may see its case, and to deputies of the place; votes to nobody.

Notes, seats and votes are read by the product alone, which shows of them what a reader may know. A vote never changes,
except that it may be declared void.
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
DEPUTIES = "region = any ((select bihuan_list('bihuan.refusal_regions'))::text[])"
OF_CASE = "exists (select 1 from cases_case c where c.id = refusals_refusal.case_id)"
ABOVE = {
    "refusals_refusal": f"\n    or {OF_CASE} or {DEPUTIES}",
    "refusals_proposal": f"\n    or {REGIONS} or {DEPUTIES}",
    "refusals_panelist": f"\n    or {REGIONS}",
    "refusals_note": "",
    "refusals_seat": "",
    "refusals_vote": "",
}
SEALED = """
create function refusals_vote_stays() returns trigger language plpgsql as $$
begin
    if tg_op = 'DELETE' or (old.outcome, old.reason, old.salt, old.seal, old.seat_id, old.round, old.at)
        is distinct from (new.outcome, new.reason, new.salt, new.seal, new.seat_id, new.round, new.at) or old.void then
        raise exception 'a sealed vote never changes' using errcode = 'integrity_constraint_violation';
    end if;
    return new;
end $$;
create trigger vote_stays before update or delete on refusals_vote for each row execute function refusals_vote_stays();
"""


class Migration(migrations.Migration):
    dependencies = [("refusals", "0001_initial"), ("cases", "0002_walls"), ("kernel", "0001_roles")]
    operations = [
        *(
            migrations.RunSQL(WALL.format(table=table, above=above), migrations.RunSQL.noop)
            for table, above in ABOVE.items()
        ),
        migrations.RunSQL(SEALED, migrations.RunSQL.noop),
    ]
