"""The unprivileged role that scoped work runs as, and what it may do with tables made from now on."""

from django.db import migrations

# A place may forbid its owner to create roles: then an administrator makes bihuan_app and grants it beforehand, and
# nothing is granted here (granting needs the ADMIN option, which such an owner lacks).
CREATE_ROLE = """
do $$
declare
    may_act boolean;
begin
    if not exists (select from pg_roles where rolname = 'bihuan_app') then
        begin
            create role bihuan_app nologin;
        exception
            when duplicate_object or unique_violation then null;
            when insufficient_privilege then
                raise insufficient_privilege using
                    message = format('The role %I may not create the role bihuan_app', current_user),
                    hint = format('As a superuser: CREATE ROLE bihuan_app NOLOGIN; GRANT bihuan_app TO %I;', current_user);
        end;
    end if;
    -- From PostgreSQL 16 on, being a member and being allowed to SET ROLE are two things.
    if current_setting('server_version_num')::int >= 160000 then
        may_act := pg_has_role('bihuan_app', 'SET');
    else
        may_act := pg_has_role('bihuan_app', 'MEMBER');
    end if;
    if not may_act then
        begin
            grant bihuan_app to current_user;
        exception
            when unique_violation then null;
            when insufficient_privilege then
                raise insufficient_privilege using
                    message = format('The role %I may not act as bihuan_app', current_user),
                    hint = format('As a superuser: GRANT bihuan_app TO %I;', current_user);
        end;
    end if;
end $$;
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


class Migration(migrations.Migration):
    initial = True
    dependencies = []
    run_before = [("contenttypes", "0001_initial"), ("procrastinate", "0001_initial")]
    operations = [migrations.RunSQL(CREATE_ROLE, migrations.RunSQL.noop)]
