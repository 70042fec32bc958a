"""Published figures as a page and as a document show them."""

import datetime as dt
import hashlib
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _

from bihuan.casework.cases.rulebook import Channels
from bihuan.foundation.kernel import answers
from bihuan.foundation.rulebooks import selectors as rulebooks
from bihuan.foundation.ui import wording as words
from bihuan.foundation.ui.components import Figure
from bihuan.mechanisms.vault import wording as vault

from . import selectors, wording
from .selectors import Clues, Figures, Line


@dataclass(frozen=True, kw_only=True)
class Row:
    """One row of a table as it is read: its name, three cells (text, address or nothing), and the values of its bar."""

    name: str
    cells: tuple[tuple[str, str], ...]
    bar: list[tuple[float, str]]


@dataclass(frozen=True, kw_only=True)
class Table:
    """One table with its anchor and heading; `most` fills the bar."""

    ident: str
    title: str
    head: str
    rows: list[Row]
    most: int


def count(value: int | None, least: int) -> str:
    """Write a count; what is too small as <10."""
    return f"<{least}" if value is None else f"{value}"


COUNTED = ("collected", "closed", "achieved")
"""The figures of a table in the order of its columns, as the register knows them."""


def behind(found: Figures, figure: str, **more: str) -> str:
    """Return the address of the very cases that a figure counts, for readers who may see them."""
    last = (found.as_of - dt.timedelta(seconds=1)).date()
    wanted = {"region": found.region, "figure": figure, "since": found.first.isoformat(), "until": last.isoformat()}
    return reverse("cases:register") + "?" + urlencode(wanted | more)


def tiles(found: Figures, *, inside: bool) -> list[Figure]:
    """Return the figures, each leading to its definition; with `inside`, counts lead to the cases behind them."""
    on = answers.local_date(found.as_of)
    few = _("too few to say")
    day = selectors.day_length(region=found.region, on=on)
    median = few if found.median is None else words.worked(found.median, day_length=day)
    rate = [few if share is None else words.percent(share) for share in (found.closed_rate, found.achieved_rate)]
    named = [
        (_("Raised"), found.raised, "#raised"),
        (_("Closed"), found.closed, "#closed"),
        (_("Really done"), found.achieved, "#achieved"),
    ]
    counted = [
        Figure(name=name, value=count(value, found.least), url=behind(found, figure) if inside else meaning)
        for (name, value, meaning), figure in zip(named, COUNTED, strict=True)
    ]
    return [
        *counted,
        Figure(name=_("Closing rate"), value=rate[0], url="#closing-rate"),
        Figure(name=_("Rate of really done"), value=rate[1], url="#achieved-rate"),
        Figure(name=_("Usual working time until the answer"), value=median, url="#median"),
    ]


def heard(found: Figures) -> list[tuple[Any, str, Any]]:
    """Return what became of ratings and callbacks: name, count, definition."""
    return [(name, count(found.heard.get(key), found.least), meaning) for key, (name, meaning) in wording.HEARD.items()]


def tables(found: Figures, *, at: dt.datetime, language: str, inside: bool) -> list[Table]:
    """Return the three tables; with `inside`, each number leads to the cases behind it."""
    book = rulebooks.in_force(found.region, at).section(Channels).root
    channels = {row.id: row.name.in_language(language) for row in book}
    boards = selectors.board_names(region=found.region, on=answers.local_date(at))
    named: list[tuple[str, str, str, dict[str, str]]] = [
        ("month", _("By month"), _("Month raised"), {}),
        ("channel", _("By channel"), _("Channel"), channels),
        ("board", _("By board"), _("Board"), boards | {"": _("No board yet")}),
    ]
    shown = []
    for key, title, head, names in named:
        lines = found.tables[key]
        rows = [_row(line, names, found, key if inside else "") for line in lines]
        most = max((line.raised or 0 for line in lines), default=0)
        shown.append(Table(ident=f"by-{key}", title=title, head=head, rows=rows, most=most))
    return shown


def _row(line: Line, names: dict[str, str], found: Figures, by: str) -> Row:
    parts: list[tuple[float, str]] = []
    # A bar whose part is hidden would say something false of the rest.
    if line.raised is not None and line.closed is not None and line.achieved is not None:
        parts = [(line.achieved, "k1"), (line.closed - line.achieved, "k3"), (line.raised - line.closed, "k5")]
    counts = (line.raised, line.closed, line.achieved)
    cells = tuple(
        (count(value, found.least), behind(found, figure, **_narrowing(found, by, line.key)) if by and value else "")
        for value, figure in zip(counts, COUNTED, strict=True)
    )
    return Row(name=names.get(line.key, line.key), cells=cells, bar=parts)


def _narrowing(found: Figures, by: str, key: str) -> dict[str, str]:
    """Return what narrows the register to one row of a table."""
    if by != "month":
        return {by: key or "-"}
    first = dt.date.fromisoformat(f"{key}-01")
    last = (first + dt.timedelta(days=31)).replace(day=1) - dt.timedelta(days=1)
    return {"since": first.isoformat(), "until": min(last, (found.as_of - dt.timedelta(seconds=1)).date()).isoformat()}


def document(found: Figures) -> dict[str, Any]:
    """Return the figures as plain values for programs; null stands for fewer than `least`."""
    return {
        "region": found.region,
        "first": found.first,
        "as_of": found.as_of,
        "least": found.least,
        "raised": found.raised,
        "closed": found.closed,
        "achieved": found.achieved,
        "no_response": found.silent,
        "closed_rate": found.closed_rate,
        "achieved_rate": found.achieved_rate,
        "heard": dict(found.heard),
        "median_working_seconds": None if found.median is None else int(found.median.total_seconds()),
        "tables": {
            key: [
                {"key": row.key, "raised": row.raised, "closed": row.closed, "achieved": row.achieved} for row in lines
            ]
            for key, lines in found.tables.items()
        },
    }


def clues(found: Clues) -> list[tuple[Any, list[tuple[Any, str]]]]:
    """Return (heading, rows of name and count) of the published counts of clues."""
    return [
        (_("How they stand"), [(vault.STAGES[name], count(number, found.least)) for name, number in found.stages]),
        (_("The four forms"), [(vault.FORMS[name], count(number, found.least)) for name, number in found.forms]),
    ]


def etag(found: Figures, *looks: str) -> str:
    """Return the ETag of a page: the figures, and how this reader sees them."""
    content = answers.dumps([document(found), looks])
    return f'"{hashlib.sha256(content).hexdigest()[:32]}"'
