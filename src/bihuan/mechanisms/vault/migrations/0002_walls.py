"""The walls of the vault: a role of its own, tables closed to the ordinary role, regions, and a ledger that only grows.

Policies ask for the role at work, not for membership: the owner of the tables is a member, and shall see nothing either
until it takes the role for one transaction (FORCE).
"""

from django.db import migrations

from bihuan.foundation.kernel import roles

TABLES = {
    "vault_clue": "select, insert, update",
    "vault_informant": "select, insert, update",
    "vault_message": "select, insert, update",
    "vault_identity_request": "select, insert, update",
    "vault_chain": "select, insert, update",
    "vault_entry": "select, insert",
}
WALL = """
revoke all on {table} from public, bihuan_app;
grant {rights} on {table} to bihuan_vault;
create policy {table}_service on {table} using (
    current_user = 'bihuan_vault' and (select current_setting('bihuan.kind', true)) = 'vault'
) with check (current_user = 'bihuan_vault' and (select current_setting('bihuan.kind', true)) = 'vault');
create policy {table}_reader on {table} for select using (
    current_user = 'bihuan_vault' and (select current_setting('bihuan.kind', true)) = 'vault_reader'
    and region = any ((select bihuan_list('bihuan.regions'))::text[])
);
alter table {table} enable row level security;
alter table {table} force row level security;
"""
ONLY_GROWS = """
grant usage on schema public to bihuan_vault;
create trigger append_only before update or delete or truncate on vault_entry
    for each statement execute function ledger_append_only();
alter table vault_entry enable always trigger append_only;
"""


class Migration(migrations.Migration):
    dependencies = [("vault", "0001_initial"), ("ledger", "0001_initial"), ("cases", "0002_walls")]
    operations = [
        migrations.RunSQL(roles.ensure("bihuan_vault"), migrations.RunSQL.noop),
        *(
            migrations.RunSQL(WALL.format(table=table, rights=rights), migrations.RunSQL.noop)
            for table, rights in TABLES.items()
        ),
        migrations.RunSQL(ONLY_GROWS, migrations.RunSQL.noop),
    ]
