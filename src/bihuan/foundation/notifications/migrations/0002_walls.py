"""The second wall: notices, wishes and webhooks show themselves to their person only."""

from django.db import migrations

WALL = """
alter table {table} enable row level security;
alter table {table} force row level security;
create policy {table}_own on {table} using (
    (select current_setting('bihuan.kind', true)) = 'service'
    or ((select current_setting('bihuan.kind', true)) = 'reader' and {own})
) with check ((select current_setting('bihuan.kind', true)) = 'service');
"""
UNDO = """
drop policy {table}_own on {table};
alter table {table} no force row level security;
alter table {table} disable row level security;
"""
ME = "(select nullif(current_setting('bihuan.person', true), '')::uuid)"
OWN = {
    "notifications_notice": f"person_id = {ME}",
    "notifications_preference": f"person_id = {ME}",
    "notifications_webhooksubscription": f"owner_id = {ME}",
    "notifications_delivery": "exists (select 1 from notifications_notice n where n.id = notice_id)",
    "notifications_webhookdelivery": "exists (select 1 from notifications_webhooksubscription s where s.id = subscription_id)",
}


class Migration(migrations.Migration):
    dependencies = [("notifications", "0001_initial"), ("kernel", "0001_roles")]
    operations = [
        migrations.RunSQL(WALL.format(table=table, own=own), UNDO.format(table=table)) for table, own in OWN.items()
    ]
