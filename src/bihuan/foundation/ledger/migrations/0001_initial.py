"""Tables of the ledger and what protects them."""

from django.db import migrations, models

PROTECT = """
-- First wall: nobody changes what is written, not even the owner of the table or a superuser, until a trigger is
-- switched off by hand, which checkpoints outside the database bring to light. ALWAYS: also while replicating.
create function ledger_append_only() returns trigger language plpgsql as $$
begin
    raise exception 'the ledger is append-only: % on % is refused', tg_op, tg_table_name using errcode = 'restrict_violation';
end $$;
create trigger append_only before update or delete or truncate on ledger_fact
    for each statement execute function ledger_append_only();
create trigger append_only before update or delete or truncate on ledger_checkpoint
    for each statement execute function ledger_append_only();
alter table ledger_fact enable always trigger append_only;
alter table ledger_checkpoint enable always trigger append_only;

-- Second wall: the role that all work runs as has no right to try.
revoke update, delete, truncate on ledger_fact, ledger_checkpoint from bihuan_app;

-- Third wall: without a stated reader there is nothing to see, also for the owner (FORCE). Facts are read through
-- selectors only after their case was read under its own policy, so a policy per case here would repeat that work
-- for every fact; readers as such are let through, work without a scope is not, and only services may write.
alter table ledger_fact enable row level security;
alter table ledger_fact force row level security;
create policy ledger_fact_read on ledger_fact for select
    using ((select current_setting('bihuan.kind', true)) in ('service', 'reader'));
create policy ledger_fact_append on ledger_fact for insert
    with check ((select current_setting('bihuan.kind', true)) = 'service');
alter table ledger_checkpoint enable row level security;
alter table ledger_checkpoint force row level security;
create policy ledger_checkpoint_read on ledger_checkpoint for select
    using ((select current_setting('bihuan.kind', true)) in ('service', 'reader'));
create policy ledger_checkpoint_append on ledger_checkpoint for insert
    with check ((select current_setting('bihuan.kind', true)) = 'service');
"""
UNPROTECT = """
drop trigger append_only on ledger_fact;
drop trigger append_only on ledger_checkpoint;
drop function ledger_append_only();
"""


class Migration(migrations.Migration):
    initial = True
    dependencies = [("kernel", "0001_roles")]
    operations = [
        migrations.CreateModel(
            name="Fact",
            fields=[
                ("position", models.BigAutoField(primary_key=True, serialize=False)),
                ("stream", models.UUIDField()),
                ("seq", models.IntegerField()),
                ("region", models.TextField()),
                ("kind", models.TextField()),
                ("at", models.DateTimeField()),
                ("actor_id", models.UUIDField(null=True)),
                ("hash", models.TextField()),
                ("canonical", models.TextField()),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("stream", "seq"), name="ledger_fact_once"),
                    models.CheckConstraint(condition=models.Q(("seq__gt", 0)), name="ledger_fact_seq_positive"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Checkpoint",
            fields=[
                ("seq", models.IntegerField(primary_key=True, serialize=False)),
                ("made_at", models.DateTimeField()),
                ("since", models.BigIntegerField()),
                ("upto", models.BigIntegerField()),
                ("settled", models.BigIntegerField()),
                ("merkle_root", models.TextField()),
                ("previous", models.TextField(blank=True)),
                ("heads", models.IntegerField()),
                ("signature", models.TextField()),
                ("file_name", models.TextField(unique=True)),
                ("document", models.TextField()),
            ],
            options={"indexes": [models.Index(fields=["upto"], name="ledger_checkpoint_upto")]},
        ),
        migrations.RunSQL(PROTECT, UNPROTECT),
    ]
