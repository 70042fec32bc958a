"""Versions are only added: neither the product's own role nor a slip of the owner changes or deletes one."""

from django.db import migrations

APPEND_ONLY = """
create function rulebooks_version_guard() returns trigger language plpgsql as $$
begin
    raise exception 'rulebook versions are only added to' using errcode = 'integrity_constraint_violation';
end $$;
create trigger rulebooks_rulebookversion_guard before update or delete on rulebooks_rulebookversion
    for each row execute function rulebooks_version_guard();
revoke update, delete, truncate on rulebooks_rulebookversion from bihuan_app;
alter table rulebooks_rulebookversion add constraint rulebooks_version_region
    check (region ~ '^([0-9]{6}|[0-9]{9})$');
"""

UNDO = """
alter table rulebooks_rulebookversion drop constraint rulebooks_version_region;
drop trigger rulebooks_rulebookversion_guard on rulebooks_rulebookversion;
drop function rulebooks_version_guard();
grant update, delete on rulebooks_rulebookversion to bihuan_app;
"""


class Migration(migrations.Migration):
    dependencies = [("rulebooks", "0001_initial"), ("kernel", "0001_roles")]
    operations = [migrations.RunSQL(APPEND_ONLY, UNDO)]
