"""What pages of conduct lists show."""

import datetime as dt
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _

from bihuan.foundation.directory import selectors as directory

from . import wording
from .models import Examination, Sheet
from .states import SIDES


def sides(sheet: Sheet) -> list[tuple[str, Any, list[tuple[dict[str, str], str]]]]:
    """Return (side, its name, entries with the address at which a breach is reported, or none)."""
    found = []
    for side in SIDES:
        rows = [
            (one, _breach(sheet, one) if side == "negative" and sheet.kind == "contact" else "")
            for one in sheet.entries
            if one["side"] == side
        ]
        if rows:
            found.append((side, wording.SIDES[side], rows))
    return found


def _breach(sheet: Sheet, entry: dict[str, str]) -> str:
    facts = {"title": sheet.title, "version": sheet.version, "id": entry["id"], "text": entry["text"]}
    about = _("“%(title)s”, version %(version)s, %(id)s: %(text)s") % facts
    return f"{reverse('vault:report', args=[sheet.region])}?{urlencode({'about': about[:300]})}"


def card(sheet: Sheet, on: dt.date) -> dict[str, Any]:
    """Return what shows one version: its names, sides, place, and whether it is in force."""
    place = directory.region(sheet.region)
    return {
        "sheet": sheet,
        "kind": wording.KINDS[sheet.kind],
        "state": wording.STATES[sheet.state],
        "place": place.name if place else sheet.region,
        "sides": sides(sheet),
        "coming": sheet.state == "published" and sheet.effective_on > on,
    }


def lines(sheet: Sheet) -> dict[str, str]:
    """Return the entries as a form shows them: one text a side, one entry a line."""
    return {side: "\n".join(one["text"] for one in sheet.entries if one["side"] == side) for side in SIDES}


def results(found: Examination) -> list[tuple[dict[str, str], Any]]:
    """Return each entry with how it stands at the enterprise."""
    return [(one, wording.RESULTS[found.results.get(one["id"], "open")]) for one in found.sheet.entries]
