"""The second wall: a letter shows itself to the offices it names and to the department it went to; series to nobody.

What a letter says, and its number, never change and are never deleted.
"""

from django.db import migrations

WALL = """
create policy {table}_visible on {table} using (
    (select current_setting('bihuan.kind', true)) = 'service'{above}
) with check ((select current_setting('bihuan.kind', true)) = 'service');
alter table {table} enable row level security;
alter table {table} force row level security;
"""
LIST = "(select string_to_array(nullif(current_setting('bihuan.{name}', true), ''), ','))"
READERS = (
    "\n    or (select current_setting('bihuan.kind', true)) = 'reader' and ("
    f"offices::text[] && {LIST.format(name='offices')}"
    f" or addressee_id::text = any ({LIST.format(name='departments')}::text[]))"
)
ABOVE = {"documents_letter": READERS, "documents_series": ""}
STAYS = """
create function documents_letter_stays() returns trigger language plpgsql as $$
begin
    if tg_op = 'DELETE' or (old.region, old.number, old.mark, old.year, old.serial, old.kind, old.about, old.issuer,
        old.head, old.addressee_id, old.addressee_name, old.title, old.text, old.copies, old.note, old.issued_at)
        is distinct from (new.region, new.number, new.mark, new.year, new.serial, new.kind, new.about, new.issuer,
        new.head, new.addressee_id, new.addressee_name, new.title, new.text, new.copies, new.note, new.issued_at) then
        raise exception 'a letter that has a number never changes' using errcode = 'integrity_constraint_violation';
    end if;
    return new;
end $$;
create trigger letter_stays before update or delete on documents_letter
    for each row execute function documents_letter_stays();
"""


class Migration(migrations.Migration):
    dependencies = [("documents", "0001_initial"), ("kernel", "0001_roles")]
    operations = [
        *(
            migrations.RunSQL(WALL.format(table=table, above=above), migrations.RunSQL.noop)
            for table, above in ABOVE.items()
        ),
        migrations.RunSQL(STAYS, migrations.RunSQL.noop),
    ]
