"""The second wall: row-level security on every table of a case, and the one search that may look behind it.

The policies repeat `permissions.visible_sql`; a test compares the two for every role. Settings are read once a statement
(`(select …)` makes an InitPlan), never once a row.
"""

from django.db import migrations

READERS = """
create function bihuan_list(setting text) returns text[] language sql stable parallel safe as
$$ select string_to_array(nullif(current_setting(setting, true), ''), ',') $$;

-- As `case`, the planner takes the rule to let half of all rows through. As `… = 'service' or …` it expects hardly any,
-- and then sorts a whole region instead of reading the first page from an index.
create policy case_visible on cases_case using (
    case (select current_setting('bihuan.kind', true))
        when 'service' then true
        when 'reader' then (
            region = any ((select bihuan_list('bihuan.regions'))::text[])
            or lead_department_id = any ((select bihuan_list('bihuan.departments')::uuid[])::uuid[])
            or co_department_ids && (select bihuan_list('bihuan.departments')::uuid[])::uuid[]
            or enterprise_id = any ((select bihuan_list('bihuan.enterprises')::uuid[])::uuid[])
            or (region || ':' || board) = any ((select bihuan_list('bihuan.boards'))::text[])
            or (
                region = any ((select bihuan_list('bihuan.refusal_regions'))::text[])
                and (state = 'declined' or closed_kind = 'explained')
            )
            or raised_by = (select nullif(current_setting('bihuan.person', true), '')::uuid)
            or id = (select nullif(current_setting('bihuan.case', true), '')::uuid)
        )
        else false
    end
) with check ((select current_setting('bihuan.kind', true)) = 'service');
alter table cases_case enable row level security;
alter table cases_case force row level security;
"""

PART = """
create policy {table}_visible on {table} using (
    (select current_setting('bihuan.kind', true)) = 'service'
    or exists (select 1 from cases_case c where c.id = {table}.case_id)
) with check ((select current_setting('bihuan.kind', true)) = 'service');
alter table {table} enable row level security;
alter table {table} force row level security;
"""

SEARCH = """
-- Text operators are not leakproof, so under row-level security they would scan the whole table. This function looks
-- with its owner's eyes and gives back nothing but ids, which the caller's query filters again by both walls.
create function cases_search(query text) returns setof uuid language sql stable security definer
set search_path = public, pg_temp as
$$ select id from cases_case where search @@ query::tsquery $$;
revoke all on function cases_search(text) from public;
grant execute on function cases_search(text) to bihuan_app;
"""

# The owner must see all rows inside the search, although row-level security is forced on it.
OWNER = """
create policy case_search on cases_case for select to current_user using (
    (select current_setting('bihuan.kind', true)) in ('service', 'reader')
);
"""

IMMUTABLE_REGION = """
create function bihuan_region_stays() returns trigger language plpgsql as $$
begin
    if new.region is distinct from old.region then
        raise exception 'the region of a row never changes (a transfer changes the handling region)';
    end if;
    return new;
end $$;
create trigger region_stays before update of region on cases_case for each row execute function bihuan_region_stays();
"""


class Migration(migrations.Migration):
    dependencies = [("cases", "0001_initial"), ("kernel", "0001_roles")]
    operations = [
        migrations.RunSQL(READERS, migrations.RunSQL.noop),
        migrations.RunSQL(OWNER, migrations.RunSQL.noop),
        *(
            migrations.RunSQL(PART.format(table=table), migrations.RunSQL.noop)
            for table in ("cases_contact", "cases_codepartment", "cases_plan", "cases_attachment")
        ),
        migrations.RunSQL(SEARCH, migrations.RunSQL.noop),
        migrations.RunSQL(IMMUTABLE_REGION, migrations.RunSQL.noop),
    ]
