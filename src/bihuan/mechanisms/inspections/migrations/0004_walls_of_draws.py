"""The second wall of draws: the product alone reads them, and shows them to everybody by one rule.

What was fixed never changes: neither the commitment nor, once it stands in the ledger, the pool.
"""

from django.db import migrations

WALL = """
create policy {table}_visible on {table} using ((select current_setting('bihuan.kind', true)) = 'service')
    with check ((select current_setting('bihuan.kind', true)) = 'service');
alter table {table} enable row level security;
alter table {table} force row level security;
create trigger region_stays before update of region on {table} for each row execute function bihuan_region_stays();
"""
STAYS = """
create function inspections_draw_stays() returns trigger language plpgsql as $$
begin
    if new.seed_hash <> old.seed_hash or new.seed_sealed <> old.seed_sealed
        or (old.pool_hash <> '' and (new.pool_hash <> old.pool_hash or new.hands <> old.hands
            or new.recused <> old.recused)) then
        raise exception 'what was committed to never changes' using errcode = 'integrity_constraint_violation';
    end if;
    return new;
end $$;
create trigger draw_stays before update on inspections_draw for each row execute function inspections_draw_stays();
create function inspections_target_stays() returns trigger language plpgsql as $$
begin
    if tg_op = 'DELETE' or new.name <> old.name or new.salt <> old.salt or new.weight <> old.weight
        or new.enterprise_id <> old.enterprise_id or (old.rank is not null and new.rank <> old.rank) then
        raise exception 'who is in a pool never changes' using errcode = 'integrity_constraint_violation';
    end if;
    return new;
end $$;
create trigger target_stays before update or delete on inspections_draw_target
    for each row execute function inspections_target_stays();
"""


class Migration(migrations.Migration):
    dependencies = [("inspections", "0003_draws"), ("kernel", "0001_roles")]
    operations = [
        *(
            migrations.RunSQL(WALL.format(table=table), migrations.RunSQL.noop)
            for table in ("inspections_draw", "inspections_draw_target")
        ),
        migrations.RunSQL(STAYS, migrations.RunSQL.noop),
    ]
