"""The unprivileged role that scoped work runs as, and what it may do with tables made from now on."""

from django.db import migrations

from bihuan.foundation.kernel import roles

_RIGHTS = """
grant usage on schema public to bihuan_app;
alter default privileges in schema public grant select, insert, update, delete on tables to bihuan_app;
alter default privileges in schema public grant usage, select on sequences to bihuan_app;
do $$
declare
    made record;
begin
    -- Only what is ours: an administrator's own views in the same schema are not ours to give.
    for made in select oid::regclass as name, relkind from pg_class
        where relnamespace = 'public'::regnamespace and relowner = current_user::regrole and relkind in ('r', 'p', 'v', 'S')
    loop
        if made.relkind = 'S' then
            execute format('grant usage, select on sequence %s to bihuan_app', made.name);
        else
            execute format('grant select, insert, update, delete on %s to bihuan_app', made.name);
        end if;
    end loop;
end $$;
"""
CREATE_ROLE = roles.ensure("bihuan_app") + _RIGHTS


class Migration(migrations.Migration):
    initial = True
    dependencies = []
    run_before = [("contenttypes", "0001_initial"), ("procrastinate", "0001_initial")]
    operations = [migrations.RunSQL(CREATE_ROLE, migrations.RunSQL.noop)]
