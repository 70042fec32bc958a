"""The live scoreboard as a page: places, one unit explained, one index among its limits, and the methods."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from bihuan.casework.cases import wording as cases
from bihuan.casework.cases.permissions import Actor
from bihuan.casework.cases.rulebook import Categories
from bihuan.foundation.directory import selectors as directory
from bihuan.foundation.kernel import answers
from bihuan.foundation.rulebooks import selectors as rulebooks
from bihuan.foundation.ui import charts
from bihuan.foundation.ui import wording as words
from bihuan.foundation.ui.components import Change, Option
from bihuan.foundation.workcalendar import wording as workcalendar

from .. import exports, permissions, selectors, wording
from ..models import Edition
from ..rules import fairness, periods
from ..rules.counting import LESS_IS_BETTER, RATINGS, Index
from ..rules.moving import Move
from ..selectors import Board, Line
from . import rows

MONTHS = 12


@dataclass(frozen=True, kw_only=True)
class Chosen:
    """What the reader looks at closely: one unit and one index. may_open: whether its matters may be shown."""

    line: Line | None
    index: Index
    may_open: bool


def chosen(board: Board, wanted: Mapping[str, Any]) -> Chosen:
    """Return what the address asks for; else the reader's own unit, or the last one, and the heaviest index."""
    index = Index(wanted["index"]) if wanted.get("index") in set(Index) else next(iter(_weighted(board)), Index.ON_TIME)
    line = board.line(str(wanted.get("unit") or "")) or next((one for one in board.lines if one.own), None)
    placed = [one for one in board.lines if one.rank is not None]
    line = line or (max(placed, key=lambda one: one.rank or 0) if placed else next(iter(board.lines), None))
    return Chosen(line=line, index=index, may_open=board.ratings or index not in RATINGS)


def _weighted(board: Board) -> list[Index]:
    points = board.rule.weights.points()
    return [Index(name) for name in sorted(points, key=lambda one: -points[one])]


def held(board: Board) -> dict[str, Any]:
    """Return a board in the shape of an edition, for files."""
    region = directory.region(board.region)
    return {
        "format": exports.FORMAT,
        "region": board.region,
        "region_name": region.name if region else board.region,
        "period": periods.written(board.month),
        "levels": {board.level.value: exports.document(board)},
    }


def page(
    board: Board,
    before: Board,
    picked: Chosen,
    moved: Move | None,
    editions: Sequence[Edition],
    actor: Actor,
    *,
    now: dt.datetime,
) -> dict[str, Any]:
    """Return the context of the page."""
    asked = {"region": board.region, "period": periods.written(board.month), "by": board.level.value}

    def link(unit: str, index: str) -> str:
        if Index(index) in RATINGS and not board.ratings:
            return ""
        return f"{reverse('scoreboard:behind')}?{urlencode({**asked, 'unit': unit, 'index': index})}"

    region = directory.region(board.region)
    of_month = [row for row in editions if row.month == board.month]
    return {
        "board": board,
        "asked": asked,
        "live_query": urlencode(asked),
        "place": region.name if region else board.region,
        "months": _months(now, board.month),
        "tabs": [_option(asked, wording.LEVELS[one], by=one, current=one == board.level) for one in wording.LEVELS],
        "sections": rows.sections(
            exports.document(board),
            rule=board.rule,
            link=link,
            own=frozenset(line.unit.code for line in board.lines if line.own),
            before={line.unit.code: line.rank for line in before.lines},
            trends=selectors.trends(region=board.region, level=board.level.value, month=board.month),
        ),
        "picked": picked,
        "why": _why(board, before, picked.line, link) if picked.line else None,
        "funnel": _funnel(board, picked),
        "index_tabs": _index_tabs(board, asked, picked),
        "index_name": wording.INDICES[picked.index],
        "index_meaning": wording.MEANINGS[picked.index],
        "moved": _moved(board, moved, now) if moved else None,
        "edition": of_month[0] if of_month else None,
        "edition_state": wording.STATES[of_month[0].state] if of_month else "",
        "may_draft": not board.running
        and permissions.can_edition(actor, "send_for_check", board.region)
        and not (of_month and of_month[0].state in ("draft", "checking")),
        "meanings": rows.meanings(board.rule),
        "check_for": workcalendar.duration(board.rule.check_for),
    }


def _months(now: dt.datetime, current: int) -> list[tuple[str, bool]]:
    last = periods.month_of(answers.local_date(now))
    every = sorted({*range(last, last - MONTHS - 1, -1), current}, reverse=True)
    return [(periods.written(month), month == current) for month in every]


def _option(asked: Mapping[str, str], label: Any, *, current: bool, **more: str) -> Option:
    return Option(label=label, url=f"?{urlencode({**asked, **more})}", current=current)


def _index_tabs(board: Board, asked: Mapping[str, str], picked: Chosen) -> list[Option]:
    unit = {"unit": picked.line.unit.code} if picked.line else {}
    shown = [index for index in board.rule.indices if board.ratings or index not in RATINGS]
    return [
        _option({**asked, **unit}, wording.INDICES[one], index=one.value, current=one == picked.index) for one in shown
    ]


@dataclass(frozen=True, kw_only=True)
class Part:
    """One part of a score: its colour, name, meaning, points of how many, what it is made of, and how it moved."""

    css: str
    name: Any
    meaning: Any
    points: str
    of: str
    cell: rows.Cell
    change: Change | None


