"""The section of instruments on the case page."""

import datetime as dt
from typing import Any

from bihuan.casework.cases import panels
from bihuan.casework.cases.models import Case
from bihuan.casework.cases.permissions import Actor

from . import permissions, selectors, wording

PANEL = "instruments/panel.html"


def fill(case: Case, actor: Actor, now: dt.datetime) -> dict[str, Any] | None:
    """Return the instruments attached to the case, and whether the reader may draft one; None for neither."""
    if not permissions.watches(actor):
        return None
    found = [
        (row, wording.KINDS[row.thing.kind], wording.STATES[row.thing.state])
        for row in selectors.of_case(case=case, actor=actor, now=now)
    ]
    may = bool(permissions.draftable(actor, case.region))
    return {"rows": found, "case": case, "may_draft": may} if found or may else None


def register() -> None:
    """Put the section on the case page."""
    panels.register(panels.Panel(name="instruments", template=PANEL, fill=fill, place="side", order=35))
