"""Figures of the register: what each counts, said once for numbers, lists and publication (J8, E4).

A figure is a condition on cases, so the cases behind a number are the list narrowed by the same words.
"""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.db import connection
from django.db.models import BooleanField
from django.db.models.expressions import RawSQL

from bihuan.foundation.kernel import database

from .. import permissions
from ..permissions import Actor

_IN_LOOP = (
    "(cases_case.closed_kind <> 'withdrawn' and cases_case.state not in ('merged', 'declined')"
    " and not (cases_case.state = 'archived' and cases_case.closed_kind = ''))"
)
_CLOSED = f"{_IN_LOOP} and cases_case.closed_at is not null"
_OPEN = f"{_IN_LOOP} and cases_case.closed_at is null"
FIGURES: dict[str, str] = {
    "collected": _IN_LOOP,
    "closed": _CLOSED,
    "achieved": f"{_CLOSED} and cases_case.achieved",
    "no_response": f"{_CLOSED} and cases_case.word = 'no_response'",
    "closed_late": f"{_CLOSED} and cases_case.due_at < coalesce(cases_case.held_at, cases_case.closed_at)",
    "open": _OPEN,
    "open_overdue": f"{_OPEN} and cases_case.due_at < least(coalesce(cases_case.held_at, {{now}}), {{now}})",
    "left_out": f"not {_IN_LOOP}",
}
"""Figure → which cases it counts. `left_out`: not accepted, merged into another one, or taken back by the raiser."""
DIMENSIONS: dict[str, str] = {
    "month": f"date_trunc('month', cases_case.raised_at at time zone '{settings.TIME_ZONE}')",
    "channel": "cases_case.channel",
    "board": "cases_case.board",
    "tier": "cases_case.tier",
    "region": "cases_case.region",
}
"""By what figures are divided: dimension → its value of a case."""


@dataclass(frozen=True, kw_only=True)
class Tally:
    """The figures of some cases: all of them, and divided by each dimension (value → figures)."""

    total: dict[str, int]
    by: dict[str, dict[str, dict[str, int]]] = field(default_factory=dict)


def condition(figures: Iterable[str], now: dt.datetime) -> tuple[str, list[Any]]:
    """Return the condition that a case is counted by any of these figures, with its parameters."""
    chosen = [FIGURES[name] for name in figures]
    sql = " or ".join(f"({one.format(now='%s')})" for one in chosen)
    return f"({sql})", [now] * sql.count("%s")


def in_loop() -> RawSQL:
    """Return the condition of what counts as collected, for Django's queries on Case."""
    return RawSQL(_IN_LOOP, [], output_field=BooleanField())  # noqa: S611


def tally(*, actor: Actor, narrowed: tuple[str, Sequence[Any]], now: dt.datetime) -> Tally:
    """Return the figures of what the actor sees of a list, in one scan of it. narrowed: condition, parameters."""
    seen, parameters = permissions.visible_sql(actor)
    counts, values = [], []
    for name in FIGURES:
        sql, more = condition([name], now)
        counts.append(f"count(*) filter (where {sql})")
        values += more
    dimensions = list(DIMENSIONS.values())
    places = ", ".join(f"d{place}" for place in range(len(dimensions)))
    sql = (
        f"select grouping({places}), {places}, {', '.join(f'sum(f{n})::bigint' for n in range(len(FIGURES)))}"  # noqa: S608
        f" from (select {', '.join(f'{one} as d{place}' for place, one in enumerate(dimensions))},"
        f" {', '.join(f'{one} as f{n}' for n, one in enumerate(counts))}"
        f" from cases_case where {seen} and {narrowed[0]}"
        f" group by {', '.join(str(n + 1) for n in range(len(dimensions)))})"
        f" cells group by grouping sets ((), {', '.join(f'(d{place})' for place in range(len(dimensions)))})"
    )
    with database.reading(actor.scope()), connection.cursor() as db:
        db.execute(sql, [*values, *parameters, *narrowed[1]])
        rows = db.fetchall()
    found = Tally(total=dict.fromkeys(FIGURES, 0), by={name: {} for name in DIMENSIONS})
    for which, *rest in rows:
        figures = dict(zip(FIGURES, (int(value or 0) for value in rest[len(dimensions) :]), strict=True))
        if which == 2 ** len(dimensions) - 1:
            found.total.update(figures)
        else:
            place = next(n for n in range(len(dimensions)) if not which & (1 << (len(dimensions) - 1 - n)))
            value = rest[place]
            found.by[list(DIMENSIONS)[place]][f"{value:%Y-%m}" if place == 0 else str(value)] = figures
    return found
