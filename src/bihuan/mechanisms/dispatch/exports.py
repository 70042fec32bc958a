"""The catalogue as a spreadsheet: what leaves can be changed and read again."""

import csv
import io

from bihuan.casework.cases.exports import disarmed

from . import selectors
from .rules.catalogue import COLUMNS


def catalogue(found: selectors.catalogue.Catalogue) -> bytes:
    """Return an edition as CSV in UTF-8 with its mark, with the headings that the import knows."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow([names[1] for names in COLUMNS.values()])
    for one in found.matters:
        entry = one.entry
        cells = {
            "matter": entry.matter,
            "words": "、".join(entry.words),
            "category": entry.category,
            "board": entry.board,
            "tier": entry.tier,
            "level": entry.level,
            "lead": one.lead.name,
            "co": "、".join(unit.name for unit in one.co),
            "barred": "、".join(unit.name for unit in one.barred),
            "basis": entry.basis,
        }
        writer.writerow([disarmed(cells[field]) for field in COLUMNS])
    return ("\ufeff" + out.getvalue()).encode()
