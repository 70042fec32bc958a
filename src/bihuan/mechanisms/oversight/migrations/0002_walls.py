"""The second wall: orders and entries are visible to whoever may see the case (rows of the administration only)."""

from django.db import migrations

WALL = """
create policy {table}_visible on {table} using (
    (select current_setting('bihuan.kind', true)) = 'service' or exists (select 1 from {above})
) with check ((select current_setting('bihuan.kind', true)) = 'service');
alter table {table} enable row level security;
alter table {table} force row level security;
create trigger region_stays before update of region on {table} for each row execute function bihuan_region_stays();
"""
ABOVE = {
    "oversight_order": "cases_case c where c.id = oversight_order.case_id",
    "oversight_entry": "cases_case c where c.id = oversight_entry.case_id",
}


class Migration(migrations.Migration):
    dependencies = [("oversight", "0001_initial"), ("cases", "0002_walls"), ("kernel", "0001_roles")]
    operations = [
        migrations.RunSQL(WALL.format(table=table, above=above), migrations.RunSQL.noop)
        for table, above in ABOVE.items()
    ]
