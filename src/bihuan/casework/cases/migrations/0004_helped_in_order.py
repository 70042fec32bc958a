"""Let a department read the cases it helps with (协办) in the order of its list.

An index on the array (GIN) knows no order, and under row-level security `&&` may not even use it: each page of a liaison
read and judged every case their department had ever helped with. Few cases have more than three co-departments, so the
first three places of the array have an index each, and what has a fourth one too, for all departments together.
Subscripts and equality of ids are leakproof, so these indexes answer before the policies are asked.
"""

from django.db import migrations

OPEN = (
    "state in ('accepted', 'awaiting_enterprise', 'dispatched', 'handling', 'objected', 'reopened', 'replied', 'signed',"
    " 'submitted', 'supplement_requested', 'suspended', 'verifying')"
)
PLACES = "".join(
    f"""
create index case_helper{place}_queue on cases_case ((co_department_ids[{place}]), due_at, id)
    where co_department_ids[{place}] is not null and {OPEN};
create index case_helper{place}_register on cases_case ((co_department_ids[{place}]), raised_at desc, id desc)
    where co_department_ids[{place}] is not null;
"""
    for place in (1, 2, 3)
)
MORE = f"""
create index case_helpers_queue on cases_case (due_at, id) where co_department_ids[4] is not null and {OPEN};
create index case_helpers_register on cases_case (raised_at desc, id desc) where co_department_ids[4] is not null;
-- Without it, the planner takes every case for one with four helpers, and sorts instead of walking the index.
create statistics case_helpers_many on (co_department_ids[4]) from cases_case;
"""


class Migration(migrations.Migration):
    dependencies = [("cases", "0003_search_by_index")]
    operations = [migrations.RunSQL(PLACES + MORE, migrations.RunSQL.noop)]
