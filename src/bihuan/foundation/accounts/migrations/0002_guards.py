"""What the ORM cannot say: an appointment's region is a real one, and the security record is only added to."""

from django.db import migrations

REFERENCE = """
alter table accounts_appointment add constraint accounts_appointment_region_fk
    foreign key (region) references directory_region (code) deferrable initially deferred
"""

APPEND_ONLY = """
create function accounts_event_guard() returns trigger language plpgsql as $$
begin
    if tg_op = 'UPDATE' and new.ip is null
        and to_jsonb(new) - 'ip' = to_jsonb(old) - 'ip' then
        return new;
    end if;
    raise exception 'the security record is only added to' using errcode = 'integrity_constraint_violation';
end $$;
create trigger accounts_securityevent_guard before update or delete on accounts_securityevent
    for each row execute function accounts_event_guard();
revoke update, delete on accounts_securityevent from bihuan_app;
grant update (ip) on accounts_securityevent to bihuan_app;
"""

UNDO = """
drop trigger accounts_securityevent_guard on accounts_securityevent;
drop function accounts_event_guard();
grant update, delete on accounts_securityevent to bihuan_app;
"""


class Migration(migrations.Migration):
    dependencies = [("accounts", "0001_initial"), ("directory", "0002_guards")]
    operations = [
        migrations.RunSQL(REFERENCE, "alter table accounts_appointment drop constraint accounts_appointment_region_fk"),
        migrations.RunSQL(APPEND_ONLY, UNDO),
    ]
