"""What the ORM cannot say: regions as text are real regions, and what a region owns never changes region."""

from django.db import migrations

TABLES = ("directory_department", "directory_board", "directory_enterprise")
OWNED = ("directory_department", "directory_board")

FUNCTION = """
create function bihuan_keep_region() returns trigger language plpgsql as $$
begin
    if new.region is distinct from old.region then
        raise exception 'the region of a row in % never changes', tg_table_name using errcode = 'integrity_constraint_violation';
    end if;
    return new;
end $$
"""


def _reference(table: str) -> migrations.RunSQL:
    return migrations.RunSQL(
        f"alter table {table} add constraint {table}_region_fk foreign key (region)"
        " references directory_region (code) deferrable initially deferred",
        f"alter table {table} drop constraint {table}_region_fk",
    )


def _keep(table: str) -> migrations.RunSQL:
    return migrations.RunSQL(
        f"create trigger {table}_keep_region before update of region on {table}"
        " for each row execute function bihuan_keep_region()",
        f"drop trigger {table}_keep_region on {table}",
    )


class Migration(migrations.Migration):
    dependencies = [("directory", "0001_initial")]
    operations = [
        *map(_reference, TABLES),
        migrations.RunSQL(FUNCTION, "drop function bihuan_keep_region()"),
        *map(_keep, OWNED),
    ]
