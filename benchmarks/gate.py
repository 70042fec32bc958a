"""The gate for checks of enterprises: one decision, beside the rule alone, as the register of checks grows.

    python -m benchmarks.gate [--most 100000]

Every enterprise gets ten checks of its year; a decision reads its class, its checks, items, officers and powers, and
names every rule that stands against it. CPU of this process and its PostgreSQL backend, in a transaction rolled back.
Target: a decision ≤ 5 ms, and no more than twice as much with the largest register as with the smallest.
"""

import datetime as dt
import random
import statistics
import time
from dataclasses import asdict, dataclass
from typing import Any

from benchmarks import apart
from benchmarks.report import Section, Target
from benchmarks.sweep import cpu as spent_cpu

DECISION, GROWTH, YEARLY = 5.0, 2.0, 10
"""Milliseconds of a decision; how many times one may cost with the largest register; checks of each enterprise."""


@dataclass(frozen=True)
class Decided:
    """With so many checks in the register: CPU milliseconds of a decision (this process and its PostgreSQL backend), of
    wall time (median), and of the rule alone.
    """

    checks: int
    cpu: float
    median: float
    rule: float


_CHECKS = """
insert into inspections_check (id, region, last_seq, last_hash, number, year, serial, kind, state, enterprise_id,
    department_id, bodies, items, categories, subjects, "on", grade, sheltered, reasons, reason, filed, scanned, unscanned,
    summary, verdict, review, rated, registered_at, arrived_at, ended_at, rulebook_version)
select gen_random_uuid(), e.region, 0, '', 'BENCH-' || n, 2000, n, 'planned', 'done', e.id, %(body)s, array[%(body)s::uuid],
    '{}', array['fire'], array['subject ' || n], %(today)s::date - (n %% 300)::int, 'B', false, '[]', '', '', true, '', '', '',
    '', false, %(now)s, %(now)s, %(now)s, gen_random_uuid()
from generate_series(%(first)s, %(last)s) n
join (select id, region, row_number() over (order by id) - 1 as place from directory_enterprise
    where region = %(region)s and source = 'bench') e
    on e.place = n / %(yearly)s
"""


def _firms(region: str, first: int, last: int) -> None:
    from bihuan.foundation.directory import rules
    from bihuan.foundation.directory.models import Enterprise

    made = [
        Enterprise(
            uscc=rules.compose_uscc(region=region, serial=1000 + number),
            name=f"Bench {number}",
            pinyin="bench",
            region=region,
            source="bench",
            created_at=NOW,
            updated_at=NOW,
        )
        for number in range(first, last + 1)
    ]
    Enterprise.objects.bulk_create(made, batch_size=1000)


