"""The second wall: nobody who works where it was rated reads a rating, or what follows it before the letter is sent.

Codes are visible to their region, their department and their enterprise. Scans and prompts are read by the product
alone, which counts them. A rating never changes.
"""

from django.db import migrations

WALL = """
create policy {table}_visible on {table} using (
    (select current_setting('bihuan.kind', true)) = 'service'{above}
) with check ((select current_setting('bihuan.kind', true)) = 'service');
alter table {table} enable row level security;
alter table {table} force row level security;
create trigger region_stays before update of region on {table} for each row execute function bihuan_region_stays();
"""
REGIONS = "region = any ((select bihuan_list('bihuan.regions'))::text[])"
OWN = "department_id = any ((select bihuan_list('bihuan.departments')::uuid[])::uuid[])"
DOORS = "enterprise_id = any ((select bihuan_list('bihuan.enterprises')::uuid[])::uuid[])"
HEARD = f"({REGIONS} and not coalesce({OWN}, false))"
ABOVE = {
    "outreach_code": f"\n    or {REGIONS} or {OWN} or {DOORS}",
    "outreach_scan": "",
    "outreach_prompt": "",
    "outreach_rating": f"\n    or {HEARD}",
    "outreach_follow_up": f"\n    or {HEARD} or ({OWN} and sent_at is not null)",
}
STAYS = """
create function outreach_rating_stays() returns trigger language plpgsql as $$
begin
    raise exception 'a rating never changes' using errcode = 'integrity_constraint_violation';
end $$;
create trigger rating_stays before update or delete on outreach_rating
    for each row execute function outreach_rating_stays();
"""


class Migration(migrations.Migration):
    dependencies = [("outreach", "0001_initial"), ("kernel", "0001_roles")]
    operations = [
        *(
            migrations.RunSQL(WALL.format(table=table, above=above), migrations.RunSQL.noop)
            for table, above in ABOVE.items()
        ),
        migrations.RunSQL(STAYS, migrations.RunSQL.noop),
    ]
