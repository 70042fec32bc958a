"""The section of double hand-overs on the case page."""

import datetime as dt
from typing import Any

from bihuan.casework.cases import panels
from bihuan.casework.cases.models import Case
from bihuan.casework.cases.permissions import Actor
from bihuan.casework.cases.states import OPEN

from . import permissions, selectors, wording

PANEL = "handovers/panel.html"


def fill(case: Case, actor: Actor, now: dt.datetime) -> dict[str, Any] | None:
    """Return the hand-overs of the case, and whether the reader may give it to both sides; None for neither."""
    if not permissions.watches(actor):
        return None
    found = selectors.of_case(case=case, actor=actor, now=now)
    rows = [
        (one, [(wording.SIDES[side.account.side], wording.STATES[side.account.state], side) for side in one.sides])
        for one in found
    ]
    running = any(one.handover.ended_at is None for one in found)
    may = case.state in OPEN and case.lead_department_id is not None and permissions.gives(actor, case) and not running
    return {"rows": rows, "number": case.number, "may_give": may} if rows or may else None


def register() -> None:
    """Put the section on the case page."""
    panels.register(panels.Panel(name="handovers", template=PANEL, fill=fill, place="side", order=38))