def run(most: int, times: int = 300) -> list[Decided]:
    """Measure with 1,000 checks in the register, ten times as many, and so on up to `most`."""
    from django.db import connection, transaction

    from bihuan.foundation.kernel import clock, database

    found = []
    with transaction.atomic(), connection.cursor() as cursor:
        # One day stands still, so that every run decides the same.
        with clock.at(NOW):
            place = _place()
            made = 0
            for number in [n for n in (1_000, 10_000, 100_000, 1_000_000) if n <= most]:
                given = {"now": NOW, "today": NOW.date(), "body": place.body.id, "region": place.region}
                with database.writing():
                    _firms(place.region, made // YEARLY + 1, number // YEARLY)
                    cursor.execute(_CHECKS, given | {"first": made, "last": number - 1, "yearly": YEARLY})
                cursor.execute("reset role")
                cursor.execute("analyze inspections_check, directory_enterprise")
                made = number
                found.append(_measure(place, number, times))
        transaction.set_rollback(True)
    return found


NOW = dt.datetime(2026, 11, 16, 9, 0, tzinfo=dt.timezone(dt.timedelta(hours=8)))


@dataclass
class Place:
    """A body with power, an item and two officers, and whoever registers its checks."""

    region: str
    body: Any
    actor: Any
    item: Any
    officers: list[Any]


def _place() -> Place:
    from bihuan.casework.cases import factories
    from bihuan.mechanisms.inspections import services
    from bihuan.mechanisms.inspections.services import Entered

    district = factories.District()
    centre, justice = district.staff("coordinator"), district.staff("justice_supervisor")

    def publish(listing: str, **fields: Any) -> Any:
        entered = Entered(
            name=listing, region=factories.DISTRICT, department="housing", fields={"basis": "bench"} | fields
        )
        made = services.enter(entered=entered, actor=centre, now=NOW)
        return services.take_listed(name=listing, listed_id=made.id, action="publish", actor=justice, now=NOW, body={})

    publish("power", subject="statutory")
    item = publish("item", code="1", name="bench", category="fire", on_site="yes")
    officers = [publish("officer", name=f"o{n}", certificate=f"c{n}", until="2030-12-31") for n in (1, 2)]
    return Place(factories.DISTRICT, district.department("housing"), district.liaison(), item, officers)


def _measure(place: Place, checks: int, times: int) -> Decided:
    from bihuan.foundation.directory.models import Enterprise
    from bihuan.foundation.kernel import database
    from bihuan.mechanisms.inspections import services
    from bihuan.mechanisms.inspections.rules import gate
    from bihuan.mechanisms.inspections.services import Planned

    with database.writing():
        firms = list(Enterprise.objects.filter(source="bench").order_by("id").values_list("uscc", flat=True)[:2000])
    chosen = random.Random(20261116)
    parts = {place.body.id: ([place.item.id], [one.id for one in place.officers])}
    spent = []
    backend = database.fetch("select pg_backend_pid()")[0][0]
    cpu = 0.0
    for turn in range(times + 20):
        planned = Planned(
            enterprise=chosen.choice(firms), on=NOW.date() + dt.timedelta(days=3), kind="planned", parts=parts
        )
        if turn == 20:
            cpu = spent_cpu(backend)
        began = time.perf_counter()
        judged = services.ask(department=place.body, planned=planned, actor=place.actor, now=NOW)
        if turn >= 20:
            spent.append((time.perf_counter() - began) * 1000)
        assert [one.code for one in judged.reasons] == ["cap"], judged
    cpu = (spent_cpu(backend) - cpu) / times
    wish = gate.Wish(on=NOW.date(), today=NOW.date(), bodies=(("b", True),), things=(), officers=())
    book = gate.Book(
        officers=2,
        quiet=gate.Quiet(),
        repeat_days=180,
        merge_days=30,
        essential=frozenset(),
        open_day=lambda _day: True,
    )
    taken = [
        gate.Taken(
            number=str(n),
            on=NOW.date() - dt.timedelta(days=n),
            bodies=frozenset({"b"}),
            categories=frozenset({"fire"}),
            subjects=frozenset(),
        )
        for n in range(YEARLY)
    ]
    treatment = gate.Treatment(id="B", exempt=False, caps=(gate.Cap(per="body", most=2),))
    began = time.perf_counter()
    for _ in range(1000):
        gate.decide(wish, treatment, taken, book)
    rule = (time.perf_counter() - began) * 1000 / 1000
    return Decided(checks, cpu, statistics.median(spent), rule)


def section(found: list[Decided]) -> Section:
    """Return what was measured as a part of the report."""
    worst, growth = max(one.cpu for one in found), found[-1].cpu / found[0].cpu
    return Section(
        title="The gate for checks of enterprises",
        lines=[
            "| checks in the register | decision CPU ms | wall ms (median) | the rule alone ms |",
            "|--:|--:|--:|--:|",
            *(f"| {one.checks:,} | {one.cpu:.2f} | {one.median:.2f} | {one.rule:.3f} |" for one in found),
        ],
        targets=[
            Target("a decision of the gate, CPU", f"≤ {DECISION:g} ms", f"{worst:.2f} ms", worst <= DECISION),
            Target(
                f"a decision with {found[-1].checks:,} checks ÷ with {found[0].checks:,}",
                f"≤ {GROWTH:g} ×",
                f"{growth:.2f} ×",
                growth <= GROWTH,
            ),
        ],
        values=[asdict(one) for one in found],
    )


if __name__ == "__main__":
    apart.main(run, section, most=100_000)
