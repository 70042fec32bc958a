"""Counts of one region for everybody.

The visibility rule of this context: whoever asks gets counts of matters of one region that publishes, and nothing of a
single matter. It reads as the product itself, because nobody's rows are shown to anybody.
"""

import dataclasses
import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from django.core.cache import cache
from django.db.models import Count, Q
from django.db.models.functions import TruncMonth
from django.utils import timezone

from bihuan.casework.cases import selectors as cases
from bihuan.casework.cases.models import Case
from bihuan.foundation.directory import selectors as directory
from bihuan.foundation.directory.models import Region
from bihuan.foundation.kernel import answers, database, errors
from bihuan.foundation.rulebooks import selectors as rulebooks
from bihuan.foundation.workcalendar import selectors as calendars
from bihuan.mechanisms.evaluation import selectors as evaluation
from bihuan.mechanisms.intake import selectors as intake
from bihuan.mechanisms.vault import selectors as vault
from bihuan.mechanisms.vault.states import Form, Stage

from . import rules
from .rulebook import Publication

KEPT = 600
"""For how many seconds counted figures are kept in memory."""
RAISED, CLOSED, ACHIEVED = range(3)


@dataclass(frozen=True, kw_only=True)
class Line:
    """One row of a table: key of the month, channel or board, and its three counts (None: too small)."""

    key: str
    raised: int | None
    closed: int | None
    achieved: int | None


@dataclass(frozen=True, kw_only=True)
class Figures:
    """What is published of a region. Shares lie between 0 and 1; None stands for too few matters.

    first: first day of the period; as_of: the instant up to which facts count. median: working time from acceptance to
    the answer. tables: by month, channel and board. heard: what became of ratings and callbacks (evaluation.Counted).
    """

    region: str
    first: dt.date
    as_of: dt.datetime
    least: int
    raised: int | None
    closed: int | None
    achieved: int | None
    silent: int | None
    closed_rate: float | None
    achieved_rate: float | None
    median: dt.timedelta | None
    tables: Mapping[str, tuple[Line, ...]] = field(default_factory=dict)
    heard: Mapping[str, int | None] = field(default_factory=dict)


def publishing(*, at: dt.datetime) -> tuple[Region, ...]:
    """Return the served counties whose rulebook publishes figures, by code."""
    served = intake.served(on=answers.local_date(at))
    return tuple(one for one in served if rulebooks.in_force(one.code, at).section(Publication).open)


def figures(*, region: str, at: dt.datetime) -> Figures:
    """Return the published figures of a region as of the last midnight. Raises NotFound where none are published."""
    if region not in {one.code for one in publishing(at=at)}:
        raise errors.NotFound(code="nothing_published")
    as_of = timezone.localtime(at).replace(hour=0, minute=0, second=0, microsecond=0)
    key = f"openness:{region}:{as_of:%Y%m%d}:{rulebooks.in_force(region, at).id}"
    found: Figures | None = cache.get(key)
    if found is None:
        found = _count(region, as_of, rulebooks.in_force(region, at).section(Publication))
        cache.set(key, found, KEPT)
    return found


def _count(region: str, as_of: dt.datetime, rule: Publication) -> Figures:
    last = (as_of - dt.timedelta(seconds=1)).date()
    first = rules.first_month(last, months=rule.months)
    since = as_of.replace(year=first.year, month=first.month, day=1)
    # A withdrawn or merged matter was taken out of the loop: it is neither closed nor open.
    cohort = Case.objects.filter(cases.in_loop(), region=region, raised_at__gte=since, raised_at__lt=as_of)
    closed = Q(closed_at__lt=as_of)
    with database.reading(database.SERVICE):
        groups = list(
            cohort.annotate(month=TruncMonth("raised_at"))
            .order_by()
            .values("month", "channel", "board")
            .annotate(
                raised=Count("id"),
                closed=Count("id", filter=closed),
                done=Count("id", filter=closed & Q(achieved=True, achieved_at__lt=as_of)),
                silent=Count("id", filter=closed & Q(word="no_response")),
            )
            .values_list("month", "channel", "board", "raised", "closed", "done", "silent")
        )
        spans = list(
            cohort.filter(accepted_at__isnull=False, replied_at__lt=as_of).values_list("accepted_at", "replied_at")
        )
    total: list[int] = [sum(int(group[3 + place]) for group in groups) for place in range(4)]
    least = rule.least
    shown = [count if count >= least else None for count in total]
    heard = dataclasses.asdict(evaluation.counted(region=region, since=since, until=as_of))
    months = rules.months_between(first, last)
    return Figures(
        region=region,
        first=first,
        as_of=as_of,
        least=least,
        raised=shown[0],
        closed=shown[1],
        achieved=shown[2],
        silent=shown[3],
        closed_rate=rules.share(total[CLOSED], total[RAISED], least=least),
        achieved_rate=rules.share(total[ACHIEVED], total[CLOSED], least=least),
        median=_median(region, spans) if len(spans) >= least else None,
        tables={
            "month": _lines(groups, lambda group: f"{group[0]:%Y-%m}", least, months),
            "channel": _lines(groups, lambda group: str(group[1]), least),
            "board": _lines(groups, lambda group: str(group[2]), least),
        },
        heard={name: count if count >= least else None for name, count in heard.items()},
    )


