"""The second wall: a proposal is visible to whoever may see its case; an entry of the catalogue never changes."""

from django.db import migrations

WALL = """
create policy dispatch_proposal_visible on dispatch_proposal using (
    (select current_setting('bihuan.kind', true)) = 'service'
    or exists (select 1 from cases_case c where c.id = dispatch_proposal.case_id)
) with check ((select current_setting('bihuan.kind', true)) = 'service');
alter table dispatch_proposal enable row level security;
alter table dispatch_proposal force row level security;
create trigger region_stays before update of region on dispatch_proposal
    for each row execute function bihuan_region_stays();
create trigger region_stays before update of region on dispatch_edition
    for each row execute function bihuan_region_stays();
create function dispatch_entry_stays() returns trigger language plpgsql as $$
begin
    raise exception 'an entry of the dispatch catalogue never changes; read a new edition';
end $$;
create trigger entry_stays before update or delete on dispatch_entry
    for each row execute function dispatch_entry_stays();
"""


class Migration(migrations.Migration):
    dependencies = [("dispatch", "0003_catalogue_and_proposals"), ("cases", "0002_walls"), ("kernel", "0001_roles")]
    operations = [migrations.RunSQL(WALL, migrations.RunSQL.noop)]
