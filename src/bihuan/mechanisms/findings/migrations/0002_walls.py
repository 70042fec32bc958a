"""The second wall: a finding shows itself to the offices it names, and to its department once it was asked.

One that was handed over as a clue names no office and is shown to nobody.
"""

from django.db import migrations

WALL = """
create policy findings_visible on findings_finding using (
    (select current_setting('bihuan.kind', true)) = 'service'
    or offices::text[] && (select bihuan_list('bihuan.offices'))::text[]
    or shown and department_id = any ((select bihuan_list('bihuan.departments')::uuid[])::uuid[])
) with check ((select current_setting('bihuan.kind', true)) = 'service');
alter table findings_finding enable row level security;
alter table findings_finding force row level security;
create trigger region_stays before update of region on findings_finding
    for each row execute function bihuan_region_stays();
"""


class Migration(migrations.Migration):
    dependencies = [("findings", "0001_initial"), ("cases", "0002_walls"), ("kernel", "0001_roles")]
    operations = [migrations.RunSQL(WALL, migrations.RunSQL.noop)]
