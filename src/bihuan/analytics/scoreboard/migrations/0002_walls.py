"""The second wall: what names a case is visible to whoever may see the case; sums and editions only to the product.

From its publication on the content of an edition stays; only a published one can be taken back, and nothing of a frozen
one changes.
"""

from django.db import migrations

OF_CASE = """
create policy {table}_visible on {table} using (
    (select current_setting('bihuan.kind', true)) = 'service'
    or exists (select 1 from cases_case c where c.id = {table}.case_id)
) with check ((select current_setting('bihuan.kind', true)) = 'service');
alter table {table} enable row level security;
alter table {table} force row level security;
"""
OWN = """
create policy {table}_visible on {table} using ((select current_setting('bihuan.kind', true)) = 'service')
with check ((select current_setting('bihuan.kind', true)) = 'service');
alter table {table} enable row level security;
alter table {table} force row level security;
"""
REGION = """
create trigger region_stays before update of region on {table} for each row execute function bihuan_region_stays();
"""
FROZEN = """
create function scoreboard_edition_stays() returns trigger language plpgsql as $$
begin
    if tg_op = 'DELETE' then
        raise exception 'an edition is never deleted; a correction is a new version';
    end if;
    if (new.month, new.version) is distinct from (old.month, old.version) then
        raise exception 'month and version of an edition never change';
    end if;
    if old.state = 'frozen' and new is distinct from old then
        raise exception 'a frozen edition never changes; a correction is a new version';
    end if;
    if old.state = 'published' and (
        (new.content, new.sha256, new.audience, new.published_at)
        is distinct from (old.content, old.sha256, old.audience, old.published_at)
        or new.state not in ('published', 'frozen', 'checking')
    ) then
        raise exception 'the content of a published edition never changes';
    end if;
    return new;
end $$;
create trigger edition_stays before update or delete on scoreboard_edition
for each row execute function scoreboard_edition_stays();
"""
WALLS = [
    *(OF_CASE.format(table=table) for table in ("scoreboard_tally", "scoreboard_exclusion")),
    *(OWN.format(table=table) for table in ("scoreboard_rollup", "scoreboard_edition", "scoreboard_remark")),
    *(REGION.format(table=f"scoreboard_{table}") for table in ("tally", "rollup", "exclusion", "edition", "remark")),
    FROZEN,
]


class Migration(migrations.Migration):
    dependencies = [("scoreboard", "0001_initial"), ("cases", "0002_walls"), ("kernel", "0001_roles")]
    operations = [migrations.RunSQL(wall, migrations.RunSQL.noop) for wall in WALLS]