@dataclass(frozen=True, kw_only=True)
class Why:
    """One unit explained. weakest: the part that cost most, if any cost half a point."""

    name: str
    score: str
    rank: int | None
    was: int | None
    reach: str
    change: Change | None
    bar: list[tuple[float, str]]
    parts: list[Part]
    weakest: Part | None


def _why(board: Board, before: Board, line: Line, link: rows.Link) -> Why | None:
    if line.score is None:
        return None
    old = before.line(line.unit.key)
    weights = board.weights[line.unit.group]
    colours = rows.ramp(weights)
    order = sorted(line.score.parts, key=lambda name: -weights[name])
    parts = []
    for name in order:
        points = line.score.parts[name]
        was = old.score.parts.get(name) if old and old.score else None
        figure = exports.figure(line.figures[Index(name)])
        parts.append(
            Part(
                css=colours[name],
                name=wording.INDICES[Index(name)],
                meaning=wording.MEANINGS[Index(name)],
                points=f"{points:.1f}",
                of=f"{weights[name]:.0f}",
                cell=rows.cell(figure, Index(name), link(line.unit.code, name)),
                change=_change(points - was) if was is not None else None,
            )
        )
    lost = [weights[name] - line.score.parts[name] for name in order]
    return Why(
        name=line.unit.short,
        score=f"{line.score.value:.1f}",
        rank=line.rank,
        was=old.rank if old else None,
        reach=f"{line.score.low:.0f}–{line.score.high:.0f}",
        change=_change(line.score.value - old.score.value) if old and old.score else None,
        bar=[(line.score.parts[name], colours[name]) for name in order],
        parts=parts,
        weakest=parts[lost.index(max(lost))] if parts and max(lost) >= 0.5 else None,
    )


def _change(points: float, *, unit: str = "", less_is_better: bool = False) -> Change | None:
    if abs(points) < 0.05:
        return None
    good = (points > 0) != less_is_better
    return Change(
        amount=f"{abs(points):.1f}{unit}", direction="up" if points > 0 else "down", verdict="good" if good else "bad"
    )


@dataclass(frozen=True, kw_only=True)
class Funnel:
    """One index of one group among its limits: the picture, and the same as a table."""

    drawn: Any
    mean: str
    rows: list[tuple[str, str, int, str, str]]


def _funnel(board: Board, picked: Chosen) -> Funnel | None:
    if picked.line is None or (not board.ratings and picked.index in RATINGS):
        return None
    group, index = picked.line.unit.group, picked.index
    lines = [line for line in board.lines if line.unit.group == group and line.figures.get(index)]
    lines = [line for line in lines if line.figures[index].counted and line.figures[index].fair]
    if not lines:
        return None
    mean = board.means[group].get(index, 0.0)
    most = max(line.figures[index].counted for line in lines)
    sizes = [max(1.0, most * 1.08 * step / 60) for step in range(1, 61)]
    bands = [[(n, *fairness.limits(mean, n, z)) for n in sizes] for z in (fairness.Z95, fairness.Z998)]
    dots = [
        charts.Dot(
            name=line.unit.short,
            x=line.figures[index].counted,
            y=line.figures[index].fair.adjusted,  # type: ignore[union-attr]
            stressed=line.unit.key == picked.line.unit.key,
        )
        for line in lines
    ]
    label = _("%(index)s of each unit over its number of matters, with limits of 95 %% and 99.8 %%") % {
        "index": wording.INDICES[index]
    }
    drawn = charts.limits(dots, bands, centre=mean, label=label, x_name=_("Matters"))
    return Funnel(drawn=drawn, mean=words.percent(mean), rows=[_among(line, index, mean) for line in lines])


def _among(line: Line, index: Index, mean: float) -> tuple[str, str, int, str, str]:
    figure = line.figures[index]
    assert figure.fair is not None
    value = figure.fair.adjusted
    verdict = _("as is to be expected by chance")
    for z, word in ((fairness.Z998, _("clearly")), (fairness.Z95, _("probably"))):
        low, high = fairness.limits(mean, figure.counted, z)
        if not low <= value <= high:
            good = (value > mean) != (index in LESS_IS_BETTER)
            verdict = (_("%(how)s better") if good else _("%(how)s worse")) % {"how": word}
            break
    assert figure.value is not None
    return line.unit.short, words.percent(figure.value), figure.counted, words.percent(value), verdict


@dataclass(frozen=True, kw_only=True)
class Moved:
    """What moved a share: the sentence, and a row for each stratum (name, before, after, mix, rate)."""

    before: str
    after: str
    change: Change | None
    mix: str
    rate: str
    rows: list[tuple[str, str, str, str, str]]


def _moved(board: Board, found: Move, now: dt.datetime) -> Moved:
    language = get_language() or "zh-hans"
    book = rulebooks.in_force(board.region, now).section(Categories).root
    names = {row.id: row.name.in_language(language) for row in book}

    def named(stratum: str) -> str:
        category, tier = stratum.split("|")
        return f"{names.get(category, category) or '—'} · {cases.TIERS.get(tier, tier)}"

    def of(pair: tuple[int, int]) -> str:
        return f"{pair[1]}/{pair[0]}" if pair[0] else "—"

    return Moved(
        before=words.percent(found.before),
        after=words.percent(found.after),
        change=_change(found.change * 100, unit=""),
        mix=_points(found.mix),
        rate=_points(found.rate),
        rows=[
            (named(part.stratum), of(part.before), of(part.after), _points(part.mix), _points(part.rate))
            for part in found.parts
        ],
    )


def _points(share: float) -> str:
    return f"{share * 100:+.1f}"
