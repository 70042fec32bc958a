"""The security record as a file for the auditors: attributable, but without names and exact addresses in full."""

import csv
import io
import ipaddress
from collections.abc import Iterable, Iterator
from typing import Any

import xlsxwriter
from django.utils.translation import gettext as _

from bihuan.casework.cases.exports import disarmed
from bihuan.foundation.accounts import selectors
from bihuan.foundation.accounts.models import SecurityEvent
from bihuan.foundation.accounts.permissions import Reader
from bihuan.foundation.directory.permissions import OPERATOR
from bihuan.foundation.ui.masking import MASKS

from .presenters import record as presenters

PAGE = 1_000
MOST_ROWS = 50_000
"""Lines in one file; whoever needs more narrows the days."""


def headings() -> list[str]:
    """Return the heads of the columns."""
    return [
        _("Time"), _("Event"), _("Done"), _("By whom"), _("By whom (id)"), _("About whom"), _("About whom (id)"),
        _("Place"), _("Network"), _("Particulars"),
    ]  # fmt: skip


def rows(*, reader: Reader, narrowed: dict[str, Any]) -> Iterator[list[str]]:
    """Yield the lines the reader may see, newest first, at most MOST_ROWS; read page by page."""
    before, number = None, 0
    while number < MOST_ROWS:
        events = selectors.security_events(reader=reader, **narrowed, before=before, limit=PAGE)
        for event, line in zip(events, presenters.lines(events), strict=True):
            yield _row(event, line)
        if len(events) < PAGE:
            return
        before, number = events[-1].pk, number + len(events)


def _row(event: SecurityEvent, line: presenters.Line) -> list[str]:
    return [
        f"{line.at.astimezone():%Y-%m-%d %H:%M:%S}",
        line.what,
        _("yes") if line.success else _("no"),
        line.who if event.actor_id == OPERATOR else _name(line.who),
        event.actor_id.hex[-12:] if event.actor_id else "",
        _name(line.whom) if event.person_id or event.username else line.whom,
        event.person_id.hex[-12:] if event.person_id else "",
        line.where,
        network(line.address),
        "; ".join(f"{name} {value}" for name, value in line.particulars),
    ]


def _name(name: str) -> str:
    return MASKS["name"](name) if name else ""


def network(address: str) -> str:
    """Return the network of an address: enough to see a pattern, too little to find a person."""
    if not address:
        return ""
    wide = 16 if ipaddress.ip_address(address).version == 4 else 32
    return str(ipaddress.ip_network(f"{address}/{wide}", strict=False))


def write_csv(out: Any, lines: Iterable[list[str]]) -> None:
    """Write CSV in UTF-8 with a byte-order mark, every text disarmed."""
    text = io.TextIOWrapper(out, encoding="utf-8-sig", newline="", write_through=True)
    writer = csv.writer(text)
    writer.writerow(headings())
    writer.writerows([disarmed(value) for value in line] for line in lines)
    text.detach()


def write_xlsx(out: Any, lines: Iterable[list[str]]) -> None:
    """Write a workbook in constant memory, every text as a text."""
    book = xlsxwriter.Workbook(out, {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    sheet = book.add_worksheet(_("Security record"))
    for number, line in enumerate(_with_head(lines)):
        for column, value in enumerate(line):
            sheet.write_string(number, column, value)
    sheet.freeze_panes(1, 0)
    book.close()


def _with_head(lines: Iterable[list[str]]) -> Iterator[list[str]]:
    yield headings()
    yield from lines
