"""The second wall as strict as the first: the pool is for the administration and deputies, panels for who runs reviews.

Before, the raiser of a case could read the row of its “no” while it lay in the pool, if a query forgot to ask; and every
office that sees all cases of a region could read who is in the pool of panels.
"""

from django.db import migrations

REVIEWED = "'selected', 'drawn', 'convened', 'voting', 'decided', 'followed', 'done', 'conceded', 'solved_early'"
REGIONS = "region = any ((select bihuan_list('bihuan.regions'))::text[])"
DEPUTIES = "region = any ((select bihuan_list('bihuan.refusal_regions'))::text[])"
DEPARTMENTS = "(select bihuan_list('bihuan.departments')::uuid[])::uuid[]"
OF_CASE = "exists (select 1 from cases_case c where c.id = refusals_refusal.case_id)"
BY_OFFICE = f"""exists (select 1 from cases_case c where c.id = refusals_refusal.case_id and (
        c.lead_department_id = any ({DEPARTMENTS}) or c.co_department_ids && {DEPARTMENTS}
        or (c.region || ':' || c.board) = any ((select bihuan_list('bihuan.boards'))::text[])))"""  # noqa: S608
ORGANISERS = (
    "array['supervision_office:' || region, 'leader:' || region]::text[]"
    " && (select bihuan_list('bihuan.offices'))::text[]"
)
RULES = {
    "refusals_refusal": f"{REGIONS} or {DEPUTIES} or {BY_OFFICE} or state in ({REVIEWED}) and {OF_CASE}",
    "refusals_panelist": ORGANISERS,
}
WALL = """
alter policy {table}_visible on {table} using (
    (select current_setting('bihuan.kind', true)) = 'service'
    or (select current_setting('bihuan.kind', true)) = 'reader' and ({rule})
);
"""


class Migration(migrations.Migration):
    dependencies = [("refusals", "0003_report_on_measure"), ("cases", "0002_walls")]
    operations = [
        migrations.RunSQL(WALL.format(table=table, rule=rule), migrations.RunSQL.noop) for table, rule in RULES.items()
    ]
