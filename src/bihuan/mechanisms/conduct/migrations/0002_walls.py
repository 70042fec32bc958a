"""The second wall: everybody reads published lists, which never change; an examination is for both sides alone."""

from django.db import migrations

WALL = """
create policy {table}_visible on {table} using (
    (select current_setting('bihuan.kind', true)) = 'service'
    or {above}
) with check ((select current_setting('bihuan.kind', true)) = 'service');
alter table {table} enable row level security;
alter table {table} force row level security;
create trigger region_stays before update of region on {table} for each row execute function bihuan_region_stays();
"""
OFFICES = "array['discipline:' || region, 'supervision_office:' || region{more}] && (select bihuan_list('bihuan.offices'))::text[]"
ABOVE = {
    "conduct_sheet": "state in ('published', 'withdrawn') or " + OFFICES.format(more=", 'leader:' || region"),
    "conduct_examination": OFFICES.format(more="")
    + " or enterprise_id = any ((select bihuan_list('bihuan.enterprises')::uuid[])::uuid[])",
}
STAYS = """
create function conduct_sheet_stays() returns trigger language plpgsql as $$
begin
    if old.state in ('published', 'withdrawn') and (new.entries, new.title, new.effective_on, new.version, new.audience)
        is distinct from (old.entries, old.title, old.effective_on, old.version, old.audience) then
        raise exception 'a published list never changes' using errcode = 'integrity_constraint_violation';
    end if;
    return new;
end $$;
create trigger sheet_stays before update on conduct_sheet for each row execute function conduct_sheet_stays();
"""


class Migration(migrations.Migration):
    dependencies = [("conduct", "0001_initial"), ("kernel", "0001_roles")]
    operations = [
        *(
            migrations.RunSQL(WALL.format(table=table, above=above), migrations.RunSQL.noop)
            for table, above in ABOVE.items()
        ),
        migrations.RunSQL(STAYS, migrations.RunSQL.noop),
    ]
