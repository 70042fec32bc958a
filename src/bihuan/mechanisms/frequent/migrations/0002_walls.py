"""The second wall: a frequent matter shows itself to offices of the place, and to the department."""

from django.db import migrations

WALL = """
create policy frequent_visible on frequent_matter using (
    (select current_setting('bihuan.kind', true)) = 'service'
    or region = any ((select bihuan_list('bihuan.regions'))::text[])
    or department_id = any ((select bihuan_list('bihuan.departments')::uuid[])::uuid[])
) with check ((select current_setting('bihuan.kind', true)) = 'service');
alter table frequent_matter enable row level security;
alter table frequent_matter force row level security;
create trigger region_stays before update of region on frequent_matter
    for each row execute function bihuan_region_stays();
"""


class Migration(migrations.Migration):
    dependencies = [("frequent", "0001_initial"), ("cases", "0002_walls"), ("kernel", "0001_roles")]
    operations = [migrations.RunSQL(WALL, migrations.RunSQL.noop)]
