"""A letter shows itself to all departments it goes to and to those that get a copy; whom it went to never changes."""

from django.db import migrations

LIST = "(select string_to_array(nullif(current_setting('bihuan.{name}', true), ''), ','))"
DEPARTMENTS = LIST.format(name="departments")
WALL = f"""
drop policy documents_letter_visible on documents_letter;
create policy documents_letter_visible on documents_letter using (
    (select current_setting('bihuan.kind', true)) = 'service'
    or (select current_setting('bihuan.kind', true)) = 'reader' and (
        offices::text[] && {LIST.format(name="offices")}
        or addressee_id::text = any ({DEPARTMENTS}::text[])
        or also_ids::text[] && {DEPARTMENTS}
        or copy_ids::text[] && {DEPARTMENTS})
) with check ((select current_setting('bihuan.kind', true)) = 'service');
"""
STAYS = """
create or replace function documents_letter_stays() returns trigger language plpgsql as $$
begin
    if tg_op = 'DELETE' or (old.region, old.number, old.mark, old.year, old.serial, old.kind, old.about, old.issuer,
        old.head, old.addressee_id, old.addressee_name, old.also_ids, old.copy_ids, old.title, old.text, old.copies,
        old.note, old.issued_at)
        is distinct from (new.region, new.number, new.mark, new.year, new.serial, new.kind, new.about, new.issuer,
        new.head, new.addressee_id, new.addressee_name, new.also_ids, new.copy_ids, new.title, new.text, new.copies,
        new.note, new.issued_at) then
        raise exception 'a letter that has a number never changes' using errcode = 'integrity_constraint_violation';
    end if;
    return new;
end $$;
"""


class Migration(migrations.Migration):
    dependencies = [("documents", "0003_several_addressees")]
    operations = [
        migrations.RunSQL(WALL, migrations.RunSQL.noop),
        migrations.RunSQL(STAYS, migrations.RunSQL.noop),
    ]
