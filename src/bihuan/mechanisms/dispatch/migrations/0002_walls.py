"""The second wall: a return is visible to whoever may see its case."""

from django.db import migrations

WALL = """
create policy dispatch_return_visible on dispatch_return using (
    (select current_setting('bihuan.kind', true)) = 'service'
    or exists (select 1 from cases_case c where c.id = dispatch_return.case_id)
) with check ((select current_setting('bihuan.kind', true)) = 'service');
alter table dispatch_return enable row level security;
alter table dispatch_return force row level security;
create trigger region_stays before update of region on dispatch_return
    for each row execute function bihuan_region_stays();
"""


class Migration(migrations.Migration):
    dependencies = [("dispatch", "0001_initial"), ("cases", "0002_walls"), ("kernel", "0001_roles")]
    operations = [migrations.RunSQL(WALL, migrations.RunSQL.noop)]
