"""The second wall: who answered what only the product reads; nobody of a rated department sees a questionnaire before
it is closed, or a problem that its answers showed.
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
RATED = "coalesce(about && (select bihuan_list('bihuan.departments')::uuid[])::uuid[], false)"
ABOVE = {
    "questionnaires_questionnaire": f"\n    or {REGIONS} and (state = 'closed' or not {RATED})",
    "questionnaires_problem": f"\n    or {REGIONS} and not {RATED}",
    "questionnaires_recipient": "",
    "questionnaires_statement": "",
    "questionnaires_known": "",
}


class Migration(migrations.Migration):
    dependencies = [("questionnaires", "0001_initial"), ("cases", "0002_walls"), ("kernel", "0001_roles")]
    operations = [
        migrations.RunSQL(WALL.format(table=table, above=above), migrations.RunSQL.noop)
        for table, above in ABOVE.items()
    ]
