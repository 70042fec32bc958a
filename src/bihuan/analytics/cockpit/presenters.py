"""Figures as a page, a file and a document show them."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _

from bihuan.casework.cases import wording as cases
from bihuan.foundation.kernel import answers
from bihuan.foundation.ui import wording as words
from bihuan.foundation.ui.charts import Series
from bihuan.foundation.ui.components import Figure

from . import rules, wording
from .selectors import Figures, Line

SHOWN = ("collected", "closed", "achieved", "open", "open_overdue", "closed_late")
"""Figures that tables show; their rates stand beside them."""


@dataclass(frozen=True, kw_only=True)
class Cell:
    """A number and the address of the cases behind it."""

    value: int
    url: str


@dataclass(frozen=True, kw_only=True)
class Row:
    """A row of a table: its name, its numbers, its closing and achievement rate, and the parts of its bar."""

    name: str
    cells: list[Cell]
    rates: list[str]
    bar: list[tuple[float, str]]


@dataclass(frozen=True, kw_only=True)
class Table:
    """One table with its headings; `most` fills the bar."""

    ident: str
    title: Any
    head: Any
    rows: list[Row]
    most: int


def opened(opens: dict[str, str], figure: str) -> str:
    """Return the address of the register with exactly the cases of a figure."""
    return f"{reverse('cases:register')}?{urlencode({**opens, 'figure': figure})}"


def rates(figures: dict[str, int]) -> dict[str, float | None]:
    """Return the rates of some figures; None where there is nothing to divide by."""
    counted = {**figures, "closed_on_time": figures["closed"] - figures["closed_late"]}
    return {name: rules.rate(counted[part], counted[whole]) for name, (_name, part, whole) in wording.RATES.items()}


def tiles(found: Figures) -> list[Figure]:
    """Return the key figures: numbers open their cases, rates the definition."""
    shown = [
        Figure(
            name=cases.FIGURES[name],
            value=f"{found.total[name]:,}",
            note=wording.DEFINITIONS[name],
            url=opened(found.opens, name),
        )
        for name in SHOWN
    ]
    known = rates(found.total)
    told = [
        Figure(name=name, value=_share(known[key]), note=wording.DEFINITIONS[key], url=f"#def-{key}")
        for key, (name, _part, _whole) in wording.RATES.items()
    ]
    return [*shown[:3], *told, *shown[3:]]


def _share(value: float | None) -> str:
    return "—" if value is None else words.percent(value, digits=1)


def tables(found: Figures) -> list[Table]:
    """Return one table for each dimension that divides anything."""
    shown = []
    for name, lines in found.tables.items():
        if name == "region" and len(lines) < 2:
            continue
        title, head = wording.DIMENSIONS[name]
        rows = [_row(line) for line in lines]
        most = max((line.figures["collected"] for line in lines), default=0)
        shown.append(Table(ident=f"by-{name}", title=title, head=head, rows=rows, most=most))
    return shown


def _row(line: Line) -> Row:
    figures, known = line.figures, rates(line.figures)
    return Row(
        name=line.name,
        cells=[Cell(value=figures[name], url=opened(line.opens, name)) for name in SHOWN],
        rates=[_share(known["closed_rate"]), _share(known["achieved_rate"])],
        bar=[
            (figures["achieved"], "k1"),
            (figures["closed"] - figures["achieved"], "k3"),
            (figures["open"], "k5"),
        ],
    )


def course(found: Figures) -> dict[str, Any]:
    """Return the months of the period as a chart with its table."""
    lines = found.tables["month"]
    series = [
        Series(name=str(cases.FIGURES[name]), values=[line.figures[name] for line in lines])
        for name in ("collected", "closed", "achieved")
    ]
    late = Series(name=str(cases.FIGURES["closed_late"]), values=[line.figures["closed_late"] for line in lines])
    return {"points": [line.key for line in lines], "lines": series, "columns": late, "label": _("Course by month")}


def definitions() -> list[tuple[str, Any, Any]]:
    """Return (id, name, meaning) of every figure and rate."""
    names = {**cases.FIGURES, **{key: name for key, (name, _part, _whole) in wording.RATES.items()}}
    return [(key, names[key], meaning) for key, meaning in wording.DEFINITIONS.items()]


def document(found: Figures) -> dict[str, Any]:
    """Return the figures as plain values for programs; `cases` opens the very cases by REST."""
    return {
        "as_of": answers.local(found.as_of),
        "since": found.period.since,
        "until": found.period.until,
        "region": found.region or None,
        "figures": [
            {
                "id": name,
                "value": value,
                "definition": str(wording.DEFINITIONS[name]),
                "cases": _cases(found.opens, name),
            }
            for name, value in found.total.items()
        ],
        "rates": [
            {"id": name, "value": value, "definition": str(wording.DEFINITIONS[name])}
            for name, value in rates(found.total).items()
        ],
        "by": {
            name: [
                {"key": line.key, "name": line.name, **line.figures, **rates(line.figures)}
                for line in found.tables[name]
            ]
            for name in found.tables
        },
    }


def _cases(opens: dict[str, str], figure: str) -> str:
    """Return the address by REST; there a period ends before its day, and the page's day is included."""
    return f"/api/v1/cases?{urlencode({**rest(opens), 'figure': figure})}"


def rest(opens: dict[str, str]) -> dict[str, str]:
    """Return filters of the page as the REST list takes them: `until` is the day after the last one."""
    return {**opens, "until": rules.day_after(opens["until"])}


def grid(found: Figures) -> list[list[Any]]:
    """Return everything as rows of a sheet: heading first, then the whole, then each table."""
    names = [*cases.FIGURES, *wording.RATES]
    labels = [*cases.FIGURES.values(), *(name for name, _part, _whole in wording.RATES.values())]
    rows: list[list[Any]] = [[_("Divided by"), _("Which"), *map(str, labels)]]

    def add(by: Any, which: str, figures: dict[str, int]) -> None:
        known: dict[str, Any] = {**figures, **rates(figures)}
        rows.append([str(by), which, *(known[name] for name in names)])

    add(_("All"), f"{found.period.since} – {found.period.until}", found.total)
    for name, lines in found.tables.items():
        for line in lines:
            add(wording.DIMENSIONS[name][1], line.name, line.figures)
    return rows
