"""Published figures as a page and as a document show them."""

import datetime as dt
import hashlib
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from bihuan.casework.cases.rulebook import Channels
from bihuan.foundation.kernel import answers
from bihuan.foundation.rulebooks import selectors as rulebooks
from bihuan.foundation.ui import wording as words
from bihuan.foundation.ui.components import Figure

from . import selectors
from .selectors import Figures, Line


@dataclass(frozen=True, kw_only=True)
class Row:
    """One row of a table as it is read: its name, three cells, and the values that its bar is drawn from."""

    name: str
    cells: tuple[str, str, str]
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


def tiles(found: Figures) -> list[Figure]:
    """Return the five figures, each leading to its definition and from there to its table."""
    on = answers.local_date(found.as_of)
    few = _("too few to say")
    day = selectors.day_length(region=found.region, on=on)
    median = few if found.median is None else words.span(found.median, day_length=day)
    rate = [few if share is None else words.percent(share) for share in (found.closing_rate, found.achieved_rate)]
    return [
        Figure(name=_("Raised"), value=count(found.raised, found.least), url="#raised"),
        Figure(name=_("Closed"), value=count(found.closed, found.least), url="#closed"),
        Figure(name=_("Really done"), value=count(found.achieved, found.least), url="#achieved"),
        Figure(name=_("Closing rate"), value=rate[0], url="#closing-rate"),
        Figure(name=_("Rate of really done"), value=rate[1], url="#achieved-rate"),
        Figure(name=_("Usual working time until the answer"), value=median, url="#median"),
    ]


def tables(found: Figures, *, at: dt.datetime, language: str) -> list[Table]:
    """Return the three tables."""
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
        rows = [_row(line, names, found.least) for line in lines]
        most = max((line.raised or 0 for line in lines), default=0)
        shown.append(Table(ident=f"by-{key}", title=title, head=head, rows=rows, most=most))
    return shown


def _row(line: Line, names: dict[str, str], least: int) -> Row:
    parts: list[tuple[float, str]] = []
    # A bar whose part is hidden would say something false of the rest.
    if line.raised is not None and line.closed is not None and line.achieved is not None:
        parts = [(line.achieved, "k1"), (line.closed - line.achieved, "k3"), (line.raised - line.closed, "k5")]
    cells = tuple(count(value, least) for value in (line.raised, line.closed, line.achieved))
    return Row(name=names.get(line.key, line.key), cells=(cells[0], cells[1], cells[2]), bar=parts)


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
        "closing_rate": found.closing_rate,
        "achieved_rate": found.achieved_rate,
        "median_working_seconds": None if found.median is None else int(found.median.total_seconds()),
        "tables": {
            key: [
                {"key": row.key, "raised": row.raised, "closed": row.closed, "achieved": row.achieved} for row in lines
            ]
            for key, lines in found.tables.items()
        },
    }


def etag(found: Figures, *looks: str) -> str:
    """Return the ETag of a page: the figures, and how this reader sees them."""
    content = answers.dumps([document(found), looks])
    return f'"{hashlib.sha256(content).hexdigest()[:32]}"'