def _lines(
    groups: list[tuple[Any, ...]], key_of: Callable[[tuple[Any, ...]], str], least: int, keys: list[str] | None = None
) -> tuple[Line, ...]:
    sums: dict[str, list[int]] = {key: [0, 0, 0] for key in keys or ()}
    for group in groups:
        row = sums.setdefault(key_of(group), [0, 0, 0])
        for place in range(3):
            row[place] += group[3 + place]
    order = list(sums) if keys else sorted(sums, key=lambda key: (-sums[key][RAISED], key))
    columns = [rules.hide([sums[key][place] for key in order], least=least) for place in range(3)]
    rows = zip(order, *columns, strict=True)
    return tuple(Line(key=key, raised=raised, closed=done, achieved=true) for key, raised, done, true in rows)


def _median(region: str, spans: list[tuple[Any, ...]]) -> dt.timedelta:
    ends = [np.array([_utc(pair[place]) for pair in spans], dtype="datetime64[us]") for place in range(2)]
    elapsed = calendars.calendar_for(region).elapsed_many(ends[0], ends[1])
    return dt.timedelta(microseconds=int(np.median(elapsed.astype("int64"))))


def _utc(instant: dt.datetime) -> dt.datetime:
    return instant.astimezone(dt.UTC).replace(tzinfo=None)


def day_length(*, region: str, on: dt.date) -> dt.timedelta:
    """Return how long a working day of the region is, so that working time can be said in days."""
    return calendars.calendar_for(region).hours_on(on).length


def board_names(*, region: str, on: dt.date) -> dict[str, str]:
    """Return code → name of the boards of a region."""
    return {row.code: row.name for row in directory.boards(region, on=on)}


@dataclass(frozen=True, kw_only=True)
class Clues:
    """What is published of clues about staff: numbers of whole months, small ones hidden; contents never."""

    region: str
    first: dt.date
    as_of: dt.datetime
    least: int
    received: int | None
    stages: tuple[tuple[str, int | None], ...]
    forms: tuple[tuple[str, int | None], ...]


def clues(*, region: str, at: dt.datetime) -> Clues:
    """Return the published counts of clues up to the end of last month. Raises NotFound where none are published.

    Whole months only: from one day to the next somebody could read off what came in between.
    """
    if region not in {one.code for one in publishing(at=at)}:
        raise errors.NotFound(code="nothing_published")
    rule = rulebooks.in_force(region, at).section(Publication)
    as_of = timezone.localtime(at).replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    first = rules.first_month((as_of - dt.timedelta(seconds=1)).date(), months=rule.months)
    since = as_of.replace(year=first.year, month=first.month, day=1)
    found = vault.counted(regions=[region], since=since, until=as_of)
    return Clues(
        region=region,
        first=first,
        as_of=as_of,
        least=rule.least,
        received=found.received if found.received >= rule.least else None,
        stages=_hidden([stage.value for stage in Stage], found.stages, rule.least),
        forms=_hidden([form.value for form in Form], found.forms, rule.least),
    )


def _hidden(names: list[str], counts: Mapping[str, int], least: int) -> tuple[tuple[str, int | None], ...]:
    shown = rules.hide([counts.get(name, 0) for name in names], least=least)
    return tuple(zip(names, shown, strict=True))
