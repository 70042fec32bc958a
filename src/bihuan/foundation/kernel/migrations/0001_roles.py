"""The unprivileged role that scoped work runs as, and what it may do with tables made from now on."""

from django.db import migrations

CREATE_ROLE = """
do $$
begin
    if not exists (select 1 from pg_roles where rolname = 'bihuan_app') then
        begin
            create role bihuan_app nologin;
        exception when duplicate_object or unique_violation then null;
        end;
    end if;
end $$;
grant bihuan_app to current_user;
grant usage on schema public to bihuan_app;
alter default privileges in schema public grant select, insert, update, delete on tables to bihuan_app;
alter default privileges in schema public grant usage, select on sequences to bihuan_app;
grant select, insert, update, delete on all tables in schema public to bihuan_app;
grant usage, select on all sequences in schema public to bihuan_app;
"""


class Migration(migrations.Migration):
    initial = True
    dependencies = []
    run_before = [("contenttypes", "0001_initial"), ("procrastinate", "0001_initial")]
    operations = [migrations.RunSQL(CREATE_ROLE, migrations.RunSQL.noop)]
