"""The figures of the register with the eyes of a reader: what they may see is what is counted."""

import datetime as dt
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import get_language

from bihuan.analytics.openness import rules as months
from bihuan.casework.cases import selectors as cases
from bihuan.casework.cases import wording as cases_wording
from bihuan.casework.cases.permissions import Actor
from bihuan.casework.cases.rulebook import Channels
from bihuan.foundation.directory import selectors as directory
from bihuan.foundation.kernel import answers
from bihuan.foundation.rulebooks import selectors as rulebooks

from . import rules
from .rules import Period


@dataclass(frozen=True, kw_only=True)
class Line:
    """One row of a table: key and name, its figures, and the filters that open the cases behind them."""

    key: str
    name: str
    figures: dict[str, int]
    opens: dict[str, str]


@dataclass(frozen=True, kw_only=True)
class Figures:
    """The figures of a period. as_of: the instant of counting; region: empty for all the reader may see.

    opens: the filters that open the cases of the whole; tables: dimension → rows.
    """

    period: Period
    region: str
    as_of: dt.datetime
    total: dict[str, int]
    opens: dict[str, str]
    tables: dict[str, list[Line]] = field(default_factory=dict)


def regions_of(actor: Actor, *, on: dt.date) -> list[tuple[str, str]]:
    """Return code and name of the regions whose cases the actor sees, where anybody looks after matters."""
    codes = actor.scope().regions
    return [(one.code, one.name) for one in directory.regions(codes, on) if directory.boards(one.code)]


def figures(*, actor: Actor, period: Period, region: str, now: dt.datetime) -> Figures:
    """Count what was raised in a period, as far as the actor sees it. One scan of these cases."""
    filters = cases.Filters(
        region=(region,) if region else (),
        since=_begin(period.since),
        until=_begin(period.until + dt.timedelta(days=1)),
    )
    found = cases.tally(actor=actor, filters=filters, now=now)
    opens = {"since": period.since.isoformat(), "until": period.until.isoformat()}
    opens |= {"region": region} if region else {}
    return Figures(
        period=period,
        region=region,
        as_of=now,
        total=found.total,
        opens=opens,
        tables={
            name: _lines(name, found.by[name], period=period, opens=opens, actor=actor, region=region, now=now)
            for name in cases.DIMENSIONS
        },
    )


def _begin(day: dt.date) -> dt.datetime:
    return dt.datetime.combine(day, dt.time()).astimezone()


def _lines(
    name: str,
    found: dict[str, dict[str, int]],
    *,
    period: Period,
    opens: dict[str, str],
    actor: Actor,
    region: str,
    now: dt.datetime,
) -> list[Line]:
    nothing = dict.fromkeys(cases.FIGURES, 0)
    if name == "month":
        lines = []
        for month in months.months_between(period.since, period.until):
            days = rules.month_days(month, within=period)
            narrowed = opens | {"since": days.since.isoformat(), "until": days.until.isoformat()}
            lines.append(Line(key=month, name=month, figures=found.get(month, nothing), opens=narrowed))
        return lines
    names = _names(name, actor=actor, region=region, codes=list(found), now=now)
    order = sorted(found, key=lambda key: (-found[key]["collected"], key))
    return [
        Line(
            key=key,
            name=str(names.get(key, key)),
            figures=found[key],
            opens=opens | {name: key or cases.NONE_YET},
        )
        for key in order
    ]


def _names(name: str, *, actor: Actor, region: str, codes: list[str], now: dt.datetime) -> dict[str, Any]:
    """Return key → name of a dimension: of the region asked for, or of the reader's first one that knows the key."""
    on, none = answers.local_date(now), str(cases_wording.FIGURES_NONE)
    if name == "tier":
        return {**cases_wording.TIERS, "": none}
    if name == "region":
        return {code: place.name for code in codes if (place := directory.region(code))}
    asked = [region] if region else [code for code, _name in regions_of(actor, on=on)][:20]
    found: dict[str, Any] = {"": none}
    for one in reversed(asked):
        if name == "channel":
            book = rulebooks.in_force(one, now).section(Channels).root
            found |= {row.id: row.name.in_language(get_language() or "zh-hans") for row in book}
        else:
            found |= {row.code: row.name for row in directory.boards(one)}
    return found
