"""The second wall: an instrument shows itself to the offices it names, and to its department once it concerns it.

A published one shows itself to everybody who holds an office inside.
"""

from django.db import migrations

WALL = """
create policy instruments_visible on instruments_instrument using (
    (select current_setting('bihuan.kind', true)) = 'service'
    or offices::text[] && (select bihuan_list('bihuan.offices'))::text[]
    or shown and addressee_id = any ((select bihuan_list('bihuan.departments')::uuid[])::uuid[])
    or public and (select coalesce(bihuan_list('bihuan.offices'), bihuan_list('bihuan.departments'))) is not null
) with check ((select current_setting('bihuan.kind', true)) = 'service');
alter table instruments_instrument enable row level security;
alter table instruments_instrument force row level security;
create trigger region_stays before update of region on instruments_instrument
    for each row execute function bihuan_region_stays();
"""


class Migration(migrations.Migration):
    dependencies = [("instruments", "0001_initial"), ("cases", "0002_walls"), ("kernel", "0001_roles")]
    operations = [migrations.RunSQL(WALL, migrations.RunSQL.noop)]
