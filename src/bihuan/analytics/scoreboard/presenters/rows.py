"""Figures as rows of a table: the same for the live scoreboard, editions, and the public page."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from bihuan.foundation.ui import wording as words

from .. import exports, wording
from ..exports.files import SHOWN
from ..rulebook import Scoreboard
from ..rules.counting import Index

RAMP = ("k1", "k2", "k3", "k4", "k5")
Link = Callable[[str, str], str]
"""(unit, index) → address of what lies behind the figure; an empty text where nothing is shown."""


@dataclass(frozen=True, kw_only=True)
class Cell:
    """One share in a table: its heading, what is written, what it is made of, and where its matters are."""

    name: Any
    text: str
    note: str = ""
    url: str = ""


@dataclass(frozen=True, kw_only=True)
class Row:
    """One unit in a table; `bar` are the parts of its score, `trend` its scores of the last months."""

    unit: str
    name: str
    rank: int | None
    score: str
    reach: str
    bar: list[tuple[float, str]]
    n: str
    cells: list[Cell]
    left_out: int
    trend: list[float]
    why_not: str = ""
    own: bool = False
    climbed: int = 0

    @property
    def fell(self) -> int:
        """How many places the unit lost."""
        return -self.climbed


@dataclass(frozen=True, kw_only=True)
class Section:
    """A group of like units; `key` are the names and colours of the parts of the score."""

    name: str
    rows: list[Row]
    key: list[tuple[str, Any]]
    heads: list[Any]


def sections(
    board: Mapping[str, Any],
    *,
    rule: Scoreboard,
    link: Link = lambda unit, index: "",
    own: frozenset[str] = frozenset(),
    before: Mapping[str, int | None] | None = None,
    trends: Mapping[str, list[float]] | None = None,
) -> list[Section]:
    """Return the tables of a board as `exports.document` gives it. before: unit → place of the month before."""
    names = {group.id: group.name.in_language(get_language() or "zh-hans") for group in rule.groups}
    groups: dict[str, list[Mapping[str, Any]]] = {}
    for item in board["items"]:
        groups.setdefault(item["group"], []).append(item)
    found = []
    for group, items in groups.items():
        colours = ramp(board["weights"].get(group, {}))
        rows = [
            _row(item, board, colours, link, own, before or {}, (trends or {}).get(item["unit"], [])) for item in items
        ]
        key = [(css, wording.INDICES[Index(name)]) for name, css in colours.items() if css != RAMP[-1]]
        if RAMP[-1] in colours.values():
            key.append((RAMP[-1], _("the rest")))
        heads = [wording.INDICES[Index(name)] for name in SHOWN]
        found.append(Section(name=names.get(group, ""), rows=rows, key=key, heads=heads))
    return found


def ramp(weights: Mapping[str, float]) -> dict[str, str]:
    """Return index → colour, the heaviest first; where there are more than five, the light ones share the last."""
    order = sorted(weights, key=lambda name: -weights[name])
    last = len(RAMP) - 1
    return {name: RAMP[min(place, last)] if len(order) > len(RAMP) else RAMP[place] for place, name in enumerate(order)}


def _row(
    item: Mapping[str, Any],
    board: Mapping[str, Any],
    colours: Mapping[str, str],
    link: Link,
    own: frozenset[str],
    before: Mapping[str, int | None],
    trend: list[float],
) -> Row:
    score, unit = item["score"], item["unit"]
    parts = (score or {}).get("parts") or {}
    sums: dict[str, float] = {}
    for name, css in colours.items():
        sums[css] = sums.get(css, 0.0) + parts.get(name, 0.0)
    was = before.get(unit)
    return Row(
        unit=unit,
        name=exports.named(item),
        rank=item["rank"],
        score=f"{score['value']:.1f}" if score else "—",
        reach=f"{score['interval']['low']:.0f}–{score['interval']['high']:.0f}" if score else "",
        bar=[(value, css) for css, value in sums.items() if value] if parts else [],
        n=few(item["n"]),
        cells=[cell(item["figures"].get(name), Index(name), link(unit, name)) for name in SHOWN],
        left_out=sum(figure["excluded"] or 0 for figure in item["figures"].values()),
        trend=trend,
        why_not=why_not(item, board),
        own=unit in own,
        climbed=was - item["rank"] if was and item["rank"] else 0,
    )


def why_not(item: Mapping[str, Any], board: Mapping[str, Any]) -> str:
    """Return why a unit has no place, or an empty text."""
    if item["rank"] is not None or item["n"] is None:
        return ""
    facts = {"n": item["n"], "least": board["min_n"]}
    said = ngettext(
        "%(n)d matter, fewer than %(least)d: listed, no place.",
        "%(n)d matters, fewer than %(least)d: listed, no place.",
        item["n"],
    )
    return said % facts


def few(count: int | None) -> str:
    """Write a count; one that is withheld as a dash."""
    return "—" if count is None else str(count)


def cell(figure: Mapping[str, Any] | None, index: Index, url: str = "") -> Cell:
    """Return one share as it is written."""
    name = wording.INDICES[index]
    if figure is None or figure["value"] is None:
        text = _("withheld") if figure is not None and figure["withheld"] else "—"
        return Cell(name=name, text=text)
    reach = figure["interval"]
    note = _("%(hits)d of %(all)d; 95 %% interval %(low)s to %(high)s") % {
        "hits": figure["numerator"],
        "all": figure["denominator"],
        "low": words.percent(reach["low"]),
        "high": words.percent(reach["high"]),
    }
    return Cell(name=name, text=words.percent(figure["value"]), note=note, url=url)


def meanings(rule: Scoreboard) -> list[tuple[Any, Any, int]]:
    """Return (name, meaning, points) of every index, those with points first."""
    points = rule.weights.points()
    order = sorted(rule.indices, key=lambda index: -points.get(index.value, 0))
    return [(wording.INDICES[index], wording.MEANINGS[index], points.get(index.value, 0)) for index in order]
