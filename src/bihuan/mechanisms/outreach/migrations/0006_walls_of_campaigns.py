"""The second wall of campaigns: the region, and the departments that carry a matter of one."""

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
UNITS = "units && (select bihuan_list('bihuan.departments')::uuid[])::uuid[]"
OF_CAMPAIGN = "exists (select from outreach_campaign where outreach_campaign.id = {table}.campaign_id)"
ABOVE = {
    "outreach_campaign": f"\n    or {REGIONS} or {UNITS}",
    "outreach_campaign_matter": f"\n    or {OF_CAMPAIGN.format(table='outreach_campaign_matter')}",
    "outreach_campaign_day": f"\n    or {OF_CAMPAIGN.format(table='outreach_campaign_day')}",
}


class Migration(migrations.Migration):
    dependencies = [("outreach", "0005_campaigns"), ("kernel", "0001_roles")]
    operations = [
        migrations.RunSQL(WALL.format(table=table, above=above), migrations.RunSQL.noop)
        for table, above in ABOVE.items()
    ]
