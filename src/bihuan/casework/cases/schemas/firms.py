"""The page of one enterprise in the REST API."""

from collections.abc import Sequence
from typing import Any

from ninja import Schema

from bihuan.foundation.directory.models import Enterprise

from ..panels import FirmEntry, FirmSection


class FirmLedgerOut(Schema):
    """一企一策: sections, each with its lines {at, what, state, note, url}; only what the caller may see."""

    uscc: str
    name: str
    sections: list[dict[str, Any]]


def ledger(firm: Enterprise, found: Sequence[tuple[FirmSection, Sequence[FirmEntry]]]) -> dict[str, Any]:
    """Return the page of an enterprise ready for JSON."""
    return {
        "uscc": firm.uscc,
        "name": firm.name,
        "sections": [
            {
                "name": section.name,
                "title": str(section.title),
                "entries": [
                    {
                        "at": one.at.isoformat() if one.at else None,
                        "what": one.what,
                        "state": str(one.state),
                        "note": str(one.note),
                        "url": one.url,
                    }
                    for one in entries
                ],
            }
            for section, entries in found
        ],
    }
