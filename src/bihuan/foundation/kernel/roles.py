"""Roles that the product makes in PostgreSQL, or that an administrator made for it beforehand."""

# A place may forbid its owner to create roles: then an administrator makes each and grants it beforehand, and nothing
# is granted here (granting needs the ADMIN option, which such an owner lacks).
_ENSURE = """
do $$
declare
    may_act boolean;
begin
    if not exists (select from pg_roles where rolname = '{name}') then
        begin
            create role {name} nologin;
        exception
            when duplicate_object or unique_violation then null;
            when insufficient_privilege then
                raise insufficient_privilege using
                    message = format('The role %I may not create the role {name}', current_user),
                    hint = format('As a superuser: CREATE ROLE {name} NOLOGIN; GRANT {name} TO %I;', current_user);
        end;
    end if;
    -- From PostgreSQL 16 on, being a member and being allowed to SET ROLE are two things.
    if current_setting('server_version_num')::int >= 160000 then
        may_act := pg_has_role('{name}', 'SET');
    else
        may_act := pg_has_role('{name}', 'MEMBER');
    end if;
    if not may_act then
        begin
            grant {name} to current_user;
        exception
            when unique_violation then null;
            when insufficient_privilege then
                raise insufficient_privilege using
                    message = format('The role %I may not act as {name}', current_user),
                    hint = format('As a superuser: GRANT {name} TO %I;', current_user);
        end;
    end if;
end $$;
"""


def ensure(name: str) -> str:
    """Return the SQL that makes the role `name` (no login) and lets the owner act as it, where that is still to do.

    It fails with `insufficient_privilege`, and says what a superuser has to do, where the owner may not.
    """
    return _ENSURE.format(name=name)
