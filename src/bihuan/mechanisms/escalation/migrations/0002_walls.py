"""The second wall: what went up, what came from below and its messages are visible to whoever may see the case.

Receipts and peers carry no case data; the product alone reads the former, administrators the latter.
"""

from django.db import migrations

WALL = """
create policy {table}_visible on {table} using (
    (select current_setting('bihuan.kind', true)) = 'service'
    or exists (select 1 from cases_case c where c.id = {table}.case_id)
) with check ((select current_setting('bihuan.kind', true)) = 'service');
alter table {table} enable row level security;
alter table {table} force row level security;
create trigger region_stays before update of region on {table} for each row execute function bihuan_region_stays();
"""
HEARD = """
create policy escalation_heard_visible on escalation_heard using (
    (select current_setting('bihuan.kind', true)) = 'service'
) with check ((select current_setting('bihuan.kind', true)) = 'service');
alter table escalation_heard enable row level security;
alter table escalation_heard force row level security;
"""


class Migration(migrations.Migration):
    dependencies = [("escalation", "0001_initial"), ("cases", "0002_walls"), ("kernel", "0001_roles")]
    operations = [
        *(
            migrations.RunSQL(WALL.format(table=table), migrations.RunSQL.noop)
            for table in ("escalation_escalation", "escalation_arrival", "escalation_message")
        ),
        migrations.RunSQL(HEARD, migrations.RunSQL.noop),
    ]
